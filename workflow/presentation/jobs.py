"""A job as the task centre shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow import clock
from workflow.enums import JobState
from workflow.models import Job
from workflow.presentation.times import minute_text

KINDS = {
    JobState.WAITING: "wait",
    JobState.RUNNING: "wait",
    JobState.DONE: "done",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "plain",
}
# Below this many rows or seconds an estimate would jump about.
STEADY_ROWS = 50
STEADY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class JobView:
    title: str
    state: str
    kind: str
    finished: bool
    done: int
    total: int
    succeeded: int
    refused: int
    asked: str
    speed: str
    error: str
    expires: str
    url: str
    progress_url: str
    cancel_url: str
    result_url: str
    result_name: str
    # Where the outcome stands row by row, for work that makes no file.
    page_url: str


def job_view(job: Job) -> JobView:
    state = JobState(job.state)
    finished = state not in (JobState.WAITING, JobState.RUNNING)
    args = [job.token]
    return JobView(
        title=job.title,
        state=str(state.label),
        kind=KINDS[state],
        finished=finished,
        done=job.done,
        total=max(job.total, job.done),
        succeeded=job.done - job.refused,
        refused=job.refused,
        asked=minute_text(job.created_at),
        speed=_speed(job) if state == JobState.RUNNING else "",
        error=job.error,
        expires=minute_text(job.expires_at) if state == JobState.DONE else "",
        url=reverse("workflow:job", args=args),
        progress_url=reverse("workflow:job_progress", args=args),
        cancel_url="" if finished else reverse("workflow:job_cancel", args=args),
        result_url=reverse("workflow:job_result", args=args) if has_result(job) else "",
        result_name=job.result_name,
        page_url=job.outcome.get("page", "") if finished else "",
    )


def has_result(job: Job) -> bool:
    return job.state == JobState.DONE and bool(job.result) and not _is_over(job.expires_at)


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment < clock.now()


def _speed(job: Job) -> str:
    """Rows a second and the time left, once both say something."""
    if job.started_at is None or job.heartbeat_at is None or job.done < STEADY_ROWS:
        return ""
    seconds = (clock.now() - job.started_at).total_seconds()
    if seconds < STEADY_SECONDS:
        return ""
    rate = job.done / seconds
    left = max(job.total - job.done, 0) / rate
    return _("%(rate).0f rows a second, about %(left).0f seconds left") % {"rate": rate, "left": left}
