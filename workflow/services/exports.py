"""A queue as a workbook: the columns of its page, every row that matches the filter, in constant memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.models import Job
from workflow.queue import TABS, WAITING, filtered
from workflow.registry import Column
from workflow.seats import Seat, seat_of
from workflow.services.jobs import actor_of, report_progress, save_result, start_job
from workflow.sheets import sheet_column
from workflow.spreadsheets import Column as SheetColumn
from workflow.spreadsheets import write_sheet

JOB_KIND = "workflow.export_queue"
CHUNK = 1_000
CASE_VALUES = ("number", "subject", "summary", "amount", "submitted_at", "due_on")


def start_export(seat: Seat, actor: Actor, *, criteria: str) -> Job:
    """``criteria``: the filter as the queue's address carries it, the tab included."""
    title = _("Export: %(queue)s") % {"queue": seat.stage.menu_label or seat.stage.step_label}
    params = {"case_type": seat.case_type, "stage": seat.stage.slug, "criteria": criteria}
    return start_job(JOB_KIND, title, params, actor)


@registry.job(JOB_KIND)
def export_queue(job: Job) -> None:
    actor, params = actor_of(job), job.params
    seat = seat_of(actor, params["case_type"], params["stage"])
    if seat is None:
        raise PermissionError("The duty that asked for the export no longer has this seat.")
    query = QueryDict(params["criteria"])
    tab = query.get("tab", WAITING)
    found = filtered(seat, query, tab if tab in TABS else WAITING)
    rows = found.qs.order_by(*(("entered_at", "id") if found.path == "" else ("-id",)))
    total = rows.count()
    report_progress(job, done=0, total=total)
    columns = list(registry.case_types[seat.case_type].columns)
    sheet = [SheetColumn(_("Case number"), 28), *(sheet_column(column) for column in columns)]
    values = rows.values_list(*(f"{found.path}{name}" for name in CASE_VALUES)).iterator(chunk_size=CHUNK)
    with tempfile.TemporaryFile() as target:
        write_sheet(target, job.title, sheet, _counted(job, _rows(values, columns), total), notes=_notes(job, total))
        target.seek(0)
        save_result(job, f"{job.title}.xlsx", target)


def _rows(values: Iterator[tuple[Any, ...]], columns: list[Column]) -> Iterator[list[object]]:
    for number, subject, summary, amount, submitted_at, due_on in values:
        facts = {**summary, "subject": subject, "amount": amount, "submitted_at": submitted_at, "due_on": due_on}
        yield [number, *(_cell(facts.get(column.key), column.kind) for column in columns)]


def _cell(value: Any, kind: str) -> object:
    """Numbers as numbers and days as days; everything else is text, so that nothing can be taken for a formula."""
    if value in (None, ""):
        return None
    if kind == "money":
        return Decimal(str(value))
    if kind == "number":
        return int(value)
    if kind == "date":
        return timezone.localtime(value).date() if hasattr(value, "tzinfo") else value
    return str(value)


def _counted(job: Job, rows: Iterator[list[object]], total: int) -> Iterator[list[object]]:
    for done, row in enumerate(rows, start=1):
        yield row
        if done % CHUNK == 0:
            report_progress(job, done=done, total=max(total, done))
    report_progress(job, done=total, total=total)


def _notes(job: Job, total: int) -> list[str]:
    moment = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    facts = {"who": job.asked_by, "office": job.organisation or "", "time": moment, "count": total}
    return [_("Exported by %(who)s (%(office)s) at %(time)s; %(count)s rows") % facts]
