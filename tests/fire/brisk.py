"""The worker of the product with short times: a dead one is missed after seconds, the beat knocks every second.

No guard is touched: leases, rounds and the size of a chunk only.
"""

from __future__ import annotations

from datetime import timedelta

import django

from portal.celery import app

django.setup()

from workflow import outbox  # noqa: E402
from workflow.services import jobs, selections  # noqa: E402

CHUNK = 4

jobs.STALE = timedelta(seconds=1)
outbox.LEASE = timedelta(seconds=2)
selections.CHUNK = CHUNK
app.conf.beat_schedule["round"] |= {"schedule": 0.5, "options": {"expires": 5.0}}

__all__ = ["app"]
