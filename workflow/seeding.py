"""What every database needs before anybody can work: a function, so that tests can call it again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import transaction

from workflow.chain_specs import chain_specs, seed_chain
from workflow.models import CalendarDay, Region

DATA = Path(__file__).parent / "data"

_seeds: list[Callable[[], None]] = []


def register_seed(seed: Callable[[], None]) -> Callable[[], None]:
    """A service adds its own reference data; seeds run in the order of the floors, again and again safely."""
    _seeds.append(seed)
    return seed


@transaction.atomic
def seed_all() -> None:
    seed_regions()
    seed_calendar()
    for spec in chain_specs.values():
        seed_chain(spec)
    for seed in _seeds:
        seed()


def seed_regions() -> None:
    """省, 市, 县, 乡 of 沧州 and 海南 (GB/T 2260 and GB/T 10114); rows that exist stay as they are."""
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    codes = {row["code"] for row in rows}
    lineages: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: int(row["level"])):
        lineages[row["code"]] = f"{lineages.get(row['parent_code'], '/')}{row['code']}/"
    Region.objects.bulk_create(
        [
            Region(
                code=row["code"],
                name=row["name"],
                level=int(row["level"]),
                parent_id=row["parent_code"] if row["parent_code"] in codes else None,
                lineage=lineages[row["code"]],
            )
            for row in sorted(rows, key=lambda row: int(row["level"]))
        ],
        ignore_conflicts=True,
    )


def seed_calendar() -> None:
    """The published arrangement of the years that the system ships."""
    with (DATA / "holidays.csv").open(encoding="utf-8", newline="") as lines:
        days = [
            CalendarDay(day=date.fromisoformat(r["date"]), kind=r["kind"], name=r["name"])
            for r in csv.DictReader(lines)
        ]
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
