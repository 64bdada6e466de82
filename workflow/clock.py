"""Business time: the one source of now and today; in demo mode an administrator moves it ahead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from workflow.models import DemoClock

_ahead: ContextVar[timedelta] = ContextVar("tongban_clock_ahead", default=timedelta(0))


def now() -> datetime:
    return timezone.now() + _ahead.get()


def machine_now() -> datetime:
    """Real time, for heartbeats and repeated attempts: the demo clock must not make a running job look dead."""
    return timezone.now()


def today() -> date:
    """The business date in Asia/Shanghai."""
    return timezone.localtime(now()).date()


def local_date(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def read() -> None:
    """Take over the demo clock's row: once per request, per job and per round of the worker."""
    days = DemoClock.objects.values_list("days_ahead", flat=True).first() if settings.DEMO_CLOCK else 0
    _ahead.set(timedelta(days=days or 0))


def move_ahead(days: int) -> None:
    """Move the demo clock forward; it never runs back, for events would stand in the future."""
    if not settings.DEMO_CLOCK:
        raise RuntimeError("The clock can be moved in demo mode only.")
    if days < 1:
        raise ValueError("The clock only moves forward.")
    DemoClock.objects.get_or_create(pk=1)
    DemoClock.objects.filter(pk=1).update(days_ahead=F("days_ahead") + days)
    read()


@contextmanager
def travelling(days: int) -> Iterator[None]:
    """Let business time stand ``days`` from now (negative: in the past) for what demo data and trials write."""
    token = _ahead.set(_ahead.get() + timedelta(days=days))
    try:
        yield
    finally:
        _ahead.reset(token)
