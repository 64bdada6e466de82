"""Pictures: metadata taken out without touching the picture, and bounded previews made anew."""

import io
import threading
from collections.abc import Iterator

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 64_000_000
# What a decoder may hold; with the file and the preview a picture takes less than 150 MB. A colour PNG needs four bytes
# a pixel, a JPEG in several scans three to six.
MAX_BYTES = 120_000_000
PREVIEW_BOUND = 1600
# Rows of a large picture that are copied at a time.
STRIP = 16
ORIENTATION = 0x0112
# Bytes that Pillow keeps of a pixel; four of every other mode.
PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}

JPEG_START = b"\xff\xd8"
EOI, SOS, TEM = 0xD9, 0xDA, 0x01
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
RESTARTS = range(0xD0, 0xD8)
APP0, APP2, APP14, APP15, COM = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


class UnreadableImageError(Exception):
    """The content is not a whole JPEG or PNG picture."""


class TooManyPixelsError(Exception):
    """The picture would need too much memory to open."""


# One at a time: a picture may be large, and several that are opened at once must not add up.
_decoding = threading.Lock()


def open_image(content: bytes) -> Image.Image:
    """Open without decoding; raise before a small file can unfold into a huge picture."""
    try:
        image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError from error
    try:
        is_too_large = image.width * image.height > MAX_PIXELS or _bytes_to_decode(image, content) > MAX_BYTES
    except (ArithmeticError, LookupError, ValueError) as error:
        # Headers that contradict themselves.
        raise UnreadableImageError from error
    if is_too_large:
        raise TooManyPixelsError
    return image


def _bytes_to_decode(image: Image.Image, content: bytes) -> int:
    """What the decoder holds at once: a PNG whole; a JPEG at reduced size, unless it comes in several scans."""
    pixels = image.width * image.height
    if image.format == "PNG":
        return pixels * PIXEL_BYTES.get(image.mode, 4)
    samplings: list[tuple[int, int]] = [layer[1:3] for layer in image.layer]  # type: ignore[attr-defined]
    if not _comes_in_scans(content, len(samplings)):
        return 0
    most = max(wide for wide, _high in samplings) * max(high for _wide, high in samplings)
    # Two bytes for every coefficient of every component.
    return 2 * pixels * sum(wide * high for wide, high in samplings) // most


def _comes_in_scans(content: bytes, components: int) -> bool:
    """Whether the picture is whole only after several scans: progressive, or one component after the other."""
    for marker, start, _end, _following in _segments(content):
        if marker in PROGRESSIVE:
            return True
        if marker == SOS:
            return content[start + 4] < components
    return False


def _draft(image: Image.Image, bound: int) -> None:
    """Let the JPEG decoder make the picture smaller, by the measure of its longer side."""
    longest = max(image.size)
    image.draft("RGB", (max(1, image.width * bound // longest), max(1, image.height * bound // longest)))


def verify_image(content: bytes) -> None:
    """Decode the whole picture at reduced size, so that a damaged upload is refused while the person is there."""
    image = open_image(content)
    try:
        with _decoding:
            _draft(image, PREVIEW_BOUND)
            image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError from error


def _flat(image: Image.Image) -> Image.Image:
    """RGB, transparency on white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    if image.mode.startswith("I"):
        # Sixteen bits of grey; a plain conversion would cut everything above the lowest eight to white.
        return image.point(lambda grey: grey * (1 / 256)).convert("L").convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _small(image: Image.Image, bound: int) -> Image.Image:
    """RGB of less than twice the bound a side; copied strip by strip, for a copy would take the memory once more."""
    factor = max(1, max(image.size) // bound)
    if factor == 1:
        return _flat(image)
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        small.paste(_flat(strip).reduce(factor), (0, top // factor))
    return small


def encode_jpeg(image: Image.Image, bound: int = PREVIEW_BOUND) -> bytes:
    """A plain RGB JPEG of at most ``bound`` pixels a side, transparency on white, no metadata."""
    image = _small(image, bound)
    image.thumbnail((bound, bound))
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue()


def preview_image(content: bytes, bound: int = PREVIEW_BOUND) -> bytes:
    """JPEG bytes of the picture the right way up; made anew, so that nothing hidden in the upload is served."""
    try:
        with _decoding:
            small = _decode_small(content, bound)
        return encode_jpeg(ImageOps.exif_transpose(small), bound)
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError from error


def _decode_small(content: bytes, bound: int) -> Image.Image:
    """Small before it is turned: turning a copy of the whole picture would take its memory twice."""
    image = open_image(content)
    _draft(image, bound)
    image.load()
    small = _small(image, bound)
    small.getexif()[ORIENTATION] = image.getexif().get(ORIENTATION, 1)
    return small


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
    yield JPEG_START
    yield _orientation_segment(content)
    for marker, start, end, following in _segments(content):
        if _is_needed(marker, content[start + 4 : end]):
            yield content[start:following]
    yield b"\xff\xd9"


def _segments(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(marker, start, end, start of the next) to the end of the first picture; what cameras append is left out.

    The compressed data of a scan stand between its end and the start of the next segment.
    """
    position = len(JPEG_START)
    while position + 4 <= len(content):
        marker = content[position + 1]
        if content[position] != 0xFF:
            raise UnreadableImageError
        if marker in {0xFF, TEM}:
            position += 1 + (marker == TEM)
            continue
        if marker == EOI:
            return
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4])
        following = _end_of_scan(content, end) if marker == SOS else end
        yield marker, position, end, following
        position = following


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
