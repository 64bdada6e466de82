"""The registers of a counter and the lines of their pages: filters, keyset pages, masked numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CounterSubject, ResetState
from accounts.models import CounterEvent, CounterOpening, CounterReset, CounterScan
from accounts.services.counter_identity import compare
from accounts.services.counter_scans import count_scan_pages
from accounts.services.counter_sheets import holder_of_account
from workflow import clock
from workflow.codelists import DOCUMENT_KINDS
from workflow.filters import DAYS, DayInput
from workflow.keyset import Keyset, read_cursor
from workflow.masking import mask_number, mask_phone
from workflow.models import Organisation
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import day_text, minute_text

NEWEST_FIRST = Keyset(("id",), "n", descending=True)
SHAPES = {
    ResetState.WAITING: "wait",
    ResetState.CONFIRMED: "done",
    ResetState.DECLINED: "bad",
    ResetState.CANCELLED: "plain",
    ResetState.EXPIRED: "plain",
}


@dataclass(frozen=True, slots=True)
class Shape:
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class OpeningRow:
    url: str
    name: str
    subject: str
    username: str
    agent: str
    at: str
    valid_until: str
    officer: str
    notice: Shape


@dataclass(frozen=True, slots=True)
class ResetRow:
    url: str
    username: str
    holder: str
    subject: str
    at: str
    officer: str
    second: str
    state: Shape


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a register."""

    rows: list[Any]
    pager: ListPager
    filter: Any


def _day_begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class RegisterFilter(django_filters.FilterSet):  # type: ignore[misc]
    since = django_filters.DateFilter(
        label=gettext_lazy("Accepted from"), widget=DayInput, validators=DAYS, method="accepted_since"
    )
    until = django_filters.DateFilter(
        label=gettext_lazy("Accepted until"), widget=DayInput, validators=DAYS, method="accepted_until"
    )

    def accepted_since(self, rows: QuerySet[Any], _field: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__gte=_day_begins(value))

    def accepted_until(self, rows: QuerySet[Any], _field: str, value: date) -> QuerySet[Any]:
        return rows.filter(at__lt=_day_begins(value + timedelta(days=1)))

    @property
    def is_set(self) -> bool:
        return any(self.data.get(name) for name in self.filters)


class OpeningFilter(RegisterFilter):
    name = django_filters.CharFilter(label=gettext_lazy("Unit or person"), lookup_expr="contains", max_length=100)
    username = django_filters.CharFilter(
        label=gettext_lazy("User name"), field_name="user__username", lookup_expr="iexact", max_length=20
    )
    subject = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of account holder"), choices=CounterSubject.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = CounterOpening
        fields = ("name", "username", "subject", "since", "until")


