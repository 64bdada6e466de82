"""Dates, amounts and working days as texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.deadlines import Calendars
from workflow.models import Region
from workflow.templatetags.tongban import money
from workflow.workdays import Calendar

KEPT_SECONDS = 60
# At or below this share of the working days of a stage the number turns amber.
SOON = 0.2


def day_text(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return (timezone.localtime(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def minute_text(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment is not None else ""


def text_of(value: Any, kind: str) -> str:
    """A value of a list's column or of a filed form, by the kind of the column."""
    if value in (None, ""):
        return ""
    if isinstance(value, date | datetime):
        return day_text(value)
    if kind == "money":
        try:
            return money(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


@dataclass(frozen=True, slots=True)
class Remaining:
    """Working days left; ``tone`` "soon" or "late" in amber or red, always beside the words."""

    days: int | None
    text: str
    tone: str = ""


NOTHING = Remaining(None, "")


class Countdown:
    """Working days until deadlines, counted once per day of the page.

    The calendar is kept for a minute: it is read for every page and changes a few times a year.
    """

    def __init__(self, region: Region, today: date) -> None:
        key = f"workflow/calendar/{region.pk}"
        calendar: Calendar | None = cache.get(key)
        if calendar is None:
            calendar = Calendars.of_regions([region]).of(region.pk)
            cache.set(key, calendar, KEPT_SECONDS)
        self.of = lru_cache(maxsize=None)(lambda due_on, allowed: _remaining(calendar, today, due_on, allowed))


def _remaining(calendar: Calendar, today: date, due_on: date | None, allowed: int) -> Remaining:
    if due_on is None:
        return NOTHING
    left = calendar.workdays_between(today, due_on)
    if today > due_on:
        late = max(-left, 1)
        return Remaining(left, ngettext("overdue by %(n)d", "overdue by %(n)d", late) % {"n": late}, "late")
    return Remaining(left, str(left), "soon" if left <= allowed * SOON else "")
