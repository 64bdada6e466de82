"""From rows to facts: what the rules of a change are asked about."""

from __future__ import annotations

from datetime import date, timedelta

from talent.enums import ChangeKind
from talent.models import Card, CardChange, WorkExperience
from talent.rules.changes import ChangeFacts, check_change, why_not_yet
from talent.services.card_expiry import report_by
from workflow import clock
from workflow.findings import Check


def assess_change(change: CardChange) -> list[Check]:
    return check_change(change.kind, facts_of(change.card, change))


def options_of(card: Card) -> list[tuple[ChangeKind, str]]:
    """(what may become of it, why not now or "")"""
    facts = facts_of(card)
    return [(kind, why_not_yet(kind, facts)) for kind in ChangeKind]


def facts_of(card: Card, change: CardChange | None = None) -> ChangeFacts:
    """``change``: the one that asks, where there is one already."""
    person, work = card.person, work_of(card)
    other = CardChange.objects.under_way(card).exclude(pk=change.pk if change is not None else None).first()
    return ChangeFacts(
        today=clock.today(),
        state=card.state_on(clock.today()),
        valid_until=card.valid_until,
        renewal_opens=card.valid_until - timedelta(days=card.scheme.renew_before_days),
        is_lost=card.lost_at is not None,
        has_unit=person.unit_id is not None,
        is_at_card_unit=person.unit_id == card.unit_id,
        works_at_registered_unit=work is not None and work.unit_id is not None and work.unit_id == person.unit_id,
        contract_end=work.contract_end if work is not None else None,
        has_contract=work is not None and work.contract_start is not None,
        under_way=str(other.case) if other is not None else "",
        statement=change.statement if change is not None else "",
        same_reviewer=change is None or not change.case.number or change.case.unit_id == person.unit_id,
    )


def work_of(card: Card) -> WorkExperience | None:
    """The present employment of the holder's talent space."""
    works: list[WorkExperience] = list(card.person.work_experiences.all())
    return next((work for work in works if work.is_current), None)


def days_late(card: Card, day: date) -> int:
    """How many days after the time to report a change of employer; 0 within it."""
    last = report_by(card)
    return max(0, (day - last).days) if last is not None else 0
