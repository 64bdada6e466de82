"""What a password must be: one of two profiles, named by ``settings.PASSWORD_PROFILE``.

``dengbao`` is what assessors of GB/T 22239 ask for, ``nist`` is NIST SP 800-63B-4: docs/decisions/0007-passwords.md.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import UserKind
from accounts.models import OldPassword, User
from accounts.second_factor import has_second_factor, needs_second_factor
from workflow import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

CLASSES_NEEDED = 3
# The one in use among them.
NOT_REUSED = 5
STAFF_DAYS = 90
LENGTH, LENGTH_ALONE = 8, 15


def is_dengbao() -> bool:
    return str(settings.PASSWORD_PROFILE) == "dengbao"


def policy_text() -> str:
    """One line for the pages on which a password is chosen."""
    if is_dengbao():
        return _(
            "At least 8 characters, three of: small letters, capital letters, digits, other characters. "
            "Neither the user name, the phone number nor the birthday may stand in it."
        )
    return _(
        "At least 15 characters, or 8 with a second factor. A sentence that only you would think of is good. "
        "Neither the user name, the phone number nor the birthday may stand in it."
    )


def must_change_password(user: User) -> bool:
    return user.has_usable_password() and (user.must_change_password or is_expired(user))


def is_expired(user: User) -> bool:
    """Officers, under 等保, after so many days of the wall clock; the demo's people keep theirs."""
    days = settings.CREDENTIAL_DAYS_OFFICERS if is_dengbao() and not settings.DEMO else 0
    if not days or not (user.kind == UserKind.OFFICER or user.is_staff):
        return False
    return clock.machine_now() - (user.password_changed_at or user.date_joined) > timedelta(days=days)


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
        return _("Three of: small letters, capital letters, digits, other characters.")


class LengthValidator:
    """Django's own says it in English where its Chinese lags behind."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) < LENGTH:
            raise _too_short(LENGTH)

    def get_help_text(self) -> str:
        return _("The password needs at least %(count)s characters.") % {"count": LENGTH}


class LengthByFactorValidator:
    """15 characters where the password stands alone, 8 beside a second factor (SP 800-63B-4, 3.1.1.2)."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        least = LENGTH if isinstance(user, User) and _has_two(user) else LENGTH_ALONE
        if len(password) < least:
            raise _too_short(least)

    def get_help_text(self) -> str:
        return _("At least 15 characters, or 8 with a second factor.")


def _too_short(least: int) -> ValidationError:
    message = _("The password needs at least %(count)s characters.") % {"count": least}
    return ValidationError(message, "password_too_short")


def _has_two(user: User) -> bool:
    return user.pk is not None and (has_second_factor(user) or needs_second_factor(user))


class NotOneselfValidator:
    """Neither user name, phone nor birthday may stand in the password."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if isinstance(user, User) and any(part in password.lower() for part in _own(user)):
            raise ValidationError(
                _("The password must not contain the user name, the phone number or the birthday."), "password_oneself"
            )

    def get_help_text(self) -> str:
        return _("It must not contain the user name, the phone number or the birthday.")


def _own(user: User) -> list[str]:
    """What an acquaintance would try first; a birthday as 19990307, 990307 and 1999-03-07."""
    born = user.person.birth_date if user.person is not None else user.birthday
    days = [born.strftime(form) for form in ("%Y%m%d", "%y%m%d", "%Y-%m-%d")] if born is not None else []
    return [part for part in (user.username.lower(), user.phone, *days) if part]


class NotReusedValidator:
    """None of the last five passwords, the present one among them."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if not isinstance(user, User) or user.pk is None:
            return
        earlier = OldPassword.objects.filter(user=user).values_list("password", flat=True)[: NOT_REUSED - 1]
        if any(check_password(password, used) for used in [user.password, *earlier] if used):
            raise ValidationError(_("One of your last five passwords: choose another."), "password_reused")

    def get_help_text(self) -> str:
        return _("None of the last five passwords.")


def new_initial_password() -> str:
    """Twelve characters of three classes, none of which is taken for another on paper."""
    groups = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "abcdefghijkmnpqrstuvwxyz")
    return "-".join("".join(secrets.choice(signs) for _place in range(4)) for signs in groups)


def keep_old_password(user: User) -> None:
    """Before the hash in ``user.password`` is replaced; no more are kept than are asked for."""
    if user.has_usable_password():
        OldPassword.objects.create(user=user, password=user.password, until=clock.machine_now())
    kept = OldPassword.objects.filter(user=user).values_list("pk", flat=True)[: NOT_REUSED - 1]
    OldPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
