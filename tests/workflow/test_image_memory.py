"""How much memory a picture may take: measured in a process of its own, for the worst that is accepted."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.workflow import files
from workflow.images import TooManyPixelsError, preview_image, verify_image

MEGABYTES = 150

MEASURE = """
import sys
from PIL import JpegImagePlugin, PngImagePlugin
from workflow import images

def peak():
    # Of this program: getrusage would tell the peak of the parent that it was forked from.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

before = peak()
with open(sys.argv[1], "rb") as file:
    getattr(images, sys.argv[2])(file.read())
print((peak() - before) // 1024)
"""


def colour_png(width: int, height: int) -> bytes:
    """Transparent black, written row by row: the picture itself is never in the memory of the test."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer, row = zlib.compressobj(1), bytes(1 + 4 * width)
    packed = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def photo(width: int, height: int, **options: object) -> bytes:
    return files.saved(Image.new("RGB", (width, height), "gray"), "JPEG", **options)


LARGEST = {
    "colour PNG": lambda: colour_png(5_400, 5_500),
    "photo": lambda: photo(8_000, 8_000),
    "panorama": lambda: photo(60_000, 1_000),
    "progressive photo": lambda: photo(5_400, 3_690, progressive=True, subsampling=0),
}


@pytest.mark.parametrize("use", ["preview_image", "verify_image"])
@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_picture_takes_bounded_memory(tmp_path: Path, root: Path, kind: str, use: str) -> None:
    path = tmp_path / "picture"
    path.write_bytes(LARGEST[kind]())

    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), use], cwd=root, capture_output=True, text=True, check=True
    )

    assert int(measured.stdout) < MEGABYTES


@pytest.mark.parametrize("use", [preview_image, verify_image])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: colour_png(6_000, 5_500), id="colour PNG"),
        pytest.param(lambda: photo(6_000, 4_000, progressive=True, subsampling=0), id="progressive photo"),
        pytest.param(lambda: one_component_after_the_other(photo(6_000, 4_000, subsampling=0)), id="three scans"),
    ],
)
def test_a_picture_that_would_take_more_is_refused_unopened(use: object, content: object) -> None:
    with pytest.raises(TooManyPixelsError):
        use(content())


def one_component_after_the_other(content: bytes) -> bytes:
    """As far as its first scan, which announces one component where the picture has three."""
    start = content.index(b"\xff\xda")
    return content[:start] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + content[start + 14 :]


def test_transparency_is_white_in_every_strip_of_a_large_picture() -> None:
    preview = Image.open(io.BytesIO(preview_image(colour_png(1_000, 4_801))))

    assert preview.size == (334, 1_600)
    assert preview.getextrema() == ((255, 255), (255, 255), (255, 255))
