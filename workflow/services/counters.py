"""The kept counters of the seats, proved by a recount."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from workflow.enums import State
from workflow.models import Case, SeatCounter

Key = tuple[int, str, str]  # organisation, case type, stage


@dataclass(frozen=True, slots=True)
class Difference:
    organisation: int
    case_type: str
    stage: str
    kept: int
    counted: int


def recount() -> list[Difference]:
    """Every seat whose kept counter is not the number of cases that wait there."""
    kept: dict[Key, int] = {
        (row.organisation_id, row.case_type, row.stage): row.waiting for row in SeatCounter.objects.all()
    }
    counted = _count()
    return [
        Difference(*key, kept.get(key, 0), counted.get(key, 0))
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key, 0) != counted.get(key, 0)
    ]


def _count() -> dict[Key, int]:
    rows = (
        Case.objects.filter(state=State.IN_REVIEW, holder__isnull=False)
        .order_by()
        .values_list("holder", "case_type", "stage")
        .annotate(n=Count("pk"))
    )
    return {(holder, case_type, stage): n for holder, case_type, stage, n in rows if holder is not None}


@transaction.atomic
def repair_counters() -> list[Difference]:
    """Write the counted numbers; the counters stay locked meanwhile, so that no move is lost."""
    list(SeatCounter.objects.select_for_update().order_by("pk"))
    differences = recount()
    for row in differences:
        SeatCounter.objects.update_or_create(
            organisation_id=row.organisation,
            case_type=row.case_type,
            stage=row.stage,
            defaults={"waiting": row.counted},
        )
    return differences
