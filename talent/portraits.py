"""The photo of a person: turned upright, made small enough to print, with nothing in it but the picture."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from workflow.filetypes import DAMAGED, check_upload
from workflow.images import ORIENTATION, UnreadableImageError, open_image, preview_image

PHOTO_KINDS = ("jpg", "png")
# Values of the orientation flag that lay the picture on its side.
SIDEWAYS = range(5, 9)
# The box of a form is 25 × 35 mm: less than 200 dots per inch look blurred, more than 450 nobody sees.
SMALLEST = (200, 280)
BOUND = 640


def prepare_portrait(upload: File[bytes]) -> ContentFile[bytes]:
    """An upright JPEG of it. Raises ValidationError that says how to mend what is wrong."""
    checked = check_upload(upload, PHOTO_KINDS)
    upload.seek(0)
    content = upload.read()
    try:
        size = upright_size(content)
        picture = preview_image(content, BOUND)
    except (UnreadableImageError, OSError, SyntaxError, ValueError) as error:
        # Pillow raises the latter where not the pixels but what is said of them is broken.
        raise ValidationError(DAMAGED, "damaged") from error
    _check_shape(*size)
    return ContentFile(picture, name=f"{checked.name.rpartition('.')[0]}.jpg")


def upright_size(content: bytes) -> tuple[int, int]:
    """(width, height) in pixels as people see it."""
    image = open_image(content)
    is_sideways = image.getexif().get(ORIENTATION, 1) in SIDEWAYS
    return (image.height, image.width) if is_sideways else (image.width, image.height)


def _check_shape(width: int, height: int) -> None:
    if width > height:
        message = _(
            "The photo is wider than it is high (%(width)s × %(height)s pixels). "
            "Turn or crop it to a portrait of head and shoulders, then select it."
        )
        raise ValidationError(message, "shape", {"width": width, "height": height})
    if width < SMALLEST[0] or height < SMALLEST[1]:
        message = _(
            "The photo has only %(width)s × %(height)s pixels and would be blurred in print. "
            "Select one with at least %(least_width)s × %(least_height)s pixels."
        )
        least = {"least_width": SMALLEST[0], "least_height": SMALLEST[1]}
        raise ValidationError(message, "small", {"width": width, "height": height} | least)
