"""The photo of a person: turned upright, cut to the shape of the form, with nothing in it but the picture."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageStat

from workflow.filetypes import DAMAGED, check_upload
from workflow.images import ORIENTATION, UnreadableImageError, encode_jpeg, open_image, preview_image

PHOTO_KINDS = ("jpg", "png")
# Values of the orientation flag that lay the picture on its side.
SIDEWAYS = range(5, 9)
# 一寸, as photo studios and other portals of talent cards have it.
SIZE = (358, 441)
# What is cut out must have so many pixels: less looks blurred in print.
SMALLEST = (200, 246)
# A larger picture is made so small before it is cut, whatever part of it is asked for.
MOST = 3000
# Above this (of 255) a background is called white; below it light grey and blue begin.
WHITE = 215
SMALLEST_PART, WHOLE, MIDDLE = 20, 100, 50


@dataclass(frozen=True, slots=True)
class Crop:
    """What is cut out, in percent: ``size`` of the largest possible part, ``left`` and ``top`` of the room left."""

    size: int = WHOLE
    left: int = MIDDLE
    top: int = MIDDLE

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) in pixels of a picture of that size."""
        scale = min(width / SIZE[0], height / SIZE[1]) * self.size / WHOLE
        wide, high = min(width, round(SIZE[0] * scale)), min(height, round(SIZE[1] * scale))
        left = round((width - wide) * self.left / WHOLE)
        top = round((height - high) * self.top / WHOLE)
        return left, top, left + wide, top + high


def prepare_portrait(upload: File[bytes], crop: Crop | None = None) -> ContentFile[bytes]:
    """An upright JPEG of 358 × 441 pixels. Raises ValidationError that says how to mend what is wrong."""
    checked = check_upload(upload, PHOTO_KINDS)
    crop = crop or Crop()
    upload.seek(0)
    content = upload.read()
    try:
        size = upright_size(content)
        _check_part(*size, crop)
        picture = _cut(preview_image(content, _bound(*size, crop)), crop)
    except (UnreadableImageError, OSError, SyntaxError, ArithmeticError) as error:
        # Pillow raises the latter where not the pixels but what is said of them is broken.
        raise ValidationError(DAMAGED, "damaged") from error
    return ContentFile(picture, name=f"{checked.name.rpartition('.')[0]}.jpg")


def upright_size(content: bytes) -> tuple[int, int]:
    """(width, height) in pixels as people see it. Raises UnreadableImageError."""
    image = open_image(content)
    try:
        is_sideways = image.getexif().get(ORIENTATION, 1) in SIDEWAYS
    except ValueError as error:
        raise UnreadableImageError from error
    return (image.height, image.width) if is_sideways else (image.width, image.height)


def _check_part(width: int, height: int, crop: Crop) -> None:
    left, top, right, bottom = crop.box(width, height)
    if right - left >= SMALLEST[0] and bottom - top >= SMALLEST[1]:
        return
    message = _(
        "What would be cut out of the photo has only %(width)s × %(height)s pixels and would be blurred in print. "
        "Choose a larger part, or a photo with at least %(least_width)s × %(least_height)s pixels."
    )
    least = {"least_width": SMALLEST[0], "least_height": SMALLEST[1]}
    raise ValidationError(message, "small", {"width": right - left, "height": bottom - top} | least)


def _bound(width: int, height: int, crop: Crop) -> int:
    """The longer side at which the part still has all the pixels that are kept."""
    left, _top, right, _bottom = crop.box(width, height)
    return min(MOST, math.ceil(max(width, height) * SIZE[0] / (right - left)))


def _cut(picture: bytes, crop: Crop) -> bytes:
    image = Image.open(io.BytesIO(picture))
    part = image.crop(crop.box(*image.size)).resize(SIZE, Image.Resampling.LANCZOS)
    return encode_jpeg(part, max(SIZE))


def looks_white(picture: bytes) -> bool:
    """Whether the upper corners of a portrait, where no shoulders are, are white; a doubt and never a refusal."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    width, height = image.size
    corners = [(0, 0, width // 8, height // 4), (width - width // 8, 0, width, height // 4)]
    return all(min(ImageStat.Stat(image.crop(corner)).mean) >= WHITE for corner in corners)
