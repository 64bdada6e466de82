"""A real Chromium opens the front door, on a desk and on a phone."""

from collections.abc import Callable
from contextvars import Context

import pytest
from django.db import connections
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_front_door_is_open_to_everybody(
    live_server: LiveServer, page: Page, language: str, axe: Callable[[Page], None], fits_phone: Callable[[Page], None]
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])

    page.goto(live_server.url)

    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    axe(page)
    fits_phone(page)


def test_browser_brings_no_second_connection(db: None, page: Page) -> None:
    """In Django's own storage each context of a thread with an event loop has a connection of its own."""
    elsewhere = Context().run(lambda: connections["default"])

    assert elsewhere is connections["default"]
