"""What the pages of 银行回单 show: the file, how far it is read, what became of each row."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from subsidies.enums import RowOutcome
from subsidies.models import BankFile
from workflow.actors import Actor
from workflow.case_lists import Status
from workflow.keyset import Keyset, read_cursor
from workflow.presentation.jobs import JobView, job_view
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import minute_text

IN_ORDER = Keyset(("row",), "n")
RECENT = 5
KINDS = {
    RowOutcome.ARRIVED: "done",
    RowOutcome.RETURNED: "done",
    RowOutcome.KNOWN: "plain",
    RowOutcome.UNKNOWN: "bad",
    RowOutcome.REFUSED: "bad",
}


@dataclass(frozen=True, slots=True)
class BankFileView:
    name: str
    uploaded: str
    who: str
    status: Status
    recorded: int
    known: int
    failed: int
    problem: str
    # The task, for whoever asked for it, while it goes on.
    job: JobView | None
    finished: bool
    stopped: bool
    url: str
    original_url: str
    failed_url: str


def bank_file_view(bank_file: BankFile, actor: Actor) -> BankFileView:
    job, args = job_view(bank_file.job), [bank_file.token]
    mine = bank_file.uploaded_by_id == actor.user_id
    return BankFileView(
        name=bank_file.name,
        uploaded=minute_text(bank_file.uploaded_at),
        who=str(bank_file.uploaded_by),
        status=Status(job.state, "bad" if bank_file.problem else job.kind),
        recorded=bank_file.recorded,
        known=bank_file.known,
        failed=bank_file.failed,
        problem=bank_file.problem,
        job=job if mine and not job.finished else None,
        finished=job.finished,
        stopped=job.finished and job.kind != "done",
        url=reverse("subsidies:bank_file", args=args),
        original_url=reverse("subsidies:bank_original", args=args),
        failed_url=reverse("subsidies:bank_failed", args=args) if bank_file.failed else "",
    )


def recent_bank_files(actor: Actor) -> list[BankFileView]:
    return [bank_file_view(row, actor) for row in BankFile.objects.of_office(actor.organisation)[:RECENT]]


@dataclass(frozen=True, slots=True)
class BankRowView:
    row: int
    number: str
    name: str
    amount: str
    result: str
    reason: str
    outcome: Status
    problem: str


def bank_row_page(bank_file: BankFile, query: QueryDict) -> tuple[list[BankRowView], ListPager]:
    """?show=failed leaves out what was recorded."""
    rows = bank_file.rows.failed() if query.get("show") == "failed" else bank_file.rows.all()
    part = IN_ORDER.slice(rows.values_list("row", "cells", "outcome", "problem"), read_cursor(query, IN_ORDER.pattern))
    return [_row(*row) for row in part.rows], pager_of(query, IN_ORDER, part)


def _row(row: int, cells: list[str], outcome: str, problem: str) -> BankRowView:
    number, name, _last4, amount, result, reason, *_rest = cells
    said = RowOutcome(outcome)
    return BankRowView(row, number, name, amount, result, reason, Status(str(said.label), KINDS[said]), problem)
