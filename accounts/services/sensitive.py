"""Showing a number in full: a logged act with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import PersonRegistration, SensitiveView, UnitRegistration, User
from workflow import clock
from workflow.actors import Actor
from workflow.authority import may_decide, may_file
from workflow.bulk import KeyIn
from workflow.models import Case


def _number_of(case: Case) -> str:
    if registration := PersonRegistration.objects.filter(case=case).first():
        return registration.number
    if unit := UnitRegistration.objects.filter(case=case).first():
        return unit.contact_number
    person = _applicant(case).person
    return person.number if person is not None else ""


def _phone_of(case: Case) -> str:
    return _applicant(case).phone


def _applicant(case: Case) -> User:
    return User.objects.select_related("person").get(pk=case.applicant_id)


FIELDS: dict[str, Callable[[Case], str]] = {"number": _number_of, "phone": _phone_of}


def may_reveal(case: Case, actor: Actor) -> bool:
    """The owner, and whoever decides the case now."""
    return may_file(case, actor) or may_decide(case, actor)


@transaction.atomic
def reveal(case: Case, field: str, actor: Actor, *, reason: str) -> str:
    """The full number, after the look has been written down. Raises PermissionDenied."""
    if not may_reveal(case, actor):
        raise PermissionDenied(_("Only the applicant and the office that decides now may see the full number."))
    note_look(case, actor, field=field, reason=reason)
    return FIELDS[field](case)


def note_look(case: Case, actor: Actor, *, field: str, reason: str) -> SensitiveView:
    """Write down that somebody saw something in full."""
    assert actor.user_id is not None
    return SensitiveView.objects.create(
        viewer_id=actor.user_id,
        organisation_id=actor.organisation_id,
        case=case,
        field=field,
        reason=reason,
        at=clock.now(),
    )


@transaction.atomic
def note_looks(cases: Sequence[Case], actor: Actor, *, field: str, reason: str, once: bool = False) -> int:
    """One statement for all of them; with ``once`` those that stand there for this very reason are left out."""
    if not cases:
        return 0
    assert actor.user_id is not None
    noted: set[int] = set()
    if once:
        of_these = SensitiveView.objects.filter(KeyIn("case_id", [case.pk for case in cases]))
        same = of_these.filter(viewer_id=actor.user_id, field=field, reason=reason)
        noted = set(same.values_list("case_id", flat=True))
    looks = [
        SensitiveView(
            viewer_id=actor.user_id,
            organisation_id=actor.organisation_id,
            case=case,
            field=field,
            reason=reason,
            at=clock.now(),
        )
        for case in cases
        if case.pk not in noted
    ]
    return len(SensitiveView.objects.bulk_create(looks))
