"""What a password must be: at least 8 characters, 3 of 4 classes, and not the user name or the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

CLASSES_NEEDED = 3


def count_classes(password: str) -> int:
    """How many of: small letters, capitals, digits, anything else."""
    found = {
        "lower"
        if c.isascii() and c.islower()
        else "upper"
        if c.isascii() and c.isupper()
        else "digit"
        if c.isdigit()
        else ""
        for c in password
    }
    return len(found)


class ThreeClassesValidator:
    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if count_classes(password) < CLASSES_NEEDED:
            raise ValidationError(
                _("The password needs three of these: small letters, capital letters, digits, other characters."),
                "password_classes",
            )

    def get_help_text(self) -> str:
        return _("At least 8 characters, three of: small letters, capital letters, digits, other characters.")


class NotOneselfValidator:
    """Neither user name nor phone may stand in the password."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if not isinstance(user, User):
            return
        parts = [user.username.lower(), user.phone]
        if any(part and part in password.lower() for part in parts):
            raise ValidationError(
                _("The password must not contain the user name or the phone number."), "password_oneself"
            )

    def get_help_text(self) -> str:
        return _("It must not contain the user name or the phone number.")
