"""A queue as a workbook: the columns of its page and where each case stands, in constant memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow import clock, registry
from workflow.actors import Actor
from workflow.filters import QueueFilter
from workflow.models import Case, Job, ServiceItem
from workflow.queue import TABS, WAITING, columns_of, filtered
from workflow.registry import Column
from workflow.seats import Seat, seat_of
from workflow.services.jobs import actor_of, save_result, start_job
from workflow.services.progress import counted
from workflow.sheets import sheet_column
from workflow.spreadsheets import Column as SheetColumn
from workflow.spreadsheets import Row, write_long_sheet

JOB_KIND = "workflow.export_queue"
CHUNK = 1_000
EMPTY = (None, "")
STANDING = ("number", "chain_id", "state", "stage", "summary")
# Fields of the case under the keys that columns ask for.
FACTS = ("subject", "amount", "submitted_at", "due_on", "entered_at")
# Where each case stands: what the floor knows of the cases of every service.
OF_THE_FLOW = (
    Column("status", gettext_lazy("Status")),
    Column("entered_at", gettext_lazy("At this step since"), "date"),
    Column("due_on", gettext_lazy("Due on"), "date"),
)
# 办件编号: only where some office has an 实施编码 for the service.
INTERNAL = Column("internal__number", gettext_lazy("Internal number"))


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
    tab = tab if tab in TABS else WAITING
    found = filtered(seat, query, tab)
    total = found.qs.count()
    columns = [*columns_of(seat, tab), *registry.case_types[seat.case_type].export_columns, *OF_THE_FLOW]
    if ServiceItem.objects.filter(case_type=seat.case_type).exists():
        columns.append(INTERNAL)
    sheet = [SheetColumn(_("Case number"), 28), *(sheet_column(column) for column in columns)]
    rows = counted(job, _rows(found, columns), total=total)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        write_long_sheet(target.name, job.title, sheet, rows, _notes(job, total), count=total)
        save_result(job, f"{job.title}.xlsx", target)


def _rows(found: QueueFilter, columns: Sequence[Column]) -> Iterator[Row]:
    """From a cursor of the server, a chunk at a time; over the queue's own index where nothing is filtered."""
    is_waiting = found.path == ""
    facts_of = (*FACTS, INTERNAL.key) if INTERNAL in columns else FACTS
    names = [f"{found.path}{name}" for name in (*STANDING, *facts_of)] + ([] if is_waiting else ["at"])
    facts_of = facts_of if is_waiting else (*facts_of, "acted_at")
    ordered = found.qs.order_by(*(("submitted_at", "id") if is_waiting else ("-id",)))
    cells = [(column.key, CELLS.get(column.kind, str)) for column in columns]
    statuses: dict[tuple[Any, ...], str] = {}
    for number, chain_id, state, stage, summary, *values in ordered.values_list(*names).iterator(chunk_size=CHUNK):
        facts: dict[str, Any] = summary
        facts.update(zip(facts_of, values, strict=True))
        key = chain_id, state, stage
        facts["status"] = statuses.get(key) or statuses.setdefault(key, _status(*key))
        yield [number, *[cell(value) if (value := facts.get(key)) not in EMPTY else None for key, cell in cells]]


def _status(chain_id: int, state: str, stage: str) -> str:
    return Case(chain_id=chain_id, state=state, stage=stage).status


def _money(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _day(value: Any) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


# Numbers as numbers and days as days; everything else is text, so that nothing can be taken for a formula.
CELLS: Mapping[str, Callable[[Any], object]] = {"money": _money, "number": int, "date": _day}


def _notes(job: Job, total: int) -> list[str]:
    moment = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    facts = {"who": job.asked_by, "office": job.organisation or "", "time": moment, "count": total}
    return [_("Exported by %(who)s (%(office)s) at %(time)s; %(count)s rows") % facts]
