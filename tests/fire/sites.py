"""Fixtures: a durable PostgreSQL, a Redis, and on them the product and the control, each with its own database.

They end with the last test under fire: workers that knock at every moment would slow down whatever follows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.fire.crashes import GATE_SQL
from tests.fire.servers import Postgres, Redis
from tests.fire.site import ACKS_EARLY, BRISK, GUARDS_OFF, PRODUCT, Site, Worker
from tests.fire.town import Town
from workflow.seeding import seed_all

# What would stop the naive program of the control by accident: the database keeps one event of each number.
GUARDS = {"workflow_caseevent": ["event_seq_once"], "workflow_filing": ["filing_number_once"]}


@pytest.fixture(scope="package")
def cluster(django_test_environment: None, django_db_blocker: Any) -> Iterator[Postgres]:
    """Two seeded databases on a server of their own."""
    with tempfile.TemporaryDirectory(prefix="tongban-fire-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        home = Path(folder, "postgres")
        home.mkdir()
        postgres = Postgres(home, django_db_blocker)
        try:
            postgres.start()
            postgres.execute("CREATE DATABASE product")
            with postgres.in_process("product"):
                call_command("migrate", run_syncdb=True, verbosity=0)
                seed_all()
            postgres.execute("CREATE DATABASE control TEMPLATE product")
            for table, names in GUARDS.items():
                for name in names:
                    postgres.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}", "control")
            yield postgres
        finally:
            postgres.stop()


@pytest.fixture(scope="package")
def broker() -> Iterator[Redis]:
    redis = Redis()
    redis.start()
    yield redis
    redis.stop()


def _site(cluster: Postgres, broker: Redis, database: str, entry: str, place: int) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tongban-files-", ignore_cleanup_errors=True) as folder:
        site = Site(cluster, broker, database, Path(folder), place=place)
        try:
            # It starts while the town is built.
            site.web = site.serve(entry)
            with site.in_process():
                site.town = Town()
            site.web.wait()
            yield site
        finally:
            site.close()
            # pytest shows it where a test fails.
            print(site.log())


@pytest.fixture(scope="package")
def product(cluster: Postgres, broker: Redis) -> Iterator[Site]:
    yield from _site(cluster, broker, "product", PRODUCT, 0)


@pytest.fixture(scope="package")
def control(cluster: Postgres, broker: Redis) -> Iterator[Site]:
    yield from _site(cluster, broker, "control", GUARDS_OFF, 1)


def _worker(site: Site, entry: str) -> Iterator[Worker]:
    site.postgres.execute(GATE_SQL, site.database)
    yield site.hire(entry)


@pytest.fixture(scope="package")
def brisk_worker(product: Site) -> Iterator[Worker]:
    yield from _worker(product, BRISK)


@pytest.fixture(scope="package")
def naive_worker(control: Site) -> Iterator[Worker]:
    yield from _worker(control, ACKS_EARLY)
