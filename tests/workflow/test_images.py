import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tests.workflow.files import jpeg, picture, png, saved
from workflow.images import (
    ORIENTATION,
    TooManyPixelsError,
    UnreadableImageError,
    preview_image,
    strip_metadata,
    verify_image,
)

ARTIST = 0x013B


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags[ARTIST] = "ZHANG SAN"
    return tags


def reopened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 200 and pixel[2] < 60


def huge_png(side: int) -> bytes:
    """A picture of a few bytes that claims side × side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def test_strip_metadata_keeps_the_picture_and_its_orientation_only():
    content = jpeg(exif=exif(6), comment=b"taken at home", icc_profile=b"profile" * 30)

    stripped = strip_metadata(content)

    assert b"ZHANG SAN" in content
    assert b"ZHANG SAN" not in stripped
    assert b"taken at home" not in stripped
    assert dict(reopened(stripped).getexif()) == {ORIENTATION: 6}
    assert reopened(stripped).info["icc_profile"] == b"profile" * 30
    assert reopened(stripped).tobytes() == reopened(content).tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_strip_metadata_drops_what_cameras_append(progressive):
    content = jpeg(progressive=progressive) + jpeg(exif=exif(1))

    stripped = strip_metadata(content)

    assert b"ZHANG SAN" not in stripped
    assert reopened(stripped).tobytes() == reopened(content).tobytes()


def test_strip_metadata_of_png_drops_text():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "ZHANG SAN")
    content = png(pnginfo=text, exif=exif(1))

    stripped = strip_metadata(content)

    assert b"ZHANG SAN" in content
    assert b"ZHANG SAN" not in stripped
    assert reopened(stripped).tobytes() == reopened(content).tobytes()


@pytest.mark.parametrize("content", [b"", b"GIF89a", png()[:60], jpeg()[:-400], jpeg()[:2] + b"\xff\xda\x00\x02"])
def test_broken_pictures_are_refused(content):
    with pytest.raises(UnreadableImageError):
        verify_image(content)
    with pytest.raises(UnreadableImageError):
        preview_image(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_either_a_picture_or_refused(tail):
    for start in (jpeg()[:200], png()[:50]):
        with pytest.raises(UnreadableImageError):
            verify_image(start + tail)


@pytest.mark.parametrize("side", [8_100, 20_000])
def test_a_small_file_of_a_huge_picture_is_refused_unopened(side):
    with pytest.raises(TooManyPixelsError):
        verify_image(huge_png(side))


def test_a_png_may_have_fewer_pixels_than_a_photo():
    side = 7_000
    drawn = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    head = struct.pack(">I", len(drawn)) + b"IHDR" + drawn + struct.pack(">I", zlib.crc32(b"IHDR" + drawn))
    content = b"\x89PNG\r\n\x1a\n" + head + png()[33:]

    with pytest.raises(TooManyPixelsError):
        verify_image(content)


def test_preview_stands_upright_and_carries_nothing():
    preview = reopened(preview_image(jpeg(exif=exif(6))))

    assert preview.format == "JPEG"
    assert preview.size == (80, 120)
    assert is_red(preview.getpixel((40, 10)))
    assert not is_red(preview.getpixel((40, 110)))
    assert not dict(preview.getexif())
    assert b"ZHANG" not in preview_image(jpeg(exif=exif(6)))


def test_preview_is_bounded_and_never_enlarged():
    assert reopened(preview_image(saved(picture(4000, 1000), "JPEG"))).size == (1600, 400)
    assert reopened(preview_image(png())).size == (120, 80)
    assert reopened(preview_image(png(), bound=60)).size == (60, 40)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
def test_preview_of_every_kind_of_colour(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    content = saved(picture().convert("RGB").convert(mode), kind)

    assert reopened(preview_image(content)).mode == "RGB"


def test_transparency_becomes_white():
    content = saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")

    assert reopened(preview_image(content)).getpixel((10, 10)) == (255, 255, 255)


def test_sixteen_bits_of_grey_stay_grey():
    shades = Image.linear_gradient("L").convert("I").point(lambda shade: shade * 257).convert("I;16")

    preview = reopened(preview_image(saved(shades, "PNG")))

    assert [abs(preview.getpixel((128, y))[0] - y) < 4 for y in (10, 128, 245)] == [True] * 3
