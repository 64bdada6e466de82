"""What every test may ask for: a seeded database, clean caches, files of its own, a real worker, a real browser."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hypothesis
import pytest
from axe_playwright_python.sync_playwright import Axe
from celery import current_app
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import Page

from tests.order import arrange
from tests.snapshot import take_snapshot
from tools import messages
from workflow import clock
from workflow.models import route_of
from workflow.presentation.times import calendar_of
from workflow.seeding import seed_all

PHONE = {"width": 360, "height": 740}
# By these a test is known to touch the database or the cache; all others are marked `pure`.
STORES = frozenset({"db", "transactional_db", "client"})
STORE_MARKS = ("django_db", "services", "browser")
# These floors leave their statements to Django: a whole run proves them on the database of production alone, but for
# tests that speak to the database themselves, or say that they belong on both.
UPPER = ("accounts", "talent", "subsidies")
SPOKEN_TO = ("connection", "IntegrityError")

# A machine under load is slow, not wrong; and two runs of one commit try the same examples.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")
# Playwright leaves an event loop running in the main thread. Django's own storage would from then on give the thread
# a second connection, which neither sees what the first one wrote nor is closed before the database is dropped.
connections._connections = threading.local()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        messages.compile_catalogues()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """`make test` provides everything; whoever runs pytest alone is told what was left out."""
    lacking = {
        "services": not settings.REDIS_URL,
        "browser": shutil.which("chromium") is None,
        "office": shutil.which("soffice") is None,
    }
    for item in items:
        for mark in (mark for mark, is_lacking in lacking.items() if is_lacking):
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=f"{mark}: run it with make test T=…"))
        if STORES.isdisjoint(item.fixturenames) and not any(map(item.get_closest_marker, STORE_MARKS)):
            item.add_marker("pure")
        elif item.path.parent.name in UPPER and not _belongs_on_sqlite(item):
            item.add_marker("production")
    yield
    if hasattr(config, "workerinput"):
        items[:] = arrange(items, config.workerinput["workercount"])


def _belongs_on_sqlite(item: pytest.Item) -> bool:
    module = item.getparent(pytest.Module)
    speaks = module is not None and any(hasattr(module.obj, name) for name in SPOKEN_TO)
    return speaks or any(map(item.get_closest_marker, ("embedded", "walk")))


@pytest.fixture(scope="session", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("files"))
    storages._storages.clear()


@pytest.fixture(autouse=True)
def _clean_slate() -> None:
    """What a process remembers beside its database: no test finds what another one left there."""
    cache.clear()
    route_of.cache_clear()
    calendar_of.cache_clear()
    ContentType.objects.clear_cache()
    translation.deactivate()
    clock._ahead.set(timedelta(0))


@pytest.fixture(autouse=True)
def _requests_end(request: pytest.FixtureRequest) -> Iterator[None]:
    """When the pages are closed, let their last requests end before the database is emptied."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(timeout=30)
            assert not thread.is_alive(), "a request to the live server has no end"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Seeded; and what a test has committed is gone after it, though append-only tables refuse to be emptied."""
    with django_db_blocker.unblock():
        # The tables are made from the models; a server that is ready asks for this one too.
        MigrationRecorder(connection).ensure_schema()
        seed_all()
        restore = take_snapshot()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: restore())
        yield


def _database_url() -> str:
    """The address of the test database, for programs of their own."""
    database = connection.settings_dict
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{quote(database['NAME'])}"


@pytest.fixture
def worker(transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on the test database, the test Redis and the test's files, for this one test."""
    command = ["-m", "celery", "-A", "portal", "worker", "--concurrency", "1", "--loglevel", "warning"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": _database_url(),
        "FILES_DIR": settings.MEDIA_ROOT,
        "TONGBAN_JOBS": "celery",
    }
    process = subprocess.Popen([sys.executable, *command], env=environment)
    try:
        deadline = time.monotonic() + 60
        while not current_app.control.ping(timeout=0.5):
            assert process.poll() is None, "the Celery worker ended at its start"
            assert time.monotonic() < deadline, "the Celery worker does not answer"
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    return browser_type_launch_args | {
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{feature}" for feature in quiet)],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fail with the rule and the element of each violation that axe finds on the page."""

    def check(page: Page) -> None:
        # A click returns when the next page has come, which may be before its first element is there.
        page.wait_for_load_state()
        violations = Axe().run(page).response["violations"]
        found = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert found == [], f"axe on {page.url}"

    return check


@pytest.fixture
def fits_phone() -> Callable[[Page], None]:
    """Fail when the page scrolls sideways at phone width; gives the page its size back."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        before = page.viewport_size
        page.set_viewport_size(PHONE)
        overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.set_viewport_size(before)
        assert overhang <= 0, f"{page.url} is {overhang} px too wide on a phone"

    return check


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parent.parent
