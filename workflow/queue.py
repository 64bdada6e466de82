"""One page of a seat's queue: at most four statements with the rail, formatted before the template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow import clock, registry
from workflow.enums import Action, OrganisationKind, State
from workflow.filters import QueueFilter
from workflow.keyset import Cursor, Keyset, Read, Slice, read_cursor
from workflow.listing import TextsUnder, read_cases
from workflow.models import Case, CaseEvent
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import NOTHING, Countdown, day_texts, text_of
from workflow.registry import Column
from workflow.seats import Seat
from workflow.tab_tools import RowNote, TabTools, tab_tools

WAITING, APPROVED, RETURNED = "waiting", "approved", "returned"
TABS = {
    WAITING: gettext_lazy("Awaiting review"),
    APPROVED: gettext_lazy("Passed on"),
    RETURNED: gettext_lazy("Sent back"),
}
# Each is the predicate of an index of the events, word for word.
DECISIONS = {
    APPROVED: Q(action=Action.APPROVE),
    RETURNED: Q(action__in=[Action.SEND_BACK, Action.REJECT]),
}
# Who filed first comes first; whoever looks for a name reads the names in order. Both are ranges of an index,
# however few of the waiting cases match.
BY_ENTRY = Keyset(("submitted_at", "id"), "tn")
BY_NAME = Keyset(("subject", "id"), "sn")
BY_EVENT = Keyset(("id",), "n", descending=True)
# What every row reads of its case; the others only where a column shows them.
ROW_FIELDS = ("id", "revision", "state", "stage", "chain_id", "due_on", "amount")
COLUMN_FIELDS = ("number", "subject", "submitted_at")
# Classes of cells by the kind of their column.
LOOK = {"money": "numeric", "number": "numeric", "date": "text-nowrap", "month": "text-nowrap"}
FILED = "filed"
STATUS_KINDS = {
    State.DRAFT: "plain",
    State.IN_REVIEW: "wait",
    State.RETURNED: "back",
    State.APPROVED: "done",
    State.REJECTED: "bad",
    State.WITHDRAWN: "plain",
}


Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the page."""

    label: str
    css: str


@dataclass(slots=True)
class Row:
    """``texts``: what stands in the columns, in their order."""

    pk: int
    revision: int
    texts: list[str]
    amount: str
    status: str
    remaining: str
    tone: str


@dataclass(slots=True)
class QueuePage:
    seat: Seat
    tab: str
    filter: QueueFilter
    criteria: str
    heads: tuple[Head, ...]
    rows: list[Row]
    pager: ListPager
    chips: list[Any] = field(default_factory=list)

    @property
    def tools(self) -> TabTools | None:
        return tab_tools.get((*self.seat.key, self.tab))

    @property
    def notes(self) -> Mapping[int, RowNote]:
        """{case pk: what stands beneath its name}; asked once, for all rows."""
        notes = self.tools.notes if self.tools is not None and self.rows else None
        return notes(self.seat, [row.pk for row in self.rows]) if notes is not None else {}

    @property
    def has_ticks(self) -> bool:
        """Whether rows can be selected: there must be something to do with them."""
        return self.tab == WAITING or self.tools is not None


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
        DECISIONS[tab],
        ~Exists(later),
        organisation=seat.organisation,
        from_stage=seat.stage.slug,
        # The act knows the service: where this one decided little, its few acts are found first.
        act__organisation=seat.organisation,
        act__case_type=seat.case_type,
    )


def filtered(seat: Seat, query: QueryDict, tab: str = WAITING) -> QueueFilter:
    case_type, columns = registry.case_types[seat.case_type], shown_columns(seat)
    if tab == WAITING:
        return QueueFilter(query, waiting_cases(seat), case_type=case_type, columns=columns)
    return QueueFilter(query, acted_events(seat, tab), case_type=case_type, path="case__", columns=columns)


def shown_columns(seat: Seat) -> list[Column]:
    case_type = registry.case_types[seat.case_type]
    first, *others = case_type.columns
    further = () if seat.organisation.kind == OrganisationKind.UNIT else case_type.office_columns
    return [first, *case_type.stage_columns.get(seat.stage.slug, ()), *others, *further]


def order_of(found: QueueFilter) -> Keyset:
    if found.path:
        return BY_EVENT
    return BY_NAME if found.is_by_name else BY_ENTRY


@dataclass(frozen=True, slots=True)
class Found:
    """What the database says of a page: ``fields`` are the names of the values in each row, the filed ones last."""

    fields: list[str]
    slice: Slice


def read_page(seat: Seat, query: QueryDict, total: int) -> QueuePage:
    """``total``: what waits in the seat, from its kept counter."""
    tab = query.get("tab", WAITING)
    tab = tab if tab in TABS else WAITING
    wanted = filtered(seat, query, tab)
    return page_of(seat, tab, query, wanted, find(wanted, read_cursor(query, order_of(wanted).pattern)), total)


