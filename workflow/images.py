"""Pictures: metadata taken out without touching the picture, and bounded previews made anew."""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 64_000_000
# A PNG is decoded whole, a JPEG at reduced size. Four bytes a pixel make 160 MB; A4 at 600 dpi has 35 million.
MAX_PIXELS_WHOLE = 40_000_000
PREVIEW_BOUND = 1600
ORIENTATION = 0x0112

JPEG_START = b"\xff\xd8"
EOI, SOS, TEM = 0xD9, 0xDA, 0x01
RESTARTS = range(0xD0, 0xD8)
APP0, APP2, APP14, APP15, COM = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


class UnreadableImageError(Exception):
    """The content is not a whole JPEG or PNG picture."""


class TooManyPixelsError(Exception):
    """The picture would need too much memory to open."""


def open_image(content: bytes) -> Image.Image:
    """Open without decoding; raise before a small file can unfold into a huge picture."""
    try:
        image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError from error
    if image.width * image.height > (MAX_PIXELS if image.format == "JPEG" else MAX_PIXELS_WHOLE):
        raise TooManyPixelsError
    return image


def verify_image(content: bytes) -> None:
    """Decode the whole picture at reduced size, so that a damaged upload is refused while the person is there."""
    image = open_image(content)
    try:
        image.draft("RGB", (PREVIEW_BOUND, PREVIEW_BOUND))
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError from error


def encode_jpeg(image: Image.Image, bound: int = PREVIEW_BOUND) -> bytes:
    """A plain RGB JPEG of at most ``bound`` pixels a side, transparency on white, no metadata."""
    image.thumbnail((bound, bound))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue()


def preview_image(content: bytes, bound: int = PREVIEW_BOUND) -> bytes:
    """JPEG bytes of the picture the right way up; made anew, so that nothing hidden in the upload is served."""
    image = open_image(content)
    try:
        image.draft("RGB", (bound, bound))
        # Made small first: turning a copy of the whole picture would take its memory twice.
        image.thumbnail((bound, bound))
        return encode_jpeg(ImageOps.exif_transpose(image), bound)
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError from error


def strip_metadata(content: bytes) -> bytes:
    """The same picture without place, camera, author or comments; only its orientation and colours stay."""
    if content.startswith(JPEG_START):
        return b"".join(_clean_jpeg(content))
    if content.startswith(PNG_START):
        return PNG_START + b"".join(_clean_png(content))
    raise UnreadableImageError


def _orientation_segment(content: bytes) -> bytes:
    orientation = open_image(content).getexif().get(ORIENTATION, 1)
    if orientation not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    payload = exif.tobytes()
    return b"\xff\xe1" + (len(payload) + 2).to_bytes(2) + payload


def _is_needed(marker: int, payload: bytes) -> bool:
    """Application segments carry metadata, except JFIF, Adobe's colour transform and the colour profile."""
    if APP0 <= marker <= APP15:
        return marker in {APP0, APP14} or (marker == APP2 and payload.startswith(b"ICC_PROFILE\0"))
    return marker != COM


def _clean_jpeg(content: bytes) -> Iterator[bytes]:
    """Walk the segments to the end of the first picture; what cameras append after it is dropped."""
    yield JPEG_START
    yield _orientation_segment(content)
    position = len(JPEG_START)
    while position + 4 <= len(content):
        marker = content[position + 1]
        if content[position] != 0xFF:
            raise UnreadableImageError
        if marker in {0xFF, TEM}:
            position += 1 + (marker == TEM)
            continue
        if marker == EOI:
            break
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4])
        if _is_needed(marker, content[position + 4 : end]):
            yield content[position:end]
        position = end
        if marker == SOS:
            end = _end_of_scan(content, position)
            yield content[position:end]
            position = end
    yield b"\xff\xd9"


def _end_of_scan(content: bytes, position: int) -> int:
    """In compressed data FF is followed by 00 or a restart marker; anything else begins the next segment."""
    while (position := content.find(b"\xff", position)) >= 0:
        follower = content[position + 1 : position + 2]
        if follower and follower[0] not in {0x00, *RESTARTS}:
            return position
        position += 2
    return len(content)


def _clean_png(content: bytes) -> Iterator[bytes]:
    position = len(PNG_START)
    while position + 12 <= len(content):
        kind = content[position + 4 : position + 8]
        end = position + 12 + int.from_bytes(content[position : position + 4])
        if kind not in PNG_METADATA:
            yield content[position:end]
        if kind == b"IEND":
            return
        position = end
    raise UnreadableImageError
