"""What people really upload: a big phone photo lying on its side, a scan as PDF, a screenshot."""

import io
import os
from functools import cache

from PIL import Image, ImageDraw

ORIENTATION = 0x0112
ON_ITS_SIDE = 6


def _noise(width: int, height: int) -> Image.Image:
    """Like the grain of a photo, nothing in it can be compressed."""
    return Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))


@cache
def phone_photo() -> bytes:
    """About 8 MB, held upright: the picture lies on its side and a flag says so."""
    image = _noise(3500, 2600)
    ImageDraw.Draw(image).rectangle((300, 300, 3200, 2300), outline="white", width=40)
    exif = image.getexif()
    exif[ORIENTATION] = ON_ITS_SIDE
    target = io.BytesIO()
    image.save(target, "JPEG", quality=91, exif=exif)
    content = target.getvalue()
    assert 7_000_000 < len(content) < 9_500_000, len(content)
    return content


@cache
def scanned_pdf() -> bytes:
    """Two pages that are nothing but pictures."""
    pages = [Image.new("L", (1240, 1754), 245) for _page in range(2)]
    for page in pages:
        ImageDraw.Draw(page).rectangle((150, 200, 1090, 1500), outline=90, width=3)
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return target.getvalue()


@cache
def screenshot() -> bytes:
    image = Image.new("RGBA", (1170, 2532), (255, 255, 255, 255))
    ImageDraw.Draw(image).rectangle((0, 0, 1170, 180), fill=(11, 92, 171, 255))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def photo(name: str = "IMG_20261120_101500.jpg") -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": phone_photo()}


def scan(name: str = "扫描件 2026-11-20.pdf") -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": scanned_pdf()}


def screen(name: str = "屏幕截图 2026-11-20.png") -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": screenshot()}
