"""The worker of the product with short times: a dead one is missed after seconds, the beat knocks every second.

No guard is touched: leases, rounds and the size of a chunk only.
"""

from __future__ import annotations

from datetime import timedelta

import django

from portal.celery import app
from tests.fire import CHUNK

django.setup()

from accounts.services import sending  # noqa: E402
from workflow import outbox  # noqa: E402
from workflow.models import Job  # noqa: E402
from workflow.services import jobs, selections  # noqa: E402

jobs.STALE = timedelta(seconds=2)
outbox.LEASE = timedelta(seconds=2)
sending.LEASE = timedelta(seconds=2)
selections.CHUNK = CHUNK
app.conf.beat_schedule["round"] |= {"schedule": 0.5, "options": {"expires": 5.0}}


@app.task(name="fire.deliver")
def deliver(pk: int) -> None:
    """A job that was handed out once more, although somebody has it."""
    jobs.run_job(Job.objects.select_related("asked_by", "organisation").get(pk=pk))


__all__ = ["app"]
