"""The clock that the chain needs to come to its end, the database without its triggers, and whole sites."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.fire.sites import brisk_worker, broker, cluster, control, naive_worker, product
from workflow import clock
from workflow.consistency.checks import checks
from workflow.models import DemoClock
from workflow.triggers import drop_triggers, recreate_triggers

__all__ = ["brisk_worker", "broker", "cluster", "control", "naive_worker", "product"]


@pytest.fixture
def movable_clock(db: None, settings: Any) -> Iterator[None]:
    settings.DEMO_CLOCK = True
    yield
    DemoClock.objects.all().delete()
    clock.read()


@pytest.fixture
def unlocked(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The triggers are gone: what a thief with all rights could do. That they are is no news."""
    monkeypatch.delitem(checks, "record.triggers")
    drop_triggers(connection)
    yield
    recreate_triggers(connection)
