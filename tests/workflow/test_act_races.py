"""One form with a file, pressed twice in the same instant, on a real PostgreSQL."""

import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tests.workflow.files import pdf
from tests.workflow.toy import Town
from workflow.enums import Action
from workflow.models import Act, CaseEvent, Material
from workflow.services.selections import Decision, decide_one

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def kept_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def is_blocked() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the server would give the first answer again and again.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def run_until_blocked(work: Callable[[], object]) -> threading.Thread:
    """Start it beside an open transaction of ours, and go on when it waits for that (or has ended)."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 20
    while thread.is_alive() and not is_blocked():
        assert time.monotonic() < deadline, "it neither waits for the transaction nor ends"
        time.sleep(0.02)
    return thread


def test_the_same_form_twice_at_once_keeps_one_file(town: Town) -> None:
    case, actor, before = town.at("city"), town.actor("city"), kept_files()
    decision = Decision(Action.APPROVE, uuid.uuid4(), payload={"voucher": "P1", "paid_on": "2026-11-20"})
    acts: list[Act] = []

    def press() -> None:
        acts.append(decide_one(case, actor, decision, {"paper": SimpleUploadedFile("凭证.pdf", pdf())}, case.revision))

    with transaction.atomic():
        press()
        second = run_until_blocked(press)
    second.join(timeout=30)

    assert [(act.pk, act.done) for act in acts] == [(decision.token, 1)] * 2
    kept = Material.objects.get(kind="paper")
    assert CaseEvent.objects.get(act=decision.token).payload["paper"]["id"] == kept.pk
    assert len(kept_files() - before) == 1
