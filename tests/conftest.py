"""What every test may ask for: a seeded database, clean caches, files of its own, a real worker, a real browser."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Page

from tools import messages
from workflow.seeding import seed_all
from workflow.triggers import drop_triggers, recreate_triggers

PHONE = {"width": 360, "height": 740}


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        messages.compile_catalogues()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` provides everything; whoever runs pytest alone is told what was left out."""
    lacking = {"services": not settings.REDIS_URL, "browser": shutil.which("chromium") is None}
    for item in items:
        for mark in (mark for mark, is_lacking in lacking.items() if is_lacking):
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=f"{mark}: run it with make test T=…"))


@pytest.fixture(scope="session", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("files"))
    storages._storages.clear()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        seed_all()


@pytest.fixture(scope="session", autouse=True)
def _flush_in_spite_of_triggers() -> Iterator[None]:
    """Append-only tables refuse to be emptied: stand the triggers aside for the flush, then seed again."""
    flush = TransactionTestCase._fixture_teardown

    def flush_and_seed(case: TransactionTestCase) -> None:
        drop_triggers(connection)
        flush(case)
        recreate_triggers(connection)
        seed_all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_and_seed)
        yield


def _database_url() -> str:
    """The address of the test database, for programs of their own."""
    database = connection.settings_dict
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{quote(database['NAME'])}"


@pytest.fixture(scope="session")
def start_worker(django_db_setup: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a real Celery worker on the test database, the test Redis and the test's files; stopped at the end."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        command = ["-m", "celery", "-A", "portal", "worker", "--concurrency", "1", "--loglevel", "warning"]
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": _database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "FILES_DIR": settings.MEDIA_ROOT,
            "TONGBAN_JOBS": "celery",
        }
        process = subprocess.Popen([sys.executable, *command, "--hostname", f"w{len(started)}@%h"], env=environment)
        started.append(process)
        deadline = time.monotonic() + 60
        while not current_app.control.ping(timeout=0.5):
            assert process.poll() is None, "the Celery worker ended at its start"
            assert time.monotonic() < deadline, "the Celery worker does not answer"
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def worker(transactional_db: None, start_worker: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    return start_worker()


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
        before = page.viewport_size
        page.set_viewport_size(PHONE)
        overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.set_viewport_size(before)
        assert overhang <= 0, f"{page.url} is {overhang} px too wide on a phone"

    return check


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parent.parent
