"""Who is locked before whom (docs/decisions/0012): employers, then persons, then accounts, each in key order.

All without their keys: whoever merely names one of them does not wait.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import Person, User
from workflow.bulk import KeyIn
from workflow.enums import OrganisationKind
from workflow.lookup_keys import identity_key
from workflow.models import Organisation


class _Moved(Exception):
    """The account has become that of another person while we waited."""


def lock_persons(keys: Iterable[int]) -> list[Person]:
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(KeyIn("pk", sorted(set(keys))))
    return list(rows.order_by("pk"))


def lock_account(user: User) -> User:
    """The account after its person, for whoever writes both."""
    person_id = user.person_id
    while True:
        try:
            # What was locked goes with the savepoint.
            with transaction.atomic():
                lock_persons([person_id] if person_id is not None else [])
                locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
                if locked.person_id != person_id:
                    raise _Moved
                return locked
        except _Moved:
            person_id = User.objects.values_list("person", flat=True).get(pk=user.pk)


def lock_known(*, number: str = "", uscc: str = "") -> None:
    """Whom the portal knows by this number or credit code, before the accounts that state it."""
    if uscc:
        units = Organisation.objects.filter(kind=OrganisationKind.UNIT, code=uscc)
        list(units.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if number:
        lock_persons(Person.objects.filter(number_hash=identity_key(number)).values_list("pk", flat=True))
