"""Setting up and removing a second factor, each with the notice that goes to its owner."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import passkeys, second_factor
from accounts.models import User
from accounts.services.security_notices import SECOND_FACTOR_REMOVED, SECOND_FACTOR_SET_UP, tell_of_change


@transaction.atomic
def set_up_second_factor(user: User, *, secret: str, counter: int) -> None:
    """``counter``: the half minute of the code that proved the app; it is used up with it."""
    second_factor.set_up(user, secret=secret, counter=counter)
    tell_of_change(user, SECOND_FACTOR_SET_UP, phone=user.phone)


@transaction.atomic
def add_passkey(user: User, *, name: str, accepted: dict[str, Any]) -> Authenticator:
    """``accepted``: what ``passkeys.accept`` answered."""
    passkey = passkeys.add(user, name=name, accepted=accepted)
    second_factor.provide(user)
    tell_of_change(user, SECOND_FACTOR_SET_UP, phone=user.phone)
    return passkey


@transaction.atomic
def remove_factor(user: User, pk: int) -> bool:
    """False where it is gone already. Raises LastFactor where the account must keep one."""
    was_there = second_factor.remove_one(user, pk)
    if was_there:
        tell_of_change(user, SECOND_FACTOR_REMOVED, phone=user.phone)
    return was_there


@transaction.atomic
def remove_second_factor(user: User) -> int:
    """Answers how many there were, recovery codes included."""
    removed = second_factor.remove(user)
    tell_of_change(user, SECOND_FACTOR_REMOVED, phone=user.phone)
    return removed
