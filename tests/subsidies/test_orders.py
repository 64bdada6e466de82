"""Workbooks of the offices: short ones at once, long ones as a task; the same code writes both."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import SensitiveView
from subsidies.documents import downloads, orders, payouts
from subsidies.documents.orders import KINDS, WRITE_WORKBOOK
from tests.subsidies.bank import finance, read, row, workbook
from tests.subsidies.factories import ACCOUNT, make_submitted_application
from tests.subsidies.walking import application_at, officer_of, open_offices, walk
from workflow import clock
from workflow.actors import Actor
from workflow.enums import BatchKind, JobState
from workflow.models import Batch, Case, Job, Organisation
from workflow.services.jobs import STALE, claim_job, run_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


@pytest.fixture
def long_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are many."""
    monkeypatch.setattr(downloads, "AT_ONCE", 1)


def waiting_cases(count: int, to: str = "county_fin") -> list[Case]:
    open_offices()
    first = make_submitted_application()
    cases = [first.case, *(make_submitted_application(unit=first.case.unit).case for _n in range(count - 1))]
    walk(*cases, to=to)
    return cases


def texts(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def work() -> Job:
    job = claim_job()
    assert job is not None
    run_job(job)
    return Job.objects.get(pk=job.pk)


def ask(client: Client, name: str, actor: Actor, data: dict[str, str], *args: object) -> Any:
    assert actor.user is not None
    client.force_login(actor.user)
    return client.post(reverse(f"subsidies:{name}", args=args), data)


def file_of(job: Job) -> bytes:
    assert (job.state, job.error) == (JobState.DONE, "")
    with job.result.open("rb") as file:
        return bytes(file.read())


def test_short_list_comes_at_once(client: Client) -> None:
    waiting_cases(1)

    response = ask(client, "payout_list", finance(), {"reason": "7月发放"})

    assert isinstance(response, HttpResponse)
    assert ACCOUNT in str(texts(response.content))
    assert not Job.objects.exists()


@pytest.mark.usefixtures("long_lists")
def test_long_list_becomes_a_task_with_the_same_rows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_cases(2)
    monkeypatch.setattr(payouts, "CHUNK", 1)

    response = ask(client, "payout_list", finance(), {"reason": "7月发放"})

    job = work()
    assert response.headers["Location"] == reverse("workflow:job", args=[job.token])
    assert (job.kind, job.done, job.total) == (WRITE_WORKBOOK, 2, 2)
    monkeypatch.setattr(downloads, "AT_ONCE", 500)
    at_once = ask(client, "payout_list", finance(), {"reason": "7月发放"})
    assert texts(file_of(job))[-3:] == texts(at_once.content)[-3:]


@pytest.mark.usefixtures("long_lists")
def test_looks_of_a_task_that_begins_again_stand_once(client: Client) -> None:
    cases = waiting_cases(2)
    ask(client, "payout_list", finance(), {"reason": "7月发放"})
    job = work()
    long_ago = clock.machine_now() - STALE - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=long_ago)

    again = work()

    assert again.pk == job.pk
    assert sorted(SensitiveView.objects.values_list("case_id", flat=True)) == sorted(case.pk for case in cases)
    assert {look.reason for look in SensitiveView.objects.all()} == {f"7月发放（任务{job.pk}）"}


@pytest.mark.usefixtures("long_lists")
@pytest.mark.parametrize(("name", "kind"), [("batch_members", BatchKind.SUMMARY), ("batch_payout", BatchKind.PAYOUT)])
def test_long_lists_of_a_batch_are_tasks(client: Client, name: str, kind: BatchKind) -> None:
    cases = waiting_cases(2, to="person_confirm")
    batch = Batch.objects.filter(kind=kind).order_by("pk").last()
    assert batch is not None

    ask(client, name, officer_of(batch.organisation), {"reason": "核对"}, batch.pk)

    numbers = [line[0] for line in texts(file_of(work()))]
    assert numbers[-2:] == ["1", "2"]
    assert len(cases) == 2


@pytest.mark.usefixtures("long_lists")
def test_long_template_and_long_failures_are_tasks(client: Client) -> None:
    first, second = waiting_cases(2, to="person_confirm")
    ask(client, "bank_template", finance(), {})
    template = texts(file_of(work()))
    failed = read(workbook(row(first, "成功", last4="0000"), row(second, "也许")))

    ask(client, "bank_failed", finance(), {}, failed.token)

    rows = texts(file_of(work()))
    assert {line[0] for line in template[-2:]} == {first.number, second.number} == {line[0] for line in rows[-2:]}


def test_summary_per_county_is_as_long_as_the_city_has_counties(client: Client) -> None:
    waiting_cases(2, to="city_report")
    batch = Batch.objects.get(kind=BatchKind.SUMMARY)
    officer = officer_of(Organisation.objects.get(kind="city_hr"))
    client.force_login(officer.user)

    response = client.get(reverse("subsidies:batch_summary", args=[batch.pk]))

    assert len(texts(response.content)[-2:]) == 2
    assert not Job.objects.exists()


def test_a_task_sees_what_its_asker_may_see() -> None:
    case = application_at("person_confirm").case
    batch = Batch.objects.filter(kind=BatchKind.PAYOUT).last()
    assert batch is not None
    unit = officer_of(case.unit)

    with pytest.raises(Batch.DoesNotExist):
        KINDS["payout"](unit, {"batch": batch.pk, "reason": "看看"})


def test_twice_the_same_wish_is_one_task(client: Client, long_lists: None) -> None:
    waiting_cases(2)

    pages = {ask(client, "payout_list", finance(), {"reason": "7月发放"}).headers["Location"] for _n in range(2)}

    assert len(pages) == 1
    assert Job.objects.count() == 1
    assert uuid.UUID(pages.pop().strip("/").rpartition("/")[2]) == Job.objects.get().token
    assert orders.AT_ONCE == 500
