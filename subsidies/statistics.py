"""What the pages 补助申报查询统计 and 资金拨付查询统计 show: rows, totals, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext as _

from subsidies.enums import GRADUATE_RENT, PayState
from subsidies.filters import ApplicationFilter, PaymentFilter
from subsidies.intakes import intake_text
from subsidies.models import Allocation, Payment
from workflow import clock
from workflow.actors import Actor
from workflow.case_lists import CaseListFilter, Status, process_url, read_page, status_of
from workflow.enums import Action, BatchKind, State
from workflow.models import BatchMember, Case, CaseEvent
from workflow.presentation.pages import ListPager
from workflow.presentation.times import day_text
from workflow.templatetags.tongban import money

Builder = Callable[[Sequence[Case]], Iterable[Any]]
# 经市组织部确认后.
AFTER_CONFIRMATION = ("city_fin", "county_fin", "person_confirm")


def applications_of(actor: Actor) -> QuerySet[Case]:
    """A unit's own people; for an office whatever is in its scope."""
    return Case.objects.visible_to(actor).of_type(GRADUATE_RENT).exclude(state=State.DRAFT)


def payments_of(actor: Actor) -> QuerySet[Case]:
    """Cases that the city organisation department has confirmed."""
    return applications_of(actor).filter(
        Q(stage__in=AFTER_CONFIRMATION) | Q(state=State.APPROVED) | Q(allocation__isnull=False)
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """One aggregate over all that the filter lets through, whatever page is shown."""

    cases: int
    months: int
    amount: str


def totals_of(rows: QuerySet[Case]) -> Totals:
    found = rows.aggregate(
        cases=Count("pk"), months=Sum(Cast(KT("summary__months"), IntegerField())), amount=Sum("amount")
    )
    return Totals(found["cases"], found["months"] or 0, money(found["amount"] or Decimal(0)))


def intake_of(case: Case) -> str:
    return intake_text(case.summary.get("intake", ""))


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    pk: int
    name: str
    id_masked: str
    degree: str
    intake: str
    start: str
    months: int
    standard: str
    amount: str
    reported: str
    status: Status
    url: str

    @classmethod
    def of(cls, case: Case) -> ApplicationRow:
        summary = case.summary
        return cls(
            pk=case.pk,
            name=case.subject,
            id_masked=summary.get("id_masked", ""),
            degree=summary.get("degree", ""),
            intake=intake_of(case),
            start=summary.get("start", ""),
            months=summary.get("months", 0),
            standard=money(Decimal(summary.get("standard", 0))),
            amount=money(case.amount or Decimal(0)),
            reported=day_text(case.submitted_at),
            status=status_of(case),
            url=process_url(case),
        )


@dataclass(slots=True)
class Money:
    """What is known of the money of some cases; a fixed number of queries."""

    allocations: Mapping[int, Allocation] = field(default_factory=dict)
    payments: Mapping[int, Payment] = field(default_factory=dict)
    batches: Mapping[int, str] = field(default_factory=dict)
    confirmed: Mapping[int, CaseEvent] = field(default_factory=dict)

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Money:
        members = BatchMember.objects.filter(case__in=cases, removed_in=None, batch__kind=BatchKind.SUMMARY)
        events = CaseEvent.objects.filter(case__in=cases, from_stage="person_confirm", action=Action.APPROVE)
        # The latest attempt comes last and stays.
        payments = Payment.objects.filter(case__in=cases).select_related("bounce", "arrival").order_by("attempt")
        return cls(
            allocations={entry.case_id: entry for entry in Allocation.objects.filter(case__in=cases)},
            payments={payment.case_id: payment for payment in payments},
            batches=dict(members.order_by("id").values_list("case", "batch__number")),
            confirmed={event.case_id: event for event in events},
        )

    def state(self, case: Case) -> PayState:
        payment = self.payments.get(case.pk)
        if payment is None:
            return PayState.ALLOCATED if case.pk in self.allocations else PayState.WAITING
        if hasattr(payment, "bounce"):
            return PayState.BOUNCED
        return PayState.ARRIVED if hasattr(payment, "arrival") else PayState.PAID


PAY_KINDS = {
    PayState.WAITING: "plain",
    PayState.ALLOCATED: "wait",
    PayState.PAID: "wait",
    PayState.ARRIVED: "done",
    PayState.BOUNCED: "bad",
}


@dataclass(frozen=True, slots=True)
class PaymentRow:
    pk: int
    name: str
    id_masked: str
    intake: str
    months: int
    amount: str
    batch: str
    city: str
    county: str
    paid: Status
    confirmed: str
    url: str


def payment_rows(cases: Sequence[Case]) -> Iterator[PaymentRow]:
    known = Money.of(cases)
    for case in cases:
        allocation, payment = known.allocations.get(case.pk), known.payments.get(case.pk)
        state = known.state(case)
        yield PaymentRow(
            pk=case.pk,
            name=case.subject,
            id_masked=case.summary.get("id_masked", ""),
            intake=intake_of(case),
            months=case.summary.get("months", 0),
            amount=money(case.amount or Decimal(0)),
            batch=known.batches.get(case.pk, ""),
            city=_paid_on(allocation.paid_on if allocation is not None else None),
            county=_paid_on(payment.paid_on if payment is not None else None),
            paid=Status(str(state.label), PAY_KINDS[state]),
            confirmed=_confirmed(case, known.confirmed.get(case.pk)),
            url=process_url(case),
        )


def _paid_on(day: date | None) -> str:
    return _("Paid %(day)s") % {"day": day_text(day)} if day is not None else _("Waiting for payment")


def _confirmed(case: Case, event: CaseEvent | None) -> str:
    if event is not None:
        who = _("by itself, the time being over") if event.actor_id is None else _("by the person")
        return f"{day_text(clock.local_date(event.at))} {who}"
    return _("Not confirmed yet") if case.stage == "person_confirm" else ""


def application_rows(cases: Sequence[Case]) -> Iterator[ApplicationRow]:
    return (ApplicationRow.of(case) for case in cases)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list with the totals of the whole."""

    filter: CaseListFilter
    rows: list[Any]
    totals: Totals
    pager: ListPager


def _page(found: CaseListFilter, query: QueryDict, build: Builder) -> ListPage:
    page = read_page(found, query, build)
    return ListPage(found, page.rows, totals_of(found.qs), page.pager)


def application_page(actor: Actor, query: QueryDict) -> ListPage:
    return _page(ApplicationFilter(query, applications_of(actor)), query, application_rows)


def payment_page(actor: Actor, query: QueryDict) -> ListPage:
    return _page(PaymentFilter(query, payments_of(actor)), query, payment_rows)
