"""Deadlines of stages in the working days of a region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from workflow.enums import DayKind
from workflow.models import CalendarDay, Region
from workflow.workdays import Calendar


class Calendars:
    """The calendars of some regions, read with one query; the nearer region overrules the farther one."""

    def __init__(self, lineages: Mapping[str, Sequence[str]]) -> None:
        """``lineages``: {region: codes from it upwards}."""
        self._lineages = lineages
        codes = {code for lineage in lineages.values() for code in lineage}
        self._days: dict[str | None, dict[date, bool]] = {}
        days = CalendarDay.objects.filter(region=None) | CalendarDay.objects.filter(region__in=codes)
        for region, day, kind in days.values_list("region", "day", "kind"):
            self._days.setdefault(region, {})[day] = kind == DayKind.WORKDAY
        self._known: dict[str, Calendar] = {}
        self._due: dict[tuple[str, date, int], date] = {}

    @classmethod
    def of_regions(cls, regions: Iterable[Region]) -> Calendars:
        return cls({region.pk: region.ancestors for region in regions})

    def of(self, region_code: str) -> Calendar:
        if region_code not in self._known:
            national = self._days.get(None, {})
            calendar = Calendar(national, frozenset(day.year for day in national))
            for code in reversed(self._lineages[region_code]):
                calendar = calendar.overruled_by(self._days.get(code, {}))
            self._known[region_code] = calendar
        return self._known[region_code]

    def due_on(self, region_code: str, start: date, working_days: int) -> date:
        """The last of ``working_days`` days; the day it starts is not counted (民法典 201)."""
        key = region_code, start, working_days
        if key not in self._due:
            self._due[key] = self.of(region_code).add_workdays(start, working_days)
        return self._due[key]
