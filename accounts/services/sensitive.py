"""Showing a number in full: a logged act with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import PersonRegistration, SensitiveView, UnitRegistration, User
from workflow import clock
from workflow.actors import Actor
from workflow.authority import may_decide, may_file
from workflow.bulk import KeyIn
from workflow.models import Case
from workflow.registry import Text


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


def _has_number(case: Case) -> bool:
    unit = UnitRegistration.objects.filter(case=case).first()
    return unit is None or bool(unit.contact_number)


def _always(_case: Case) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class FullField:
    """What pages mask and some may see in full: ``name`` in 谁看过我的信息, ``link`` of the page that shows it."""

    read: Callable[[Case], str]
    name: Text
    link: Text
    is_given: Callable[[Case], bool] = _always


FIELDS: dict[str, FullField] = {
    "number": FullField(
        _number_of, gettext_lazy("Document number"), gettext_lazy("Show the document number in full"), _has_number
    ),
    "phone": FullField(_phone_of, gettext_lazy("Mobile number"), gettext_lazy("Show the mobile number in full")),
}


def register_full_field(key: str, field: FullField) -> None:
    """Of the cases of a floor above."""
    FIELDS[key] = field


def may_reveal(case: Case, actor: Actor) -> bool:
    """The owner, and whoever decides the case now."""
    return may_file(case, actor) or may_decide(case, actor)


@transaction.atomic
def reveal(case: Case, field: str, actor: Actor, *, reason: str) -> str:
    """The full number, after the look has been written down. Raises PermissionDenied."""
    if not may_reveal(case, actor):
        raise PermissionDenied(_("Only the applicant and the office that decides now may see the full number."))
    note_look(case, actor, field=field, reason=reason)
    return FIELDS[field].read(case)


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
