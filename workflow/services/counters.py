"""The kept counters of the seats, proved by a recount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Count

from workflow.bulk import add_to_counters, lock_table
from workflow.enums import State
from workflow.models import Case, SeatCounter

SeatKey = tuple[int, str, str, date]  # organisation, case type, stage, due day
KEY = ("organisation", "case_type", "stage", "due_on")


@dataclass(frozen=True, slots=True)
class Difference:
    organisation: int
    case_type: str
    stage: str
    due_on: date
    kept: int
    counted: int


def add_to_seats(deltas: Mapping[SeatKey, int]) -> None:
    """One statement in key order, in the transaction of what changed."""
    add_to_counters(SeatCounter, KEY, "waiting", [(*key, delta) for key, delta in deltas.items() if delta])


def recount() -> list[Difference]:
    """Every kept counter that is not the number of cases that wait there."""
    kept: dict[SeatKey, int] = {
        (organisation, case_type, stage, due_on): waiting
        for organisation, case_type, stage, due_on, waiting in SeatCounter.objects.values_list(*KEY, "waiting")
    }
    counted = _count()
    return [
        Difference(*key, kept.get(key, 0), counted.get(key, 0))
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key, 0) != counted.get(key, 0)
    ]


def _count() -> dict[SeatKey, int]:
    rows = (
        Case.objects.filter(state=State.IN_REVIEW, holder__isnull=False)
        .order_by()
        .values_list("holder", "case_type", "stage", "due_on")
        .annotate(n=Count("pk"))
    )
    return {
        (holder, case_type, stage, due_on): n
        for holder, case_type, stage, due_on, n in rows
        if holder is not None and due_on is not None
    }


@transaction.atomic
def repair_counters() -> list[Difference]:
    """Write the counted numbers; nobody moves a case meanwhile, so that no move is lost or counted twice."""
    lock_table(SeatCounter)
    differences = recount()
    add_to_seats(
        {(row.organisation, row.case_type, row.stage, row.due_on): row.counted - row.kept for row in differences}
    )
    return differences


def drop_empty_counters() -> int:
    """Seats and days in which nothing waits any more; a move that needs one meanwhile makes it again."""
    empty = SeatCounter.objects.filter(waiting=0)
    with transaction.atomic():
        # Whoever is just raising one keeps it, and nobody waits for anybody.
        skip = connection.features.has_select_for_update_skip_locked
        keys = list(empty.select_for_update(skip_locked=skip).values_list("pk", flat=True))
        return empty.filter(pk__in=keys).delete()[0]
