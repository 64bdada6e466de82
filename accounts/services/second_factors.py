"""Setting up and removing a second factor, each with the notice that goes to its owner."""

from __future__ import annotations

from django.db import transaction

from accounts import second_factor
from accounts.models import User
from accounts.services.security_notices import SECOND_FACTOR_REMOVED, SECOND_FACTOR_SET_UP, tell_of_change


@transaction.atomic
def set_up_second_factor(user: User, *, secret: str, counter: int) -> None:
    """``counter``: the half minute of the code that proved the app; it is used up with it."""
    second_factor.set_up(user, secret=secret, counter=counter)
    tell_of_change(user, SECOND_FACTOR_SET_UP, phone=user.phone)


@transaction.atomic
def remove_second_factor(user: User) -> int:
    """Answers how many there were, recovery codes included."""
    removed = second_factor.remove(user)
    tell_of_change(user, SECOND_FACTOR_REMOVED, phone=user.phone)
    return removed
