"""The picture code of public forms; each picture counts once, right or wrong."""

from __future__ import annotations

from typing import Any

from captcha.fields import CaptchaField, CaptchaTextInput
from django.utils.translation import gettext_lazy as _


class PictureCodeInput(CaptchaTextInput):  # type: ignore[misc]
    template_name = "workflow/_captcha.html"


class PictureCodeField(CaptchaField):  # type: ignore[misc]
    def __init__(self, **kwargs: Any) -> None:
        wrong = _("The letters do not match the picture. A new picture is shown: copy its letters.")
        kwargs = {
            "label": _("Picture code"),
            "widget": PictureCodeInput(),
            "error_messages": {"invalid": wrong, "required": _("Copy the letters of the picture.")},
        } | kwargs
        super().__init__(**kwargs)
