"""One round of the worker, and the thread that makes rounds beside the web server of the embedded default."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections

from workflow import clock
from workflow.outbox import deliver_pending
from workflow.services.jobs import claim_job, run_job
from workflow.timers import run_timers
from workflow.worker_wake import on_wake

logger = logging.getLogger(__name__)

# Rows left by another process, and days that pass, are found after this many seconds at the latest.
ROUND_SECONDS = 20


def work_once() -> int:
    """What time has brought, then messages, then long work; answers how much was done. Nothing escapes."""
    clock.read()
    return sum(_survive(part) for part in (run_timers, deliver_pending, _run_jobs))


def _survive(part: object) -> int:
    try:
        return part()  # type: ignore[operator, no-any-return]
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


def start_worker_thread() -> threading.Thread:
    """Rounds for as long as the process lives; woken at once by the commits of this process."""
    woken = threading.Event()
    on_wake(woken.set)
    thread = threading.Thread(target=_make_rounds, args=[woken], name="worker", daemon=True)
    thread.start()
    return thread


def _make_rounds(woken: threading.Event) -> None:
    while True:
        woken.clear()
        close_old_connections()
        _survive(work_once)
        close_old_connections()
        woken.wait(ROUND_SECONDS)
