"""One round of the worker, and the threads that make rounds beside the web server of the embedded default."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from django.db import close_old_connections

from workflow import clock
from workflow.outbox import deliver_pending
from workflow.services.jobs import claim_job, run_job
from workflow.timers import run_timers
from workflow.worker_wake import on_wake

logger = logging.getLogger(__name__)

Part = Callable[[], int]

# Rows left by another process, and days that pass, are found after this many seconds at the latest.
ROUND_SECONDS = 20


def work_once() -> int:
    """What time has brought, then messages, then long work; answers how much was done. Nothing escapes."""
    return _work((run_timers, deliver_pending, _run_jobs))


def _work(parts: Sequence[Part]) -> int:
    clock.read()
    return sum(_survive(part) for part in parts)


def _survive(part: Part) -> int:
    try:
        return part()
    except Exception:
        logger.exception("A part of the worker's round failed")
        return 0


def _run_jobs() -> int:
    done = 0
    while (job := claim_job()) is not None:
        run_job(job)
        # A message that the job has caused waits for no other job.
        done += 1 + deliver_pending()
    return done


def start_worker_threads(ended: threading.Event) -> list[threading.Thread]:
    """Rounds until the process ends, woken at once by its commits; no message waits for long work.

    Whoever sets ``ended`` wakes them once more: each finishes the round it is in.
    """
    return [_start("messages", (run_timers, deliver_pending), ended), _start("jobs", (_run_jobs,), ended)]


def _start(name: str, parts: Sequence[Part], ended: threading.Event) -> threading.Thread:
    woken = threading.Event()
    on_wake(woken.set)
    thread = threading.Thread(target=_make_rounds, args=[woken, parts, ended], name=name, daemon=True)
    thread.start()
    return thread


def _make_rounds(woken: threading.Event, parts: Sequence[Part], ended: threading.Event) -> None:
    while not ended.is_set():
        woken.clear()
        close_old_connections()
        _survive(lambda: _work(parts))
        close_old_connections()
        woken.wait(ROUND_SECONDS)
