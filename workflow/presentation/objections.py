"""Objections as the office and the public see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from workflow import clock
from workflow.enums import ObjectionStatus
from workflow.models import Objection
from workflow.presentation.times import NOTHING, Countdown, Remaining, day_text, minute_text

KINDS = {ObjectionStatus.OPEN: "warn", ObjectionStatus.UPHELD: "bad", ObjectionStatus.DISMISSED: "done"}


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One line of the office's list."""

    person: str
    number: str
    notice: str
    received: str
    status: str
    kind: str
    due: str
    remaining: Remaining
    decided: str
    url: str


@dataclass(frozen=True, slots=True)
class Received:
    """What the public may know of an objection."""

    received: str
    person: str
    status: str
    kind: str
    due: str
    decided: str


def objection_row(objection: Objection) -> ObjectionRow:
    status = ObjectionStatus(objection.status)
    return ObjectionRow(
        person=objection.case.subject,
        number=objection.case.number,
        notice=objection.notice.batch.title,
        received=minute_text(objection.created_at),
        status=str(status.label),
        kind=KINDS[status],
        due=day_text(objection.due_on),
        remaining=_remaining(objection),
        decided=minute_text(objection.decided_at),
        url=reverse("workflow:objection", args=[objection.pk]),
    )


def received_view(objection: Objection) -> Received:
    status = ObjectionStatus(objection.status)
    return Received(
        received=minute_text(objection.created_at),
        person=objection.case.subject,
        status=str(status.label),
        kind=KINDS[status],
        due=day_text(objection.due_on),
        decided=minute_text(objection.decided_at),
    )


def _remaining(objection: Objection) -> Remaining:
    """Working days of the office's region; of a decided one nothing is left to count."""
    if objection.status != ObjectionStatus.OPEN:
        return NOTHING
    region = objection.notice.batch.organisation.region
    return Countdown(region, clock.today()).of(objection.due_on, objection.notice.objection_days)
