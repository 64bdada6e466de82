"""The clock that tests of the chain move past the end of a public notice."""

from collections.abc import Iterator
from typing import Any

import pytest

from workflow import clock
from workflow.models import DemoClock


@pytest.fixture
def movable_clock(db: None, settings: Any) -> Iterator[None]:
    settings.DEMO_CLOCK = True
    yield
    DemoClock.objects.all().delete()
    clock.read()
