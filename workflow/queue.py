"""One page of a seat's queue: at most four statements with the rail, formatted before the template sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow import clock, registry
from workflow.enums import Action, State
from workflow.filters import QueueFilter
from workflow.keyset import Cursor, Keyset, Slice, read_cursor
from workflow.models import Case, CaseEvent
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import Countdown, day_text, text_of
from workflow.registry import Column
from workflow.seats import Seat

WAITING, APPROVED, RETURNED = "waiting", "approved", "returned"
TABS = {
    WAITING: gettext_lazy("Awaiting review"),
    APPROVED: gettext_lazy("Passed on"),
    RETURNED: gettext_lazy("Sent back"),
}
TAB_ACTIONS: Mapping[str, Sequence[Action]] = {
    APPROVED: (Action.APPROVE,),
    RETURNED: (Action.SEND_BACK, Action.REJECT),
}
BY_ENTRY = Keyset(("entered_at", "id"), "tn")
BY_EVENT = Keyset(("id",), "n", descending=True)
# The key of the waiting tab comes first.
CASE_FIELDS = (
    "entered_at", "id", "revision", "number", "subject", "state", "stage", "chain_id", "due_on", "amount", "summary",
    "submitted_at",
)  # fmt: skip
OF_THE_CASE = frozenset(CASE_FIELDS) | {"acted_at"}
# Classes of cells by the kind of their column.
LOOK = {"money": "numeric", "number": "numeric", "date": "text-nowrap", "month": "text-nowrap"}
STATUS_KINDS = {
    State.DRAFT: "plain",
    State.IN_REVIEW: "wait",
    State.RETURNED: "back",
    State.APPROVED: "done",
    State.REJECTED: "bad",
    State.WITHDRAWN: "plain",
}


# A name of up to this length stays on one line.
SHORT = 6


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    revision: int
    head: Cell
    cells: list[Cell]
    amount: str
    status: str
    remaining: str
    tone: str
    url: str


@dataclass(slots=True)
class QueuePage:
    seat: Seat
    tab: str
    filter: QueueFilter
    criteria: str
    columns: list[Column]
    rows: list[Row]
    pager: ListPager
    chips: list[Any] = field(default_factory=list)


def waiting_cases(seat: Seat) -> QuerySet[Case]:
    return Case.objects.in_seat(seat)


def acted_events(seat: Seat, tab: str) -> QuerySet[CaseEvent]:
    """The latest decision of this seat on each case, unless it was taken back."""
    later = CaseEvent.objects.filter(
        Q(from_stage=seat.stage.slug) | Q(action=Action.TAKE_BACK, to_stage=seat.stage.slug),
        case=OuterRef("case"),
        seq__gt=OuterRef("seq"),
        organisation=seat.organisation,
    )
    return CaseEvent.objects.filter(
        ~Exists(later),
        organisation=seat.organisation,
        from_stage=seat.stage.slug,
        action__in=TAB_ACTIONS[tab],
        case__case_type=seat.case_type,
    )


def filtered(seat: Seat, query: QueryDict, tab: str = WAITING) -> QueueFilter:
    case_type = registry.case_types[seat.case_type]
    if tab == WAITING:
        return QueueFilter(query, waiting_cases(seat), case_type=case_type)
    return QueueFilter(query, acted_events(seat, tab), case_type=case_type, path="case__")


def read_page(seat: Seat, query: QueryDict, total: int) -> QueuePage:
    """``total``: what waits in the seat, from its kept counter."""
    tab = query.get("tab", WAITING)
    tab = tab if tab in TABS else WAITING
    found = filtered(seat, query, tab)
    keyset = BY_ENTRY if tab == WAITING else BY_EVENT
    cursor = read_cursor(query, keyset.pattern)
    slice_ = _slice(found, tab, keyset, cursor)
    chips = list(found.chips())
    text = _("%(n)s cases in all") % {"n": f"{total:,}"} if tab == WAITING and not chips else ""
    return QueuePage(
        seat=seat,
        tab=tab,
        filter=found,
        criteria=found.criteria(),
        columns=columns_of(seat, tab),
        rows=list(_rows(seat, tab, slice_, found.criteria())),
        pager=pager_of(query, keyset, slice_, text),
        chips=chips,
    )


def _slice(found: QueueFilter, tab: str, keyset: Keyset, cursor: Cursor) -> Slice:
    names = CASE_FIELDS if tab == WAITING else ("id", "at", *(f"case__{name}" for name in CASE_FIELDS))
    rows = found.qs.values_list(*names)
    slice_ = keyset.slice(rows, cursor)
    if not slice_.rows and cursor.is_set:
        # All that stood on this page has been dealt with.
        return keyset.slice(rows, Cursor())
    return slice_


def columns_of(seat: Seat, tab: str) -> list[Column]:
    columns = list(registry.case_types[seat.case_type].columns)
    if tab != WAITING:
        columns.append(Column("acted_at", gettext_lazy("Decided on"), "date"))
    return columns


def _rows(seat: Seat, tab: str, slice_: Slice, criteria: str) -> Iterator[Row]:
    columns = [(c.key, str(c.label), c.kind, LOOK.get(c.kind, "")) for c in columns_of(seat, tab)]
    countdown = Countdown(seat.organisation.region, clock.today())
    allowed = seat.stage.working_days
    before, after = reverse("workflow:case", args=[0]).split("0", 1)
    after += f"?{urlencode({'from': criteria})}"
    fields = CASE_FIELDS if tab == WAITING else ("event", "acted_at", *CASE_FIELDS)
    statuses: dict[tuple[int, str, str], str] = {}
    for values in slice_.rows:
        row = dict(zip(fields, values, strict=True))
        cells = [Cell(label, _text(row, key, kind), css) for key, label, kind, css in columns]
        left = countdown.of(row["due_on"], allowed) if tab == WAITING else None
        state = row["chain_id"], row["state"], row["stage"]
        yield Row(
            pk=row["id"],
            revision=row["revision"],
            head=replace(cells[0], css="text-nowrap" if len(cells[0].text) <= SHORT else ""),
            cells=cells[1:],
            amount=str(row["amount"] if row["amount"] is not None else Decimal(0)),
            status=statuses.get(state) or statuses.setdefault(state, _status(row)),
            remaining=left.text if left is not None else "",
            tone=left.tone if left is not None else "",
            url=f"{before}{row['id']}{after}",
        )


def _text(row: Mapping[str, Any], key: str, kind: str) -> str:
    if key in row["summary"]:
        return text_of(row["summary"][key], kind)
    if key not in OF_THE_CASE:
        return ""
    return day_text(row[key]) if kind == "date" else text_of(row[key], kind)


def _status(row: Mapping[str, Any]) -> str:
    case = Case(chain_id=row["chain_id"], stage=row["stage"], state=row["state"])
    return render_to_string("_status.html", {"text": case.status, "kind": STATUS_KINDS[State(row["state"])]})


def first_waiting(seat: Seat, criteria: str) -> int | None:
    rows = filtered(seat, QueryDict(criteria)).qs.values_list("entered_at", "id")
    found = BY_ENTRY.slice(rows, Cursor(), size=1).rows
    return found[0][1] if found else None


@dataclass(frozen=True, slots=True)
class Neighbours:
    previous: int | None
    next: int | None


def neighbours(seat: Seat, criteria: str, case: Case) -> Neighbours:
    """The cases before and after this one in the filtered order of the queue; one statement each."""
    if case.entered_at is None:
        return Neighbours(None, None)
    rows = filtered(seat, QueryDict(criteria)).qs.values_list("entered_at", "id")
    key = (case.entered_at, case.pk)
    after = BY_ENTRY.slice(rows, Cursor(after=key), size=1).rows
    before = BY_ENTRY.slice(rows, Cursor(before=key), size=1).rows
    return Neighbours(before[0][1] if before else None, after[0][1] if after else None)
