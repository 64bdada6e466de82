"""Why an account that exists and is active may not come in all the same; told only to whoever has proved it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.enums import SignInWay
from accounts.models import User
from accounts.services.counter_sheets import password_is_dead
from accounts.validity import ended_text, has_ended
from workflow.presentation.times import minute_text


def why_shut(user: User, *, way: str) -> str:
    """Empty where the account may come in this way."""
    if has_ended(user):
        return ended_text(user)
    if way == SignInWay.PASSWORD and (since := password_is_dead(user)) is not None:
        return _(
            "The initial password of the account notice was good until %(time)s. Sign in by a code, or have a new "
            "password made at the counter."
        ) % {"time": minute_text(since)}
    return ""
