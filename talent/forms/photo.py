from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from talent.portraits import MIDDLE, PHOTO_KINDS, SMALLEST_PART, WHOLE, Crop, looks_white, prepare_portrait
from workflow.office_forms import UploadField


class SlideField(forms.IntegerField):
    """A part of a hundred on a slide, which arrow keys move; nothing sent is the preset."""

    def __init__(self, *, preset: int, least: int = 0, **kwargs: Any) -> None:
        self.preset = preset
        widget = forms.NumberInput(attrs={"type": "range", "min": least, "max": WHOLE, "class": "form-range"})
        super().__init__(min_value=least, max_value=WHOLE, required=False, initial=preset, widget=widget, **kwargs)

    def clean(self, value: Any) -> int:
        number = super().clean(value)
        return self.preset if number is None else int(number)


class PhotoForm(forms.Form):
    """``cleaned_data["photo"]`` is the picture as it is kept: upright, cut to its shape, without metadata."""

    # Its background may not be white.
    is_doubtful = False

    photo = UploadField(
        label=_("Photo"),
        kinds=PHOTO_KINDS,
        error_messages={"required": _("Select a photo first.")},
        help_text=_(
            "A recent portrait of head and shoulders before a white background, JPG or PNG, at most 10 MB. "
            "It is cut to 358 × 441 pixels (one inch)."
        ),
    )
    size = SlideField(label=_("Size of the part that is kept"), preset=WHOLE, least=SMALLEST_PART)
    left = SlideField(label=_("Part from left to right"), preset=MIDDLE)
    top = SlideField(label=_("Part from top to bottom"), preset=MIDDLE)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            crop = Crop(cleaned["size"], cleaned["left"], cleaned["top"])
            try:
                cleaned["photo"] = photo = prepare_portrait(cleaned["photo"], crop)
            except ValidationError as error:
                self.add_error("photo", error)
            else:
                self.is_doubtful = not looks_white(photo.read())
                photo.seek(0)
        return cleaned