class ResetFilter(RegisterFilter):
    username = django_filters.CharFilter(
        label=gettext_lazy("User name"), field_name="user__username", lookup_expr="iexact", max_length=20
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=ResetState.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = CounterReset
        fields = ("username", "state", "since", "until")


def _page(query: QueryDict, found: Any, rows: QuerySet[Any], row_of: Callable[[Any], Any]) -> Page:
    part = NEWEST_FIRST.slice(found.qs.values_list("id"), read_cursor(query, NEWEST_FIRST.pattern))
    shown = rows.filter(pk__in=[row[0] for row in part.rows]).order_by("-id")
    return Page([row_of(row) for row in shown], pager_of(query, NEWEST_FIRST, part), found)


def openings_page(counter: Organisation | None, query: QueryDict) -> Page:
    mine = CounterOpening.objects.of_counter(counter)
    return _page(query, OpeningFilter(query, mine), mine.whole(), _opening_row)


def resets_page(counter: Organisation | None, query: QueryDict) -> Page:
    mine = CounterReset.objects.of_counter(counter)
    return _page(query, ResetFilter(query, mine), mine.whole(), _reset_row)


def _opening_row(opening: CounterOpening) -> OpeningRow:
    return OpeningRow(
        url=reverse("accounts:counter_opening", args=[opening.token]),
        name=opening.name,
        subject=opening.get_subject_display(),
        username=opening.user.username,
        agent=opening.agent,
        at=minute_text(opening.at),
        valid_until=validity_text(opening.valid_until),
        officer=str(opening.officer),
        notice=notice_shape(opening),
    )


def validity_text(day: date | None) -> str:
    return day_text(day) or _("Without end")


def notice_shape(opening: CounterOpening) -> Shape:
    if opening.sheet.printed_at is not None:
        return Shape(_("Printed"), "done")
    if clock.machine_now() >= opening.sheet.print_until:
        return Shape(_("Not printed in time"), "plain")
    return Shape(_("To be printed"), "wait")


def state_shape(reset: CounterReset) -> Shape:
    """What nobody has confirmed in time is expired, also before the timer has said so."""
    state = ResetState(reset.state)
    if state == ResetState.WAITING and clock.machine_now() >= reset.closes_at:
        state = ResetState.EXPIRED
    return Shape(str(state.label), SHAPES[state])


def _reset_row(reset: CounterReset) -> ResetRow:
    return ResetRow(
        url=reverse("accounts:counter_reset", args=[reset.token]),
        username=reset.user.username,
        holder=str(reset.user),
        subject=reset.get_subject_display(),
        at=minute_text(reset.at),
        officer=str(reset.officer),
        second=str(reset.second or ""),
        state=state_shape(reset),
    )


def opening_facts(opening: CounterOpening) -> Iterator[tuple[str, str]]:
    """(label, value) of the page of one opening; numbers are masked, the signed paper has them in full."""
    yield _("Kind of account holder"), opening.get_subject_display()
    yield _("Unit or person"), opening.name
    if opening.organisation is not None:
        yield _("Unified social credit code"), opening.uscc
        yield _("Social insurance no."), opening.social_number or _("None")
        yield _("Supervising department"), str(opening.organisation.parent)
        yield _("Name of the agent"), opening.agent
    yield DOCUMENT_KINDS.label(opening.document_kind), mask_number(opening.number)
    proved = _("proved by a code") if opening.phone_proved else _("a contact only")
    yield _("Mobile number"), f"{mask_phone(opening.phone)}（{proved}）"
    yield _("User name"), opening.user.username
    yield _("Valid until"), validity_text(opening.valid_until)
    yield _("Accepted by"), f"{opening.officer} · {minute_text(opening.at)}"


def reset_facts(reset: CounterReset) -> Iterator[tuple[str, str]]:
    yield _("Kind of account holder"), reset.get_subject_display()
    yield _("User name"), reset.user.username
    if reset.subject != CounterSubject.PERSON:
        yield _("Unit"), holder_of_account(reset.user)
    yield _("Name of the user"), str(reset.user)
    yield _("Mobile number of the account"), mask_phone(reset.user.phone) or _("None")
    yield _("Who came"), reset.agent
    yield DOCUMENT_KINDS.label(reset.document_kind), mask_number(reset.number)
    if reset.ground:
        yield _("Ground of the difference"), reset.ground
    yield _("Accepted by"), f"{reset.officer} · {minute_text(reset.at)}"
    if reset.second is not None:
        yield _("Decided by"), f"{reset.second} · {minute_text(reset.decided_at)}"
    if reset.reason:
        yield _("Reason"), reset.reason


def comparison_lines(reset: CounterReset) -> Iterator[tuple[str, str, Shape]]:
    """(label, what the record says, whether what was typed agrees) for the second officer."""
    found = compare(reset.user, agent=reset.agent, number=reset.number)
    agrees, differs = Shape(_("Agrees with the record"), "done"), Shape(_("Differs from the record"), "bad")
    yield _("Registered name"), found.name, agrees if found.name_agrees else differs
    if found.number_agrees is None:
        shape = Shape(_("Nothing to compare with"), "warn")
    else:
        shape = agrees if found.number_agrees else differs
    yield _("Registered document number"), found.number_masked or "—", shape


def deed_lines(events: Iterable[CounterEvent]) -> list[tuple[str, str, str]]:
    """(time, who, what)"""
    return [(minute_text(e.at), str(e.officer or _("System")), e.get_deed_display()) for e in events]


def scan_pages(scan: CounterScan | None) -> list[str]:
    """Addresses of the pictures of its pages."""
    if scan is None:
        return []
    return [reverse("accounts:counter_scan", args=[scan.token, page]) for page in range(count_scan_pages(scan))]
