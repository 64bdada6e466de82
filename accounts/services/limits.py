"""Limits counted in the database: they hold when the cache is away, and for parallel requests too."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Limit
from workflow import clock
from workflow.encryption import keyed_hash
from workflow.timers import register_timer
from workflow.visitors import counter


@counter
def take(kind: str, name: str, *, tries: int, seconds: int) -> bool:
    """Count this try of ``name``; False where there were ``tries`` within ``seconds`` already.

    Wall-clock time: a moved business date opens no lock. The count comes before what is counted is checked,
    so that a hundred parallel guesses are a hundred tries.
    """
    now, key = clock.machine_now(), keyed_hash(kind, name)
    old = now - timedelta(seconds=seconds)
    rows = Limit.objects.filter(kind=kind, key=key)
    if rows.filter(since__gt=old, tries__lt=tries).update(tries=F("tries") + 1):
        return True
    if rows.filter(since__lte=old).update(tries=1, since=now):
        return True
    if not _begin(kind, key, now):
        # Another request was faster by a moment, or the number is used up.
        return bool(rows.filter(since__gt=old, tries__lt=tries).update(tries=F("tries") + 1))
    return True


def _begin(kind: str, key: str, now: datetime) -> bool:
    if Limit.objects.filter(kind=kind, key=key).exists():
        return False
    try:
        with transaction.atomic():
            Limit.objects.create(kind=kind, key=key, tries=1, since=now)
    except IntegrityError:
        return False
    return True


def left(kind: str, name: str, *, tries: int, seconds: int) -> int:
    """How many tries ``take`` would still allow."""
    since = clock.machine_now() - timedelta(seconds=seconds)
    row = Limit.objects.filter(kind=kind, key=keyed_hash(kind, name), since__gt=since).first()
    return max(tries - (row.tries if row is not None else 0), 0)


def give_back(kind: str, name: str) -> None:
    """A try that was right does not count."""
    Limit.objects.filter(kind=kind, key=keyed_hash(kind, name), tries__gt=0).update(tries=F("tries") - 1)


def unlock(kind: str, name: str) -> None:
    Limit.objects.filter(kind=kind, key=keyed_hash(kind, name)).delete()


def forget_old_limits(*, days: int = 2) -> int:
    """What no limit counts any more."""
    return Limit.objects.filter(since__lt=clock.machine_now() - timedelta(days=days)).delete()[0]


register_timer(forget_old_limits, rest=timedelta(hours=6))
