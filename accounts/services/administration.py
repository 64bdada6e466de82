"""What the security administrator does for an account: initial password, second factor, locks, open sign-ins."""

from __future__ import annotations

from django.db import transaction

from accounts.adapter import NAME
from accounts.forms.security import CODE, CODE_OF_DAY, PASSWORD
from accounts.models import User
from accounts.passwords import keep_old_password, new_initial_password
from accounts.services.accounts import change_password
from accounts.services.limits import unlock
from accounts.services.second_factors import remove_second_factor
from accounts.services.security_notices import PASSWORD_GIVEN, SESSIONS_ENDED, tell_of_change
from accounts.services.sessions import end_other_sessions


@transaction.atomic
def give_initial_password(user: User) -> str:
    """To be handed over once, on paper; it opens the page on which it is changed and nothing else."""
    password = new_initial_password()
    set_password(user, password)
    return password


@transaction.atomic
def set_password(user: User, password: str | None) -> User:
    """An initial one; None: no password opens this account any more. The open sign-ins end."""
    user = _drop_password(user) if password is None else change_password(user, password=password, initial=True)
    end_other_sessions(user, this=None)
    tell_of_change(user, PASSWORD_GIVEN, phone=user.phone)
    return user


def _drop_password(user: User) -> User:
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    keep_old_password(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def reset_second_factor(user: User) -> int:
    """Answers how many there were; the open sign-ins end with them."""
    end_other_sessions(user, this=None)
    return remove_second_factor(user)


@transaction.atomic
def end_all_sessions(user: User) -> int:
    """Answers how many ended."""
    ended = end_other_sessions(user, this=None)
    tell_of_change(user, SESSIONS_ENDED, phone=user.phone)
    return ended


def unlock_account(user: User) -> None:
    """Strange browsers may try again; the owner's own browsers have locks of their own, which last 15 minutes."""
    unlock(NAME, f"{user.username.lower()}/stranger")
    unlock(CODE, str(user.pk))
    unlock(CODE_OF_DAY, str(user.pk))
    unlock(PASSWORD, str(user.pk))
