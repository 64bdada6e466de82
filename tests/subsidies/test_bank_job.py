"""The reading of 银行回单 as a task: pressed twice, delivered three times, killed in the middle."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subsidies.models import Arrival, BankFile, BankRow, Bounce
from subsidies.services import bank_results
from subsidies.services.bank_results import read_bank_file
from tests.subsidies.bank import finance, keep, read, row, workbook
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import open_offices, walk
from workflow import clock
from workflow.enums import JobState
from workflow.models import Case, Job, OutboxMessage
from workflow.services import sweeping
from workflow.services.jobs import STALE, cancel_job, claim_job, run_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


class Killed(BaseException):
    """What no handler of the job catches: the process is gone."""


@pytest.fixture
def paid(movable_clock: None) -> list[Case]:
    open_offices()
    first = make_submitted_application()
    others = [make_submitted_application(unit=first.case.unit) for _number in range(3)]
    cases = [first.case, *(other.case for other in others)]
    walk(*cases, to="person_confirm")
    return [Case.objects.get(pk=case.pk) for case in cases]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_results, "PART", 1)


def answers(cases: list[Case]) -> bytes:
    return workbook(*(row(case, "退票", "户名不符") if n % 2 else row(case, "成功") for n, case in enumerate(cases)))


def ledger() -> tuple[int, int, int, int]:
    told = OutboxMessage.objects.filter(kind="subsidies.bounced").count()
    return Arrival.objects.count(), Bounce.objects.count(), told, BankRow.objects.count()


def test_the_form_pressed_twice_keeps_one_file_and_asks_once(paid: list[Case]) -> None:
    token = uuid.uuid4()
    first = keep(answers(paid), token=token)

    second = keep(answers(paid), token=token)

    assert second == first
    assert (BankFile.objects.count(), Job.objects.count()) == (1, 1)


def test_task_tells_how_far_it_is_and_where_its_result_stands(paid: list[Case], small_parts: None) -> None:
    bank_file = read(workbook(row(paid[0], "成功"), row(paid[1], "成功", last4="0000")))

    job = bank_file.job
    assert (job.state, job.done, job.refused, job.total) == (JobState.DONE, 2, 1, 2)
    assert job.outcome == {"page": f"/ledger/bank/{bank_file.token}/"}


def test_task_delivered_three_times_records_once(paid: list[Case], small_parts: None) -> None:
    bank_file = read(answers(paid))
    once, job = ledger(), bank_file.job
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)

    for _time in range(2):
        read_bank_file(Job.objects.get(pk=job.pk))

    assert ledger() == once == (2, 2, 2, 4)
    bank_file.refresh_from_db()
    assert (bank_file.recorded, bank_file.known, bank_file.failed) == (4, 0, 0)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_task_killed_in_the_middle_goes_on_where_it_was(
    paid: list[Case], small_parts: None, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    bank_file = keep(answers(paid))
    _die_after(monkeypatch, after)
    job = claim_job()
    assert job is not None
    with pytest.raises(Killed):
        run_job(job)
    assert sum(ledger()[:2]) == after
    monkeypatch.undo()
    long_ago = clock.machine_now() - STALE - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)

    again = claim_job()
    assert again is not None
    run_job(again)

    assert ledger() == (2, 2, 2, 4)
    bank_file.refresh_from_db()
    assert (bank_file.recorded, bank_file.known, bank_file.failed) == (4, 0, 0)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def _die_after(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    """The part after these is written and never committed."""
    write, left = bank_results.BankRow.objects.bulk_create, [parts]

    def die(rows: Any) -> Any:
        written = write(rows)
        if not left[0]:
            raise Killed
        left[0] -= 1
        return written

    monkeypatch.setattr(bank_results.BankRow.objects, "bulk_create", die)


def test_cancelled_task_keeps_what_it_recorded_and_the_file_again_goes_on(
    paid: list[Case], small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank_file, write = keep(answers(paid)), bank_results.record_part

    def cancel_then_write(*args: Any) -> BankFile:
        cancel_job(bank_file.job)
        return write(*args)

    monkeypatch.setattr(bank_results, "record_part", cancel_then_write)
    job = claim_job()
    assert job is not None
    run_job(job)
    monkeypatch.undo()
    assert (Job.objects.get(pk=job.pk).state, sum(ledger()[:2])) == (JobState.CANCELLED, 1)

    again = read(answers(paid))

    assert (again.recorded, again.known) == (3, 1)
    assert ledger()[:3] == (2, 2, 2)


def test_a_part_costs_the_same_statements_whatever_its_rows(paid: list[Case]) -> None:
    def statements(cases: list[Case]) -> int:
        bank_file = keep(workbook(*(row(case, "成功") for case in cases)))
        job = claim_job()
        assert job == bank_file.job
        with CaptureQueriesContext(connection) as captured:
            run_job(job)
        return len(captured)

    one = statements(paid[:1])

    assert statements(paid[1:]) == one


def test_only_the_office_that_uploaded_sees_its_files(paid: list[Case]) -> None:
    bank_file = read(answers(paid))

    assert BankFile.objects.of_office(finance().organisation).get() == bank_file
    assert not BankFile.objects.of_office(paid[0].supervisor).exists()


def test_workbook_that_no_row_names_is_swept_away(paid: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "SHARES", 1)
    monkeypatch.setattr(sweeping, "_swept_on", [])
    kept, lost = keep(answers(paid)), keep(workbook())
    BankFile.objects.filter(pk=lost.pk).delete()

    with time_machine.travel(clock.machine_now() + timedelta(days=2)):
        sweeping.sweep_files()

    storage = kept.file.storage
    assert [storage.exists(bank_file.file.name) for bank_file in (kept, lost)] == [True, False]
