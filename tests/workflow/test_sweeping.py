"""Files that a crash has left behind go; what a row names, and what is young, stays."""

import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.workflow.board import Board
from tests.workflow.test_jobs import KIND, ask
from tests.workflow.toy import Town
from workflow import clock, registry
from workflow.enums import JobState
from workflow.models import Job
from workflow.services import sweeping
from workflow.services.jobs import JobCancelled, cancel_job, claim_job, expire_results, run_job, save_result

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    # The whole storage on any day.
    monkeypatch.setattr(sweeping, "SHARES", 1)


@pytest.fixture
def sweep(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def after(days: int = 2) -> int:
        monkeypatch.setattr(sweeping, "_swept_on", [])
        with time_machine.travel(clock.machine_now() + timedelta(days=days)):
            return sweeping.sweep_files()

    return after


def put(name: str) -> str:
    return default_storage.save(name, ContentFile(b"half of it"))


def test_second_file_of_a_name_goes_and_the_one_that_the_row_names_stays(
    sweep: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = uuid.uuid4().hex
    kept, double = put(f"toys/{token[:2]}/{token}"), put(f"toys/{token[:2]}/{token}")
    lost = put(f"toys/ff/{'f' * 32}")
    monkeypatch.setitem(sweeping._stores, "toys", lambda tokens: [kept] if uuid.UUID(token) in tokens else [])

    young, old = sweep(0), sweep()

    assert (young, old) == (0, 2)
    assert [default_storage.exists(name) for name in (kept, double, lost)] == [True, False, False]


def test_of_a_notice_the_latest_list_of_each_language_stays(board: Board, sweep: Callable[..., int]) -> None:
    notice, _cases = board.published(1)
    folder = f"notices/{notice.pk}"
    new, english = put(f"{folder}/zh-hans-{'b' * 16}.xlsx"), put(f"{folder}/en-{'a' * 16}.xlsx")
    old = put(f"{folder}/zh-hans-{'a' * 16}.xlsx")
    os.utime(default_storage.path(old), (1, 1))
    double, gone = put(new), put(f"notices/{notice.pk + 1}/zh-hans-{'a' * 16}.xlsx")

    young, swept = sweep(0), sweep()

    assert (young, swept) == (1, 2)
    assert [default_storage.exists(name) for name in (new, english)] == [True, True]
    assert [default_storage.exists(name) for name in (old, double, gone)] == [False] * 3


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_result_of_a_task_that_did_not_end_well_goes(town: Town, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    def write(job: Job) -> None:
        save_result(job, "名单.txt", ContentFile(b"half"))
        if end == "failed":
            raise RuntimeError
        cancel_job(job)
        raise JobCancelled

    monkeypatch.setitem(registry.jobs, KIND, write)
    job = ask(town)
    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)
    kept = Job.objects.get(pk=job.pk)
    assert (kept.state, default_storage.exists(kept.result.name)) == (JobState(end), True)

    with time_machine.travel(clock.now() + timedelta(seconds=1)):
        assert expire_results() == 1

    assert not default_storage.exists(kept.result.name)
