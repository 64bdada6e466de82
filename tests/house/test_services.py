"""The second half of `make test` really runs on the services that it claims."""

import subprocess

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection

pytestmark = pytest.mark.services


def test_database_is_postgresql(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        version = cursor.fetchone()[0]

    assert version.startswith("PostgreSQL ")


def test_cache_is_redis() -> None:
    cache.set("house", "ground floor")

    assert cache._cache.get_client().info("server")["redis_version"] >= "6"
    assert cache.get("house") == "ground floor"


def test_worker_is_a_process_of_its_own(worker: subprocess.Popen[bytes]) -> None:
    answers = current_app.control.ping(timeout=2)

    assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]
    assert worker.poll() is None
