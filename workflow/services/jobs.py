"""Long work as rows: asked for, claimed by a worker, done with progress, its result kept for a while."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import IO, Any

from django.core.files.base import File
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.enums import JobState
from workflow.models import Duty, Job
from workflow.models.place import DutyQuerySet
from workflow.worker_wake import wake_workers

logger = logging.getLogger(__name__)

# A running job that has not stirred for this long belongs to a dead worker.
STALE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
RESULT_KEPT = timedelta(hours=32)


class JobCancelled(Exception):
    """Somebody cancelled the job; the work stops at its next report of progress."""


class DutyEnded(Exception):
    """The duty in which the work was asked for has ended."""


class JobLost(Exception):
    """Another worker took the job over while this one was silent."""


@transaction.atomic
def start_job(
    kind: str, title: str, params: Mapping[str, Any], actor: Actor, *, total: int = 0, token: uuid.UUID | None = None
) -> Job:
    """Put work in the queue. The same form token again, or the same work still under way, answers the first job."""
    if kind not in registry.jobs:
        raise ValueError(f"No job is registered as {kind!r}.")
    assert actor.user_id is not None, "the system asks for no jobs"
    mine = Job.objects.filter(asked_by_id=actor.user_id, kind=kind)
    under_way = Q(state__in=[JobState.WAITING, JobState.RUNNING], params=dict(params))
    first = mine.filter(Q(token=token) | under_way if token else under_way).first()
    if first is not None:
        return first
    job = Job.objects.create(
        token=token or uuid.uuid4(),
        kind=kind,
        title=title,
        params=dict(params),
        asked_by_id=actor.user_id,
        organisation_id=actor.organisation_id,
        role=actor.role,
        total=total,
        created_at=clock.now(),
    )
    transaction.on_commit(wake_workers)
    return job


def actor_of(job: Job) -> Actor:
    """Whoever asked, in the duty they asked in: a job sees what they could see. Raises DutyEnded."""
    if job.organisation_id is None:
        return Actor(user=job.asked_by)
    duty = _duty_of(job).first()
    if duty is None:
        raise DutyEnded
    return Actor.in_duty(duty, job.asked_by)


def _duty_of(job: Job) -> DutyQuerySet:
    duties = Duty.objects.of(job.asked_by_id).on(clock.today())
    return duties.filter(organisation=job.organisation_id, role=job.role)


def duty_holds(job: Job) -> bool:
    """Whether who asked may still act as they could then: the account is open, and the duty has not ended."""
    if not job.asked_by.is_active:
        return False
    if job.organisation_id is None:
        return True
    return _duty_of(job).exists()


@transaction.atomic
def claim_job() -> Job | None:
    """The oldest job that waits, or whose worker died; nobody else gets it."""
    now = clock.machine_now()
    stale = Q(state=JobState.RUNNING, heartbeat_at__lt=now - STALE)
    job = (
        Job.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked, of=("self",))
        .filter(Q(state=JobState.WAITING) | stale)
        .select_related("asked_by", "organisation")
        .order_by("id")
        .first()
    )
    if job is None:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        _finish(job, JobState.FAILED, error=_("The work stopped several times without an end. Please report it."))
        return claim_job()
    job.state, job.attempts, job.heartbeat_at = JobState.RUNNING, job.attempts + 1, now
    job.started_at = job.started_at or clock.now()
    job.done = job.refused = 0
    job.save(update_fields=["state", "attempts", "heartbeat_at", "started_at", "done", "refused"])
    return job


def run_job(job: Job) -> None:
    """Do the work; whatever happens ends in the row, and nothing escapes."""
    try:
        if not duty_holds(job):
            raise DutyEnded
        registry.jobs[job.kind](job)
    except DutyEnded:
        error = _("The task was stopped: the duty in which it was asked for has ended, or the account is closed.")
        _finish(job, JobState.FAILED, error=error)
    except (JobCancelled, JobLost):
        logger.info("Job %s stopped: cancelled or taken over", job.pk)
    except (InterfaceError, OperationalError):
        # The database went away: the job stays ours until its lease runs out, then somebody begins it again.
        logger.exception("Job %s (%s) lost the database", job.pk, job.kind)
    except Exception:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        _finish(job, JobState.FAILED, error=_("The work failed. Try again; if it fails again, please report it."))
    else:
        _finish(job, JobState.DONE)


def report_progress(job: Job, *, done: int, refused: int = 0, total: int | None = None) -> None:
    """Write how far the work is, which is also its sign of life. Raises JobCancelled or JobLost."""
    job.done, job.refused = done, refused
    job.total = job.total if total is None else total
    alive = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    if alive.update(done=done, refused=refused, total=job.total, heartbeat_at=clock.machine_now()):
        return
    state = Job.objects.values_list("state", flat=True).get(pk=job.pk)
    raise JobCancelled if state == JobState.CANCELLED else JobLost


def save_result(job: Job, name: str, content: IO[bytes]) -> None:
    """Keep the file that the work made; ``name`` is what the person's browser will call it."""
    # A worker that died here has left its file: nobody would ever name it.
    job.result.storage.delete(job.result.field.generate_filename(job, job.token.hex))
    job.result.save(job.token.hex, File(content), save=False)
    job.result_name = name[:120]
    job.save(update_fields=["result", "result_name"])


@transaction.atomic
def cancel_job(job: Job) -> bool:
    """Whether it could still be cancelled. A result that comes all the same has expired before it comes."""
    cancelled = Job.objects.filter(pk=job.pk, state__in=[JobState.WAITING, JobState.RUNNING]).update(
        state=JobState.CANCELLED, finished_at=clock.now(), expires_at=clock.now(), params=_without_words(job)
    )
    return bool(cancelled)


@transaction.atomic
def drop_results(user_id: int) -> None:
    """Nobody fetches them any more: what is under way is cancelled, what is there goes at the next expiry."""
    now = clock.now()
    mine = Job.objects.filter(asked_by_id=user_id)
    mine.exclude(result="").update(expires_at=now)
    for job in mine.filter(state__in=[JobState.WAITING, JobState.RUNNING]).order_by("pk"):
        cancel_job(job)


def expire_results() -> int:
    """Delete the files whose time is over; the rows stay as the record of who asked for what."""
    expired = list(Job.objects.filter(expires_at__lt=clock.now()).exclude(result=""))
    for job in expired:
        storage, name = job.result.storage, job.result.name
        Job.objects.filter(pk=job.pk).update(result="")
        storage.delete(name)
    return len(expired)


def _finish(job: Job, state: JobState, *, error: str = "") -> None:
    now = clock.now()
    expires_at = now + RESULT_KEPT if state == JobState.DONE else now
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        state=state,
        error=error,
        finished_at=now,
        expires_at=expires_at if job.result else None,
        outcome=job.outcome,
        params=_without_words(job),
    )


def _without_words(job: Job) -> dict[str, Any]:
    """What was asked, less the opinion that a decision carries: it stands beside the events, where it can be erased."""
    params: dict[str, Any] = job.params
    return params | {"opinion": ""} if params.get("opinion") else params
