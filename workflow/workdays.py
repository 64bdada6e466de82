"""Working days: the published arrangement of each year, and weekends with fixed holidays before it is published."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from workflow.enums import DayKind

ARRANGEMENT = Path(__file__).parent / "data" / "holidays.csv"
ONE_DAY = timedelta(days=1)
SATURDAY = 5
# 全国年节及纪念日放假办法: the holidays whose date is the same every year (since 2025 Labour Day has two).
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class Calendar:
    """``days`` overrules the weekday (True = working day); ``published`` are the years whose arrangement is known."""

    days: Mapping[date, bool] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        arranged = self.days.get(day)
        if arranged is not None:
            return arranged
        if day.year not in self.published and (day.month, day.day) in FIXED_HOLIDAYS:
            return False
        return day.weekday() < SATURDAY

    def add_workdays(self, start: date, count: int) -> date:
        """The last day of a period of ``count`` working days; the start day is not counted (民法典 201, 203).

        A count of 0 gives the start day, or the next working day when it is none.
        """
        if count < 0:
            raise ValueError("A period cannot have a negative number of working days.")
        day = start
        while count > 0:
            day += ONE_DAY
            count -= self.is_workday(day)
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))

    def unpublished_years(self, first: date, last: date) -> list[int]:
        """The years a period touches for which only weekends and fixed holidays are known."""
        return [year for year in range(first.year, last.year + 1) if year not in self.published]

    def overruled_by(self, days: Mapping[date, bool], published: Iterable[int] = ()) -> "Calendar":
        """This calendar with local days (a region's own table) put on top."""
        return Calendar({**self.days, **days}, self.published | frozenset(published))


def parse_arrangement(lines: Iterable[str]) -> Calendar:
    """Read ``date,kind,name`` rows; a year with any row counts as published. Raise ValueError on a bad row."""
    days: dict[date, bool] = {}
    for row in csv.DictReader(lines):
        day = date.fromisoformat(row["date"])
        if day in days:
            raise ValueError(f"{day} is listed twice.")
        days[day] = DayKind(row["kind"]) is DayKind.WORKDAY
    return Calendar(days, frozenset(day.year for day in days))


@cache
def published_calendar() -> Calendar:
    """The national arrangement that is shipped with the system."""
    with ARRANGEMENT.open(encoding="utf-8", newline="") as lines:
        return parse_arrangement(lines)