def page_of(seat: Seat, tab: str, query: QueryDict, wanted: QueueFilter, found: Found, total: int) -> QueuePage:
    chips, columns = list(wanted.chips()), columns_of(seat, tab)
    text = _("%(n)s cases in all") % {"n": f"{total:,}"} if tab == WAITING and not chips else ""
    return QueuePage(
        seat=seat,
        tab=tab,
        filter=wanted,
        criteria=wanted.criteria(),
        heads=heads_of(columns),
        rows=list(rows_of(seat, tab, columns, found.fields, found.slice.rows)),
        pager=pager_of(query, order_of(wanted), found.slice, text),
        chips=chips,
    )


def find(wanted: QueueFilter, cursor: Cursor) -> Found:
    keyset, columns = order_of(wanted), wanted.columns
    names, keys = fields_of(columns), keys_of(columns)
    rows: QuerySet[Any] = wanted.qs
    read: Read = list
    if wanted.path:
        fields = ["event", "acted_at", *names]
        events = keyset.fields(["at", *(f"case__{name}" for name in names)])
        rows = rows.values_list(*events, TextsUnder(F("case__summary"), keys))
    else:
        fields = keyset.fields(names)
        read = partial(read_cases, names=fields, keys=keys)
    slice_ = keyset.slice(rows, cursor, read=read)
    if not slice_.rows and cursor.is_set:
        # All that stood on this page has been dealt with.
        slice_ = keyset.slice(rows, Cursor(), read=read)
    return Found([*fields, FILED], slice_)


def fields_of(columns: Sequence[Column]) -> list[str]:
    """The fields of a case that a page with these columns reads."""
    shown = {column.key for column in columns}
    return [*ROW_FIELDS, *(name for name in COLUMN_FIELDS if name in shown)]


def keys_of(columns: Sequence[Column]) -> list[str]:
    return [column.key for column in columns]


def heads_of(columns: list[Column]) -> tuple[Head, ...]:
    return tuple(Head(str(column.label), LOOK.get(column.kind, "")) for column in columns)


def columns_of(seat: Seat, tab: str) -> list[Column]:
    columns = shown_columns(seat)
    if tab != WAITING:
        columns.append(Column("acted_at", gettext_lazy("Decided on"), "date"))
    return columns


def rows_of(seat: Seat, tab: str, columns: list[Column], fields: list[str], found: Iterable[Values]) -> Iterator[Row]:
    """``fields``: what the values of each row are called."""
    rows = list(found)
    place = {name: number for number, name in enumerate(fields)}
    pk, revision, amount, due_on = itemgetter("id", "revision", "amount", "due_on")(place)
    state = itemgetter(place["chain_id"], place["state"], place["stage"])
    filings = [row[place[FILED]] for row in rows]
    known = len(shown_columns(seat))
    texts = [
        _texts(rows, filings if number < known else None, number, place.get(column.key), column.kind)
        for number, column in enumerate(columns)
    ]
    remaining = Countdown(seat.organisation.region, clock.today()).of
    allowed = seat.stage.working_days
    statuses: dict[tuple[int, str, str], str] = {}
    for row, shown in zip(rows, zip(*texts, strict=True), strict=True):
        left = remaining(row[due_on], allowed) if tab == WAITING else NOTHING
        yield Row(
            row[pk],
            row[revision],
            list(shown),
            "0" if row[amount] is None else str(row[amount]),
            statuses.get(key := state(row)) or statuses.setdefault(key, _status_of(*key)),
            left.text,
            left.tone,
        )


def _texts(rows: list[Values], filings: list[Values] | None, number: int, at: int | None, kind: str) -> list[str]:
    """One column: what was filed first, then the case; that somebody decided no filing knows."""
    values = [filing[number] for filing in filings] if filings is not None else [None] * len(rows)
    if at is not None:
        values = [row[at] if value is None else value for row, value in zip(rows, values, strict=True)]
    if kind == "date" and not any(isinstance(value, str) for value in values):
        return day_texts(values)
    return [value if type(value) is str and kind != "money" else text_of(value, kind) for value in values]


def _status_of(chain_id: int, state: str, stage: str) -> str:
    return _status(Case(chain_id=chain_id, state=state, stage=stage).status, STATUS_KINDS[State(state)])


@lru_cache(maxsize=1024)
def _status(text: str, kind: str) -> str:
    """The cell of a state as HTML."""
    return render_to_string("_status.html", {"text": text, "kind": kind})


def first_waiting(seat: Seat, criteria: str) -> int | None:
    found = filtered(seat, QueryDict(criteria))
    rows = _keys(found, Cursor())
    return rows[0][-1] if rows else None


def _keys(found: QueueFilter, cursor: Cursor) -> list[tuple[Any, ...]]:
    keyset = order_of(found)
    return keyset.slice(found.qs.values_list(*keyset.columns), cursor, size=1).rows


@dataclass(frozen=True, slots=True)
class Neighbours:
    previous: int | None
    next: int | None


def neighbours(seat: Seat, criteria: str, case: Case) -> Neighbours:
    """The cases before and after this one in the filtered order of the queue; one statement each."""
    if case.submitted_at is None:
        return Neighbours(None, None)
    found = filtered(seat, QueryDict(criteria))
    key = tuple(getattr(case, column) for column in order_of(found).columns)
    before, after = _keys(found, Cursor(before=key)), _keys(found, Cursor(after=key))
    return Neighbours(before[0][-1] if before else None, after[0][-1] if after else None)
