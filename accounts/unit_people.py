"""Whose accounts a unit keeps: its own users, and the persons who work for it. And who of it may do that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import UserKind
from accounts.models import PersonRegistration, StatedUnit, UnitRegistration, UnitUser, User
from accounts.services.erasing import GONE
from workflow import clock
from workflow.actors import Actor
from workflow.enums import ChainStatus, OrganisationKind, Role
from workflow.lookup_keys import identity_key
from workflow.models import Case, Duty, Organisation, Stage

# Who may change what stands of the unit and of its people; the others read it.
KEEPERS = (Role.HANDLER, Role.MANAGER)


def may_keep(actor: Actor) -> bool:
    return actor.is_unit and (actor.role in KEEPERS or actor.manages)


def users_of(unit: Organisation) -> QuerySet[User]:
    """The accounts that act or acted for this unit, stopped ones included; in the order of their opening.

    None that was erased, and none of who has gone on to another unit: it is the other one's by now.
    """
    duties = Duty.objects.filter(user=OuterRef("pk"))
    lasting = duties.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()))
    gone = Exists(lasting.exclude(organisation=unit)) & ~Exists(lasting.filter(organisation=unit))
    theirs = User.objects.filter(Exists(duties.filter(organisation=unit)), ~gone, kind=UserKind.UNIT)
    return theirs.exclude(username__startswith=GONE).order_by("pk")


def roles_of(users: Sequence[User], unit: Organisation, day: date) -> dict[int, list[str]]:
    """{account: its roles on this day}; one statement."""
    found: dict[int, list[str]] = {user.pk: [] for user in users}
    held = Duty.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), organisation=unit, user__in=found)
    for user_id, role in held.order_by("user", "role").values_list("user", "role").distinct():
        found[user_id].append(role)
    return found


def roles_offered() -> list[Role]:
    """The administrator, the handler, and whom else a step at a unit in some published chain asks for."""
    asked = Stage.objects.filter(chain__status=ChainStatus.PUBLISHED, actor_kind=OrganisationKind.UNIT)
    wanted = {Role.MANAGER, Role.HANDLER, *asked.values_list("role", flat=True)}
    return [role for role in Role if role in wanted]


def number_of(user: User) -> str:
    """The ID number with which an account of a unit was opened; "" where none was given."""
    if own := UnitUser.objects.filter(user=user).first():
        return own.number
    if stated := StatedUnit.objects.filter(user=user).first():
        return stated.agent_number
    registered = UnitRegistration.objects.filter(case__applicant=user).order_by("-case_id").first()
    return registered.contact_number if registered is not None else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter of the list of persons; empty values ask for nothing."""

    name: str = ""
    number: str = ""
    # "active" or "closed".
    state: str = ""


def members_of(unit: Organisation) -> QuerySet[User]:
    """The personal accounts of those who work for this unit, closed ones included."""
    return User.objects.filter(kind=UserKind.PERSON, person__unit=unit).select_related("person")


def find_members(unit: Organisation, wanted: Wanted) -> QuerySet[User]:
    found = members_of(unit)
    if wanted.name:
        found = found.filter(person__name__contains=wanted.name)
    if wanted.number:
        found = found.filter(person__number_hash=identity_key(wanted.number))
    if wanted.state:
        found = found.filter(is_active=wanted.state == "active")
    return found


def case_of_member(user: User) -> Case | None:
    """By which the person came to a unit: the looks at full numbers are noted with it."""
    registration = (
        PersonRegistration.objects.filter(case__applicant=user).select_related("case").order_by("-case").first()
    )
    if registration is not None:
        return registration.case
    return Case.objects.filter(applicant=user, case_type="unit_transfer").order_by("-pk").first()
