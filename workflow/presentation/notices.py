"""A public notice and its list as the public sees it: names in full, identity numbers masked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflow import clock, registry
from workflow.keyset import Keyset, Slice, read_cursor
from workflow.models import PublicNotice
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import text_of
from workflow.registry import Column

# A public list shows these facts of the frozen filing and no others, whatever the queue of the service shows.
PUBLIC_COLUMNS = (
    Column("subject", gettext_lazy("Name")),
    Column("id_masked", gettext_lazy("Identity number")),
    Column("unit", gettext_lazy("Employer")),
    Column("degree", gettext_lazy("Level of education")),
    Column("start", gettext_lazy("Subsidy from"), "month"),
    Column("months", gettext_lazy("Months of subsidy"), "number"),
    Column("standard", gettext_lazy("Standard"), "money"),
    Column("amount", gettext_lazy("Total amount"), "money"),
)
NUMERIC = ("money", "number")
IN_ORDER = Keyset(("id",), "n")
LATEST_FIRST = Keyset(("id",), "n", descending=True)
MEMBER_FIELDS = ("id", "case__subject", "case__summary", "amount")


@dataclass(frozen=True, slots=True)
class NoticeView:
    pk: int
    title: str
    office: str
    period: str
    open: bool
    count: str
    phone: str
    email: str
    note: str
    examined: str
    url: str
    sheet_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    name: str
    cells: list[Cell]
    object_url: str


def notice_view(notice: PublicNotice, count: int | None = None) -> NoticeView:
    """``count``: how many cases stand on the list; None where the page does not tell."""
    return NoticeView(
        pk=notice.pk,
        title=notice.batch.title,
        office=notice.batch.organisation.name,
        period=period_text(notice),
        open=notice.is_open(clock.today()),
        count=ngettext("%(n)d case", "%(n)d cases", count) % {"n": count} if count is not None else "",
        phone=notice.phone,
        email=notice.email,
        note=notice.note,
        examined=ngettext(
            "An objection is decided within %(n)d working day of its receipt.",
            "An objection is decided within %(n)d working days of its receipt.",
            notice.objection_days,
        )
        % {"n": notice.objection_days},
        url=reverse("workflow:notice", args=[notice.pk]),
        sheet_url=reverse("workflow:notice_sheet", args=[notice.pk]),
    )


def period_text(notice: PublicNotice) -> str:
    return _("%(first)s to %(last)s (%(days)s working days)") % {
        "first": notice.starts_on.isoformat(),
        "last": notice.ends_on.isoformat(),
        "days": notice.working_days,
    }


def running_notices() -> list[NoticeView]:
    """What is open to objections now stands on the first page, whatever its number."""
    return [notice_view(notice) for notice in PublicNotice.objects.published().running(clock.today())]


def ended_notices(query: QueryDict) -> tuple[list[NoticeView], ListPager]:
    """Two queries for a page of notices, the latest first."""
    over = PublicNotice.objects.over(clock.today()).values_list("id")
    slice_ = LATEST_FIRST.slice(over, read_cursor(query, LATEST_FIRST.pattern), size=20)
    found = PublicNotice.objects.published().in_bulk([row[0] for row in slice_.rows])
    return [notice_view(found[row[0]]) for row in slice_.rows], pager_of(query, LATEST_FIRST, slice_)


def member_rows(notice: PublicNotice, query: QueryDict) -> tuple[list[MemberRow], ListPager]:
    """One query for a page of the list."""
    rows = notice.members().values_list(*MEMBER_FIELDS)
    slice_: Slice = IN_ORDER.slice(rows, read_cursor(query, IN_ORDER.pattern))
    columns = public_columns(notice)
    before, after = reverse("workflow:object", args=[notice.pk, 0]).rsplit("0", 1)
    found = [_member_row(row, columns, f"{before}{row[0]}{after}") for row in slice_.rows]
    return found, pager_of(query, IN_ORDER, slice_)


def public_columns(notice: PublicNotice) -> list[Column]:
    has_amount = registry.case_types[notice.batch.case_type].has_amount
    keys = {column.key for column in registry.case_types[notice.batch.case_type].columns} | {"subject", "unit"}
    return [c for c in PUBLIC_COLUMNS if c.key in keys and (has_amount or c.kind != "money")]


def _member_row(row: tuple[Any, ...], columns: list[Column], object_url: str) -> MemberRow:
    values = public_values(row)
    cells = [
        Cell(str(c.label), text_of(values.get(c.key), c.kind), "numeric" if c.kind in NUMERIC else "")
        for c in columns
        if c.key != "subject"
    ]
    return MemberRow(values["subject"], cells, object_url)


def public_values(row: tuple[Any, ...]) -> dict[str, Any]:
    _member_id, subject, summary, amount = row
    return {**summary, "subject": subject, "amount": amount}


def sheet_rows(notice: PublicNotice) -> Iterator[list[object]]:
    """The whole list for a workbook: number, then the public columns; streamed."""
    columns = public_columns(notice)
    members = notice.members().values_list(*MEMBER_FIELDS).iterator(chunk_size=2000)
    for number, row in enumerate(members, start=1):
        values = public_values(row)
        yield [number, *(_sheet_value(values.get(column.key), column.kind) for column in columns)]


def _sheet_value(value: Any, kind: str) -> object:
    if value in (None, ""):
        return None
    if kind == "money":
        return Decimal(str(value))
    return int(value) if kind == "number" else str(value)
