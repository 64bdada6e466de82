"""A queue as a workbook: columns, filter, who may ask, what LibreOffice makes of it, how much memory it takes."""

import csv
import io
import subprocess
import tracemalloc
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.workflow.factories import UserFactory
from tests.workflow.toy import TOY, Town
from workflow import registry, spreadsheets
from workflow.enums import Action, JobState
from workflow.models import Case, Job
from workflow.seats import seat_of
from workflow.services import exports
from workflow.services.exports import start_export
from workflow.services.jobs import cancel_job, claim_job, run_job
from workflow.worker import work_once

SEAL = "130902199003070015"


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(town: Town, criteria: str) -> tuple[Client, Job]:
    client = client_of(town.unit.user)
    response = client.post(reverse("workflow:export_queue", args=[TOY, "unit"]), {"criteria": criteria})
    job = Job.objects.get()
    assert response["Location"] == reverse("workflow:job", args=[job.token])
    return client, job


def exported(town: Town, criteria: str = "") -> bytes:
    client, job = ask(town, criteria)
    work_once()
    return client.get(reverse("workflow:job_result", args=[job.token])).getvalue()


def begin(town: Town) -> None:
    seat = seat_of(town.actor("unit"), TOY, "unit")
    assert seat is not None
    start_export(seat, town.actor("unit"), criteria="")


def rows_of(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_queue_is_exported_with_its_columns_and_where_each_case_stands(town: Town) -> None:
    first, second = town.at("unit"), town.at("unit")

    rows = rows_of(exported(town))

    header = next(index for index, row in enumerate(rows) if "姓名" in row)
    assert rows[header] == [
        "办件编号",
        "姓名",
        "证件号码",
        "学历",
        "补助申领起始日期",
        "补贴月数",
        "合计金额",
        "上报时间",
        "状态",
        "到达本环节日期",
        "办理期限",
    ]
    assert [row[0] for row in rows[header + 1 :]] == [first.number, second.number]
    assert rows[-1][2] == second.summary["id_masked"]
    assert rows[-1][5:7] == [6, 6000]
    assert rows[-1][8] == "待单位审核"
    assert [cell.date() for cell in rows[-1][9:11]] == [_local_day(second.entered_at), second.due_on]


def _local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def test_graduate_rent_has_the_fifteen_columns_that_offices_work_with() -> None:
    rent = registry.case_types["graduate_rent"]

    keys = ["number", *(column.key for column in (*rent.columns, *rent.export_columns, *exports.OF_THE_FLOW))]

    assert len(keys) == len(set(keys)) == 15


def test_export_keeps_to_the_filter(town: Town) -> None:
    first = town.at("unit")
    town.at("unit")

    rows = rows_of(exported(town, f"name={first.subject}"))

    assert [row[1] for row in rows[-2:]] == ["姓名", first.subject]


def test_export_of_what_was_passed_on_says_when(town: Town) -> None:
    passed, _waiting = town.at("unit"), town.at("unit")
    town.move(passed, Action.APPROVE)

    rows = rows_of(exported(town, "tab=approved"))

    shown = dict(zip(rows[-2], rows[-1], strict=True))
    assert (shown["办件编号"], shown["状态"]) == (passed.number, "待单位上报")
    assert shown["办理时间"].date() == _local_day(timezone.now())


def test_export_takes_nothing_for_a_formula(town: Town) -> None:
    town.at("unit", subject="=HYPERLINK(1)")

    assert rows_of(exported(town))[-1][1] == "=HYPERLINK(1)"


def test_export_of_another_seat_is_refused(town: Town) -> None:
    response = client_of(town.county.user).post(reverse("workflow:export_queue", args=[TOY, "unit"]))

    assert response.status_code == 403
    assert not Job.objects.exists()


def test_export_is_for_whoever_asked(town: Town) -> None:
    town.at("unit")
    _client, job = ask(town, "")
    work_once()

    for name in ("job", "job_progress", "job_result"):
        assert client_of(UserFactory()).get(reverse(f"workflow:{name}", args=[job.token])).status_code == 404
        assert client_of(town.county.user).get(reverse(f"workflow:{name}", args=[job.token])).status_code == 404


def test_export_shows_nothing_to_a_duty_that_has_ended(town: Town) -> None:
    town.at("unit")
    begin(town)
    Job.objects.update(role="leader")

    work_once()

    job = Job.objects.get()
    assert (job.state, job.result.name) == (JobState.FAILED, "")


def test_cancelled_export_leaves_no_file(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(3):
        town.at("unit")
    begin(town)
    monkeypatch.setattr("workflow.services.progress.REPORT_SECONDS", 0)
    job = claim_job()
    assert job is not None
    cancel_job(job)

    run_job(job)

    job = Job.objects.get()
    assert (job.state, job.result.name) == (JobState.CANCELLED, "")


def test_more_rows_than_excel_holds_go_on_in_further_sheets(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    numbers = [town.at("unit").number for _case in range(5)]

    book = openpyxl.load_workbook(io.BytesIO(exported(town)))

    shares = [[row[0] for row in sheet.iter_rows(min_row=4, values_only=True)] for sheet in book]
    assert shares == [numbers[:2], numbers[2:4], numbers[4:]]


@pytest.mark.office
def test_libreoffice_opens_it_with_numbers_as_text_and_no_formula(town: Town, tmp_path: Path) -> None:
    town.at("unit", subject="=1+1")
    town.at("unit", subject=SEAL)
    book = tmp_path / "queue.xlsx"
    book.write_bytes(exported(town))

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(tmp_path), str(book)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    rows = list(csv.reader((tmp_path / "queue.csv").read_text().splitlines()))
    assert [row[1] for row in rows[-2:]] == ["=1+1", SEAL]
    assert rows[-1][6] == "6,000.00"
    assert rows[-1][9] == timezone.localtime(Case.objects.latest("pk").entered_at).strftime("%Y-%m-%d")


def test_memory_does_not_grow_with_the_rows(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "CHUNK", 20)
    peaks = []
    for more in (50, 350):
        for _number in range(more):
            town.at("unit")
        begin(town)
        job = claim_job()
        assert job is not None
        tracemalloc.start()
        run_job(job)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5
