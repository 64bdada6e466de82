"""Deadlines of stages in the working days of a region."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.enums import DayKind
from workflow.models import CalendarDay, Region
from workflow.workdays import Calendar


class Calendars:
    """The calendars of some regions, read with one query; the nearer region overrules the farther one."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._lineages = {region.pk: region.ancestors for region in regions}
        codes = {code for lineage in self._lineages.values() for code in lineage}
        self._days: dict[str | None, dict[date, bool]] = {}
        for day in CalendarDay.objects.filter(region=None) | CalendarDay.objects.filter(region__in=codes):
            self._days.setdefault(day.region_id, {})[day.day] = day.kind == DayKind.WORKDAY
        self._known: dict[str, Calendar] = {}

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
        return self.of(region_code).add_workdays(start, working_days)
