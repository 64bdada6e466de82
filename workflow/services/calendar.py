"""What a changed calendar does to deadlines that are running, and years whose arrangement is not known."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from workflow import clock
from workflow.bulk import update_rows
from workflow.deadlines import Calendars
from workflow.enums import BatchKind, State
from workflow.models import BatchMember, CalendarDay, Case, PublicNotice, Region, ancestors_by_region
from workflow.services.counters import SeatKey, add_to_seats
from workflow.workdays import parse_arrangement

CHUNK = 2_000
# Deadlines reach into the next year from this month on.
LOOK_AHEAD_FROM = 11


@dataclass(frozen=True, slots=True)
class Shift:
    """One deadline that moved."""

    what: str
    before: date
    after: date


@transaction.atomic
def recompute_deadlines() -> list[Shift]:
    """Count every running deadline again by the calendar as it stands now; answers what changed."""
    shifts = list(_shift_notices())
    moved: Counter[SeatKey] = Counter()
    last = 0
    while chunk := list(_running_after(last)):
        last = chunk[-1].pk
        shifts += _shift_cases(chunk, moved)
    # After the last case is locked, as every decision does it: cases first, then counters.
    add_to_seats(moved)
    return shifts


def _running_after(pk: int) -> Iterable[Case]:
    running = Case.objects.select_for_update(of=("self",)).filter(state=State.IN_REVIEW, due_on__isnull=False)
    return running.filter(pk__gt=pk).select_related("region").order_by("pk")[:CHUNK]


def _shift_notices() -> Iterator[Shift]:
    """A notice that is still running ends by the new calendar; one that is over stays over."""
    running = PublicNotice.objects.select_for_update(of=("self",)).filter(ends_on__gte=clock.today())
    notices = list(running.select_related("batch__organisation__region").order_by("pk"))
    calendars = Calendars.of_regions(notice.batch.organisation.region for notice in notices)
    for notice in notices:
        region = notice.batch.organisation.region_id
        ends_on = calendars.due_on(region, notice.starts_on - timedelta(days=1), notice.working_days)
        # A day that has passed cannot become the last one.
        ends_on = max(ends_on, clock.today())
        if ends_on != notice.ends_on:
            yield Shift(str(notice), notice.ends_on, ends_on)
            PublicNotice.objects.filter(pk=notice.pk).update(ends_on=ends_on)


def _shift_cases(cases: list[Case], moved: Counter[SeatKey]) -> list[Shift]:
    calendars = Calendars(ancestors_by_region(cases))
    published = _notice_ends(cases)
    shifts, rows = [], []
    for case in cases:
        stage = case.current_stage
        if stage is None or case.entered_at is None or case.due_on is None:
            continue
        due_on = calendars.due_on(case.region_id, clock.local_date(case.entered_at), stage.working_days)
        due_on = published.get((case.pk, stage.slug), due_on)
        if due_on != case.due_on:
            shifts.append(Shift(f"{case} {stage.title}", case.due_on, due_on))
            rows.append((case.pk, due_on))
            if case.holder_id is not None:
                moved[case.holder_id, case.case_type, case.stage, case.due_on] -= 1
                moved[case.holder_id, case.case_type, case.stage, due_on] += 1
    update_rows(Case, ("id", "due_on"), rows)
    return shifts


def _notice_ends(cases: list[Case]) -> dict[tuple[int, str], date]:
    """{(case, stage after the publication): last day of its latest notice}."""
    rows = BatchMember.objects.filter(case__in=cases, removed_in=None, batch__kind=BatchKind.NOTICE).order_by("batch")
    routes = {case.pk: case.route for case in cases}
    ends = {}
    for case_id, stage, ends_on in rows.values_list("case", "batch__stage", "batch__notice__ends_on"):
        after = routes[case_id].after(stage) if stage in routes[case_id] else None
        if after is not None and ends_on is not None:
            ends[case_id, after.slug] = ends_on
    return ends


def unpublished_years() -> list[int]:
    """Years that running and new deadlines touch and of which only weekends and fixed holidays are known."""
    today = clock.today()
    last = today.year + (today.month >= LOOK_AHEAD_FROM)
    known = set(CalendarDay.objects.filter(region=None).values_list("day__year", flat=True).distinct())
    return [year for year in range(today.year, last + 1) if year not in known]


@transaction.atomic
def import_arrangement(lines: Iterable[str], region: Region | None = None) -> int:
    """Take over ``date,kind,name`` rows (kind: holiday or workday); days that exist are overwritten.

    Raises ValueError on a bad row. Answers how many days were written.
    """
    lines = list(lines)
    names = {row["date"]: row.get("name") or "" for row in csv.DictReader(lines)}
    arrangement = parse_arrangement(lines)
    for day, is_workday in arrangement.days.items():
        CalendarDay.objects.update_or_create(
            day=day,
            region=region,
            defaults={"kind": "workday" if is_workday else "holiday", "name": names[day.isoformat()]},
        )
    return len(arrangement.days)
