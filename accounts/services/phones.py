"""Whose phone it is, and how an account comes to another one."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.enums import IdentifierKind
from accounts.hashes import phone_key
from accounts.models import Identifier, Person, PersonRegistration, StatedPerson, User
from accounts.services.accounts import Taken, find_taken, take_phone
from accounts.services.lock_order import lock_account
from accounts.services.security_notices import PHONE_CHANGED, tell_of_change
from workflow.lookup_keys import identity_key


def holder_of(phone: str) -> User | None:
    """The active account that a phone signs in to."""
    held = Identifier.objects.filter(kind=IdentifierKind.PHONE, hash=phone_key(phone), user__is_active=True)
    found = held.select_related("user__person").first()
    return found.user if found is not None else None


def holds_number(user: User, number: str) -> bool:
    """Whether this is the number of the document that the account was registered with."""
    key = identity_key(number)
    return Identifier.objects.filter(kind=IdentifierKind.ID_NUMBER, hash=key, user=user).exists()


def has_number(user: User) -> bool:
    return Identifier.objects.filter(kind=IdentifierKind.ID_NUMBER, user=user).exists()


def change_phone(user: User, phone: str) -> User:
    """The old phone is told, the person's data follow. Raises Taken for a phone of somebody else."""
    try:
        return _change_phone(user, phone)
    except IntegrityError as error:
        raise Taken(find_taken(phone=phone, user=user)) from error


@transaction.atomic
def _change_phone(user: User, phone: str) -> User:
    user = lock_account(user)
    if errors := find_taken(phone=phone, user=user):
        raise Taken(errors)
    old = user.phone
    take_phone(user, phone)
    follow = {"phone": phone, "phone_hash": phone_key(phone)}
    if user.person_id is not None:
        Person.objects.filter(pk=user.person_id).update(**follow)
    PersonRegistration.objects.filter(case__applicant=user).update(**follow)
    StatedPerson.objects.filter(user=user).update(**follow)
    tell_of_change(user, PHONE_CHANGED, phone=old)
    return user
