"""Celery only wakes the workers: the database is the queue, so a flushed broker loses nothing."""

import logging
import logging.config
import os

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings

from portal.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("tongban")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    # However long the broker is away, the worker asks for it again.
    broker_connection_max_retries=None,
    # Nor does it end over an answer of the broker that makes no sense to it.
    broker_channel_error_retry=True,
    broker_transport_options={
        # A broker that hangs must not hold up the request that only wants to knock; far above the polls of the workers.
        "socket_timeout": 3.0,
        "socket_connect_timeout": 3.0,
        # Calls that a worker has taken and not yet followed are not written down in the broker: losing one loses
        # nothing, and a worker that lost its broker with calls in hand would end over giving them back.
        "ack_emulation": False,
    },
    # A call that nobody took within a round is worth nothing: the next one does the same.
    beat_schedule={"round": {"task": "workflow.work", "schedule": 60.0, "options": {"expires": 60.0}}},
)
app.autodiscover_tasks()


@setup_logging.connect
def keep_the_logs(loglevel: int | None = None, **_event: object) -> None:
    """As everywhere else: Celery's own handlers would write phones and numbers unmasked."""
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("celery").setLevel(loglevel or logging.WARNING)


@worker_process_init.connect
def settle_in(**_event: object) -> None:
    settle()
