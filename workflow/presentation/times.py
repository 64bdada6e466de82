"""Dates, amounts and working days as texts."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

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
    day = value.astimezone(timezone.get_current_timezone()) if isinstance(value, datetime) else value
    return day.isoformat()[:10]


def day_texts(values: Iterable[Any]) -> list[str]:
    """A column of days and moments: the zone is asked for once."""
    zone = timezone.get_current_timezone()
    return [value.astimezone(zone).isoformat()[:10] if type(value) is datetime else day_text(value) for value in values]


def minute_text(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment is not None else ""


def text_of(value: Any, kind: str) -> str:
    """A value of a list's column or of a filed form, by the kind of the column."""
    if value is None:
        return ""
    if kind == "money" and value != "":
        return _money_text(str(value))
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


@lru_cache(maxsize=4096)
def _money_text(digits: str) -> str:
    """Lists repeat their amounts."""
    try:
        return money(Decimal(digits))
    except InvalidOperation:
        return digits


@dataclass(frozen=True, slots=True)
class Remaining:
    """Working days left; ``tone`` "soon" or "late" in amber or red, always beside the words."""

    days: int | None
    text: str
    tone: str = ""


NOTHING = Remaining(None, "")


class Countdown:
    """Working days until deadlines, counted once per day of the page."""

    def __init__(self, region: Region, today: date) -> None:
        calendar = calendar_of(region, int(time.monotonic() // KEPT_SECONDS))
        self.of = lru_cache(maxsize=None)(lambda due_on, allowed: _remaining(calendar, today, due_on, allowed))


@lru_cache(maxsize=512)
def calendar_of(region: Region, _while: int) -> Calendar:
    """Kept in the process for a minute: every page reads it, and it changes a few times a year."""
    return Calendars.of_regions([region]).of(region.pk)


def _remaining(calendar: Calendar, today: date, due_on: date | None, allowed: int) -> Remaining:
    if due_on is None:
        return NOTHING
    left = calendar.workdays_between(today, due_on)
    if today > due_on:
        late = max(-left, 1)
        return Remaining(left, ngettext("overdue by %(n)d", "overdue by %(n)d", late) % {"n": late}, "late")
    return Remaining(left, str(left), "soon" if left <= allowed * SOON else "")
