"""有效期 of an account opened at a counter: that day is the last on which it may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from workflow import clock
from workflow.presentation.times import day_text

if TYPE_CHECKING:
    from accounts.models import User


def has_ended(user: User) -> bool:
    return user.valid_until is not None and clock.today() > user.valid_until


def ended_text(user: User) -> str:
    return _(
        "This account was opened at a counter until %(day)s. To use it further, have it prolonged at the counter."
    ) % {"day": day_text(user.valid_until)}
