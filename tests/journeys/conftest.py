"""A county with all its offices and nobody's case; a browser of their own for everybody who acts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.accounts.factories import PASSWORD, OfficeFactory, OfficerFactory
from tests.journeys.desk import DESK, Desk
from workflow import clock
from workflow.enums import OrganisationKind

OFFICES = [kind for kind in OrganisationKind if kind.value.startswith(("county_", "city_"))]


@pytest.fixture
def movable_clock(transactional_db: None, settings: Any) -> Iterator[None]:
    """Every request and every round of the worker reads the demo clock's row; the flush after the test empties it."""
    settings.DEMO_CLOCK = True
    yield
    settings.DEMO_CLOCK = False
    clock.read()


@pytest.fixture
def sit_down(
    live_server: LiveServer,
    movable_clock: None,
    new_context: Callable[..., BrowserContext],
    axe: Callable[[Page], None],
) -> Callable[..., Desk]:
    """A desk with a browser of its own."""

    def sit(**options: Any) -> Desk:
        page = new_context(**options).new_page()
        page.set_viewport_size(DESK)
        page.set_default_timeout(15_000)
        return Desk(page, live_server.url, axe, scripts=options.get("java_script_enabled", True))

    return sit


@pytest.fixture
def officers(movable_clock: None) -> dict[str, str]:
    """{kind of office: user name of the officer there}"""
    return {
        kind.value: OfficerFactory(office=OfficeFactory(kind=kind), username=f"o-{kind.value}").username
        for kind in OFFICES
    }


@pytest.fixture
def office(sit_down: Callable[..., Desk], officers: dict[str, str]) -> Callable[[str], Desk]:
    """The officer of this kind of office, signed in; the same desk each time."""
    desks: dict[str, Desk] = {}

    def enter(kind: str) -> Desk:
        if kind not in desks:
            desks[kind] = sit_down()
            desks[kind].sign_in("工作人员登录", officers[kind], PASSWORD)
        return desks[kind]

    return enter
