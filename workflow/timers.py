"""What happens because time has passed: stages that move on by themselves, the daily seal, expired files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F

from workflow import clock
from workflow.actors import SYSTEM
from workflow.enums import Action
from workflow.models import Case
from workflow.planning import closed_gates
from workflow.services.counters import drop_empty_counters
from workflow.services.perform import Seen, perform

logger = logging.getLogger(__name__)

Timer = Callable[[], int]

CHUNK = 500

_timers: list[Timer] = []
_rests: dict[Timer, timedelta] = {}
# When a timer that may rest found nothing to do.
_idle_since: dict[Timer, datetime] = {}


def register_timer(timer: Timer, *, rest: timedelta | None = None) -> Timer:
    """Called in every round of every worker: it must be cheap when nothing is due, and safe to run twice at once.

    Answers how many rows it dealt with. With ``rest``, a worker that found nothing does not look again for that long.
    """
    _timers.append(timer)
    if rest is not None:
        _rests[timer] = rest
    return timer


def run_timers() -> int:
    """Run each timer; one that fails is logged and tried again in the next round."""
    return sum(_run(timer) for timer in _timers)


def _run(timer: Timer) -> int:
    now = clock.now()
    if timer in _idle_since and now - _idle_since[timer] < _rests[timer]:
        return 0
    try:
        done = timer()
    except Exception:
        logger.exception("Timer %s failed", timer.__name__)
        return 0
    if timer in _rests and not done:
        _idle_since[timer] = now
    return done


register_timer(drop_empty_counters)


@register_timer
def move_due_cases() -> int:
    """The system approves what waits in an automatic stage past its day, where every gate is open."""
    moved, after = 0, 0
    while chunk := list(_due_cases(after)):
        after = chunk[-1].pk
        closed = closed_gates(Action.APPROVE, chunk)
        ready = [case for case in chunk if case.pk not in closed]
        for stage, cases in groupby(sorted(ready, key=_seat), key=_seat):
            moved += perform(Action.APPROVE, [Seen(c.pk, c.revision) for c in cases], SYSTEM, stage=stage[1]).done
    return moved


def _seat(case: Case) -> tuple[str, str]:
    return case.case_type, case.stage


def _due_cases(after: int) -> list[Case]:
    return list(
        Case.objects.overdue(clock.today())
        .filter(chain__stages__slug=F("stage"), chain__stages__automatic=True, pk__gt=after)
        .select_related("region")
        .order_by("pk")[:CHUNK]
    )
