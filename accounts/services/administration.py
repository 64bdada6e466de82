"""What the security administrator does for an account: initial password, second factor, locks, open sign-ins."""

from __future__ import annotations

from django.db import transaction

from accounts import second_factor
from accounts.adapter import NAME
from accounts.forms.security import CODE, PASSWORD
from accounts.models import User
from accounts.passwords import new_initial_password
from accounts.services.accounts import change_password
from accounts.services.limits import unlock
from accounts.services.sessions import end_other_sessions


@transaction.atomic
def give_initial_password(user: User) -> str:
    """To be handed over once, on paper; it opens the page on which it is changed and nothing else."""
    password = new_initial_password()
    change_password(user, password=password, initial=True)
    end_other_sessions(user, this=None)
    return password


@transaction.atomic
def reset_second_factor(user: User) -> int:
    """Answers how many there were; the open sign-ins end with them."""
    end_other_sessions(user, this=None)
    return second_factor.remove(user)


def unlock_account(user: User) -> None:
    """Strange browsers may try again; the owner's own browsers have locks of their own, which last 15 minutes."""
    unlock(NAME, f"{user.username.lower()}/stranger")
    unlock(CODE, str(user.pk))
    unlock(PASSWORD, str(user.pk))
