"""Celery only wakes: what there is to do stands in the database, so a flushed broker loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from workflow.worker import work_once
from workflow.worker_wake import on_wake

logger = logging.getLogger(__name__)


@shared_task(name="workflow.work", ignore_result=True)
def work() -> None:
    work_once()


def wake_celery() -> None:
    """Without a broker the rows wait for the beat of the next minute."""
    try:
        work.apply_async(retry=False)
    except (OperationalError, RedisError):
        logger.warning("The broker does not answer; the next round will find the rows")


if settings.JOBS == "celery":
    on_wake(wake_celery)
