"""What the decision about a registration opens and closes. Sets in, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.arrivals import find_brought, tell_arrived, tell_leaving
from accounts.enums import RealNameLevel, UserKind
from accounts.models import Person, PersonRegistration, User
from accounts.models.person import IDENTITY_COLUMNS
from accounts.services.accounts import release_identifiers
from accounts.services.former_units import restore_former
from accounts.services.lock_order import lock_persons
from accounts.services.real_name import REVIEW, drop_level, raise_level
from accounts.services.stated_claims import lock_users
from workflow import clock
from workflow.enums import Role
from workflow.models import Case, Duty, Material, Organisation
from workflow.registry import ActContext, Closed, Move, effect, gate


def _applicants(moves: Sequence[Move]) -> list[int]:
    return [move.case.applicant_id for move in moves]


def _units(moves: Sequence[Move]) -> list[int]:
    return [move.case.unit_id for move in moves if move.case.unit_id is not None]


@effect("accounts.open_unit")
def open_unit(moves: Sequence[Move], context: ActContext) -> None:
    """The employer may act and be chosen; who registered it handles its cases and keeps its users."""
    today = clock.local_date(context.at)
    Organisation.objects.filter(pk__in=_units(moves)).update(active=True)
    lock_users(_applicants(moves))
    User.objects.filter(pk__in=_applicants(moves)).update(is_approved=True)
    Duty.objects.bulk_create(
        [
            Duty(user_id=m.case.applicant_id, organisation_id=m.case.unit_id, role=role, starts_on=today)
            for m in moves
            if m.case.unit_id is not None
            for role in (Role.HANDLER, Role.MANAGER)
        ],
        ignore_conflicts=True,
    )
    _know_by_review(moves, context)


def _know_by_review(moves: Sequence[Move], context: ActContext) -> None:
    """The office or the employer had the papers before it."""
    raise_level(_applicants(moves), level=RealNameLevel.MIDDLE, verifier=REVIEW, officer=context.actor.user_id)


def _forget_review(moves: Sequence[Move], context: ActContext) -> None:
    reason = _("The approval of the registration was taken back.")
    drop_level(_applicants(moves), reason=reason, officer=context.actor.user_id)


@effect("accounts.close_unit")
def close_unit(moves: Sequence[Move], context: ActContext) -> None:
    """An approval taken back."""
    Organisation.objects.filter(pk__in=_units(moves)).update(active=False)
    lock_users(_applicants(moves))
    User.objects.filter(pk__in=_applicants(moves)).update(is_approved=False)
    Duty.objects.filter(user__in=_applicants(moves), organisation__in=_units(moves)).delete()
    _forget_review(moves, context)


@gate("accounts.unit_unused")
def unit_unused(cases: Sequence[Case]) -> Closed:
    """An approval can be taken back only while nobody has built on it."""
    others = Case.objects.filter(unit__in=[case.unit_id for case in cases]).exclude(pk__in=[case.pk for case in cases])
    used = set(others.values_list("unit", flat=True))
    reason = _("People have registered with this employer already: its approval can no longer be taken back.")
    return {case.pk: reason for case in cases if case.unit_id in used}


@effect("accounts.open_person")
def open_person(moves: Sequence[Move], context: ActContext) -> None:
    """The registration becomes a person; somebody who had an account before is the same person again."""
    registrations = list(
        PersonRegistration.objects.filter(case__in=[move.case.pk for move in moves]).select_related("case")
    )
    people = _write_people(registrations, context)
    users = {user.pk: user for user in lock_users(_applicants(moves))}
    for registration in registrations:
        user = users[registration.case.applicant_id]
        user.person, user.is_approved = people[registration.number_hash], True
    User.objects.bulk_update(users.values(), ["person", "is_approved"])
    _know_by_review(moves, context)
    tell_arrived(registrations)


def _with(numbers: Sequence[str]) -> QuerySet[Person, int]:
    return Person.objects.filter(number_hash__in=numbers).values_list("pk", flat=True)


def _write_people(registrations: Sequence[PersonRegistration], context: ActContext) -> dict[str, Person]:
    numbers = [registration.number_hash for registration in registrations]
    known = {person.number_hash: person for person in lock_persons(_with(numbers))}
    for registration in registrations:
        person = known.setdefault(registration.number_hash, Person(created_at=context.at))
        for column in IDENTITY_COLUMNS:
            setattr(person, column, getattr(registration, column))
        person.unit_id = registration.unit_id
    fresh = [person for person in known.values() if person.pk is None]
    Person.objects.bulk_update([p for p in known.values() if p.pk is not None], [*IDENTITY_COLUMNS, "unit"])
    Person.objects.bulk_create(fresh)
    return known


@effect("accounts.close_person")
def close_person(moves: Sequence[Move], context: ActContext) -> None:
    leaving = PersonRegistration.objects.filter(case__in=[move.case.pk for move in moves])
    tell_leaving(list(leaving.select_related("case__applicant")))
    lock_users(_applicants(moves))
    User.objects.filter(pk__in=_applicants(moves)).update(is_approved=False, person=None)
    _forget_review(moves, context)


@gate("accounts.person_unused")
def person_unused(cases: Sequence[Case]) -> Closed:
    applicants = [case.applicant_id for case in cases]
    others = Case.objects.filter(applicant__in=applicants).exclude(pk__in=[case.pk for case in cases])
    used = set(others.values_list("applicant", flat=True))
    # Papers of a person's own belong to the account that uploaded them; those of the registration came by themselves.
    own = Material.objects.filter(owner__in=applicants)
    for brought in find_brought(cases):
        own = own.exclude(pk__in=brought)
    used |= set(own.values_list("owner", flat=True))
    reason = _("The person has used the account already: its approval can no longer be taken back.")
    return {case.pk: reason for case in cases if case.applicant_id in used}


@effect("accounts.end_registration")
def end_registration(moves: Sequence[Move], context: ActContext) -> None:
    """Withdrawn or expired: the account closes and its numbers are free again.

    An employer that was approved once may have users of its own: whoever takes it up again begins without them.
    """
    ids = _applicants(moves)
    restore_former([move.case.pk for move in moves])
    lock_users(ids)
    release_identifiers(ids)
    User.objects.filter(pk__in=ids, kind__in=(UserKind.UNIT, UserKind.PERSON)).update(is_active=False)
    ended = [move.case.unit_id for move in moves if move.case.case_type == "unit_registration"]
    Duty.objects.filter(organisation__in=ended, organisation__active=False).delete()
