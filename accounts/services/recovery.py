"""A new password: by the phone and by what its owner states (忘记密码), or by the old password."""

from __future__ import annotations

from django.db import transaction

from accounts.enums import IdentifierKind
from accounts.hashes import phone_key
from accounts.models import Identifier, User
from accounts.second_factor import needs_second_factor
from accounts.services.accounts import change_password
from accounts.services.security_notices import PASSWORD_CHANGED, PASSWORD_RENEWED, tell_of_change
from workflow.identifiers import normalise_name
from workflow.lookup_keys import identity_key
from workflow.models import Case, Duty


def find_account(*, kind: str, account: str, name: str, phone: str) -> User | None:
    """The active account that all four fit; the same statements are run whether or not there is one.

    Not that of an officer who has yet to set up the second factor: the phone would stand for both.
    """
    held = Identifier.objects.filter(kind=IdentifierKind.PHONE, hash=phone_key(phone))
    user = User.objects.filter(pk__in=held.values("user"), kind=kind, is_active=True).first()
    pk = user.pk if user is not None else 0
    numbers = Identifier.objects.filter(kind=IdentifierKind.ID_NUMBER, hash=identity_key(account), user=pk)
    is_account = numbers.exists() | (user is not None and user.username == account.strip().lower())
    is_name = _plain(name) in _names(user, pk)
    is_barred = needs_second_factor(user or User(pk=0, kind=kind))
    return user if is_account and is_name and not is_barred else None


def _names(user: User | None, pk: int) -> set[str]:
    """Of the account, and of the employers for which it acts or has registered."""
    names = set(Duty.objects.filter(user=pk).values_list("organisation__name", flat=True))
    names |= set(Case.objects.filter(applicant=pk, case_type="unit_registration").values_list("unit__name", flat=True))
    return {_plain(found) for found in {*names, user.name if user is not None else ""} if found}


def _plain(name: str) -> str:
    return "".join(normalise_name(name).split())


@transaction.atomic
def reset_password(user: User, *, password: str) -> User:
    """Every session of the account ends with the old password; the phone and the station messages say so."""
    user = change_password(user, password=password)
    tell_of_change(user, PASSWORD_CHANGED, phone=user.phone)
    return user


@transaction.atomic
def renew_password(user: User, *, password: str) -> User:
    """Of who is signed in and knew the old one."""
    user = change_password(user, password=password)
    tell_of_change(user, PASSWORD_RENEWED, phone=user.phone)
    return user
