"""The clock that the chain needs to come to its end, and the database without its triggers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from workflow import clock
from workflow.models import DemoClock
from workflow.triggers import drop_triggers, recreate_triggers


@pytest.fixture
def movable_clock(db: None, settings: Any) -> Iterator[None]:
    settings.DEMO_CLOCK = True
    yield
    DemoClock.objects.all().delete()
    clock.read()


@pytest.fixture
def unlocked(db: None) -> Iterator[None]:
    """The triggers are gone: what a thief with all rights could do."""
    drop_triggers(connection)
    yield
    recreate_triggers(connection)
