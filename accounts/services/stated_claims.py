"""Numbers and credit codes that accounts hold which merely state them: they yield to whoever is verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import IdentifierKind, RealNameLevel, UserKind
from accounts.hashes import identifier_keys
from accounts.models import (
    Identifier,
    PersonRegistration,
    StatedPerson,
    StatedUnit,
    UnitRegistration,
    UnitUser,
    User,
)
from accounts.services.security_notices import tell_of_change
from workflow.models import Duty

# What is stated and may be somebody else's; a phone is proved by a code.
STATED_KINDS = (IdentifierKind.ID_NUMBER, IdentifierKind.CREDIT_CODE)
CLAIM_YIELDED = "claim_yielded"


def merely_stating() -> QuerySet[User]:
    """Accounts of 自然人注册 and 法人注册 that nobody has looked at: no person, no duty, no registration."""
    known = (
        Duty.objects.filter(user=OuterRef("pk")),
        PersonRegistration.objects.filter(case__applicant=OuterRef("pk")),
        UnitRegistration.objects.filter(case__applicant=OuterRef("pk")),
        UnitUser.objects.filter(user=OuterRef("pk")),
    )
    found = User.objects.filter(
        kind__in=(UserKind.PERSON, UserKind.UNIT),
        is_approved=True,
        real_name_level__lt=RealNameLevel.MIDDLE,
        person=None,
    )
    return found.filter(*(~Exists(rows) for rows in known))


def is_merely_stating(user: User) -> bool:
    return merely_stating().filter(pk=user.pk).exists()


def yield_claims(user: User | None = None, *, number: str = "", uscc: str = "") -> None:
    """``number`` and ``uscc`` were verified: whoever merely states them holds them no more, and is told.

    In the caller's transaction. ``user``: the account whose they are, where it exists; it is locked together with the
    holders, in the order of their keys.
    """
    held = _held(identifier_keys(number=number, uscc=uscc)).exclude(user=user)
    keys = {*held.values_list("user", flat=True), *([user.pk] if user is not None else [])}
    locked = {row.pk: row for row in lock_users(keys)}
    # Read anew: somebody may have been verified, or have stated another number, while we waited for the locks.
    mere = merely_stating().filter(pk__in=locked)
    given_up = list(held.filter(user__in=mere).order_by("user", "kind"))
    for identifier in given_up:
        _give_up(locked[identifier.user_id], identifier)
    for key in sorted({identifier.user_id for identifier in given_up}):
        if locked[key].is_active:
            tell_of_change(locked[key], CLAIM_YIELDED, phone=locked[key].phone)


def claim_verified(user: User, *, number: str = "", uscc: str = "") -> None:
    """Whoever was verified holds it. Raises IntegrityError where somebody else holds it who does not yield."""
    for kind, key in identifier_keys(number=number, uscc=uscc).items():
        Identifier.objects.filter(user=user, kind=kind).exclude(hash=key).delete()
        Identifier.objects.get_or_create(user=user, kind=kind, defaults={"hash": key})


def _held(keys: Mapping[str, str]) -> QuerySet[Identifier]:
    wanted = Q(pk__in=[])
    for kind, key in keys.items():
        wanted |= Q(kind=kind, hash=key)
    return Identifier.objects.filter(wanted)


def lock_users(keys: Iterable[int]) -> list[User]:
    """In the order of their keys, as everybody does who locks several."""
    rows = User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(keys))
    return list(rows.order_by("pk"))


def _give_up(user: User, identifier: Identifier) -> None:
    """What was stated goes too: it is somebody else's, and requests about it are about nothing any more."""
    identifier.delete()
    if identifier.kind == IdentifierKind.CREDIT_CODE:
        StatedUnit.objects.filter(user=user).update(uscc="")
    elif user.kind == UserKind.UNIT:
        StatedUnit.objects.filter(user=user).update(agent_number="")
    else:
        StatedPerson.objects.filter(user=user).update(number="", number_hash="")
