"""The progress of a job, told so often that a bar moves and a cancelled job stops, and no more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from workflow.models import Job
from workflow.services.jobs import report_progress

T = TypeVar("T")

REPORT_SECONDS = 0.5


def counted(job: Job, items: Iterable[T], *, total: int, refused: int = 0) -> Iterator[T]:
    """The items as they pass; ``refused`` of the total are not among them. Raises JobCancelled or JobLost."""
    done = refused
    report_progress(job, done=done, refused=refused, total=total)
    reported = time.monotonic()
    for item in items:
        yield item
        done += 1
        if time.monotonic() - reported >= REPORT_SECONDS:
            report_progress(job, done=done, refused=refused, total=max(total, done))
            reported = time.monotonic()
    report_progress(job, done=done, refused=refused, total=done)
