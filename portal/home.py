"""What the page after sign-in shows: for an office what waits, for a person where the own cases stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.context import queue_url
from workflow.enums import State
from workflow.models import Case
from workflow.seats import Seat, Waiting


@dataclass(frozen=True, slots=True)
class Desk:
    """One seat on the office's home page."""

    title: str
    text: str
    url: str
    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One case on the person's home page."""

    title: str
    number: str
    status: str
    kind: str
    next_step: str
    url: str
    changed: str


SHAPES = {
    State.DRAFT: "plain",
    State.IN_REVIEW: "wait",
    State.RETURNED: "back",
    State.APPROVED: "done",
    State.REJECTED: "bad",
    State.WITHDRAWN: "plain",
}


def desks_of(seats: Sequence[Seat], waiting: Mapping[tuple[str, str], Waiting]) -> list[Desk]:
    return [
        Desk(
            title=seat.stage.menu_label or seat.stage.step_label,
            text=seat.stage.todo_text(waiting[seat.key].count),
            url=queue_url(seat),
            waiting=waiting[seat.key].count,
            overdue=waiting[seat.key].overdue,
        )
        for seat in seats
    ]


def own_cases(actor: Actor) -> list[OwnCase]:
    return [_own_case(case) for case in Case.objects.visible_to(actor).order_by("-id")[:50]]


def _own_case(case: Case) -> OwnCase:
    case_type = registry.case_type_of(case)
    editable = case.state in (State.DRAFT, State.RETURNED)
    moment = case.entered_at or case.created_at
    return OwnCase(
        title=str(case_type.label),
        number=case.number,
        status=case.status,
        kind=SHAPES[State(case.state)],
        next_step=_next_step(case),
        url=reverse(case_type.edit_url, args=[case.pk]) if editable else reverse("workflow:case", args=[case.pk]),
        changed=clock.local_date(moment).isoformat(),
    )


def _next_step(case: Case) -> str:
    if case.state == State.DRAFT:
        return _("Go on filling in and submit")
    if case.state == State.RETURNED:
        return _("Read the opinion, correct and submit again")
    if case.state == State.IN_REVIEW and case.holder_id is None:
        stage = case.current_stage
        return stage.forward_label if stage is not None else ""
    if case.state == State.IN_REVIEW:
        return _("Nothing to do: the office decides by %(day)s") % {"day": case.due_on}
    return ""
