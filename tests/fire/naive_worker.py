"""The control's worker: what it has taken nobody else takes up, for there is no lease (as with an early ack).

Its decisions are made with the guards off, and messages are tasks of the broker that stand nowhere else.
"""

from __future__ import annotations

from datetime import timedelta

from tests.fire.brisk import app, jobs

from accounts.enums import Channel  # isort: skip
from accounts.models import Notification
from tests.fire import naive_web
from workflow import clock

__all__ = ["app", "naive_web"]

jobs.STALE = timedelta(days=3650)


@app.task(name=naive_web.TELL)
def tell(recipient: int, case: int) -> None:
    Notification.objects.create(
        recipient_id=recipient, channel=Channel.STATION, title="告知", body="", case_id=case, created_at=clock.now()
    )
