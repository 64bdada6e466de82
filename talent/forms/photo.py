from __future__ import annotations

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from talent.portraits import PHOTO_KINDS, prepare_portrait
from workflow.office_forms import UploadField


class PhotoForm(forms.Form):
    """``cleaned_data["photo"]`` is the picture as it is kept: upright, small, without metadata."""

    photo = UploadField(
        label=_("Photo"),
        kinds=PHOTO_KINDS,
        error_messages={"required": _("Select a photo first.")},
        help_text=_(
            "A recent portrait of head and shoulders, JPG or PNG, at most 10 MB, at least 200 × 280 pixels. "
            "It is printed 25 × 35 mm."
        ),
    )

    def clean_photo(self) -> File[bytes]:
        return prepare_portrait(self.cleaned_data["photo"])
