"""What the pages of the ledger show: one line for each payment, with what may be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from subsidies.enums import PayState
from subsidies.models import Payment
from subsidies.statistics import PAY_KINDS
from workflow.actors import Actor
from workflow.case_lists import Status
from workflow.enums import State
from workflow.keyset import Keyset, read_cursor
from workflow.models import Case
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import day_text
from workflow.templatetags.tongban import money

NEWEST_FIRST = Keyset(("id",), "n", descending=True)
# ?show= of the page of returned payments.
ALL, OPEN, UNANSWERED = "all", "open", "unanswered"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    pk: int
    name: str
    number: str
    url: str
    amount: str
    attempt: int
    voucher: str
    paid_on: str
    account: str
    status: Status
    remark: str
    bounce_url: str
    arrival_url: str
    again_url: str
    correct_url: str


def state_of(payment: Payment) -> PayState:
    if hasattr(payment, "bounce"):
        return PayState.BOUNCED
    return PayState.ARRIVED if hasattr(payment, "arrival") else PayState.PAID


def ledger_rows(payments: Iterable[Payment]) -> Iterator[LedgerRow]:
    for payment in payments:
        state, case = state_of(payment), payment.case
        bounced = state == PayState.BOUNCED
        repeated = bounced and hasattr(payment.bounce, "retry")
        corrected = bounced and bool(payment.bounce.corrections.all())
        yield LedgerRow(
            pk=payment.pk,
            name=case.subject,
            number=case.number,
            url=reverse("workflow:case", args=[case.pk]),
            amount=money(payment.amount),
            attempt=payment.attempt,
            voucher=payment.voucher,
            paid_on=day_text(payment.paid_on),
            account=f"{payment.bank} {payment.branch} {payment.masked}",
            status=Status(str(state.label), PAY_KINDS[state]),
            remark=_remark(payment, repeated=repeated, corrected=corrected),
            bounce_url=reverse("subsidies:bounce", args=[payment.pk]) if not bounced else "",
            arrival_url=reverse("subsidies:arrival", args=[payment.pk]) if state == PayState.PAID else "",
            again_url=reverse("subsidies:pay_again", args=[payment.bounce.pk]) if corrected and not repeated else "",
            correct_url=reverse("subsidies:correct_account", args=[payment.bounce.pk])
            if bounced and not repeated
            else "",
        )


def _remark(payment: Payment, *, repeated: bool, corrected: bool) -> str:
    if not hasattr(payment, "bounce"):
        return day_text(payment.arrival.arrived_on) if hasattr(payment, "arrival") else ""
    said = f"{day_text(payment.bounce.bounced_on)} {payment.bounce.reason}"
    if repeated:
        return _("%(said)s; paid again") % {"said": said}
    if corrected:
        return _("%(said)s; account corrected, to be paid again") % {"said": said}
    return _("%(said)s; waiting for the applicant to correct the account") % {"said": said}


def _shown(actor: Actor, show: str) -> QuerySet[Payment]:
    mine = Payment.objects.in_hands_of(actor.organisation)
    if show == OPEN:
        return mine.filter(bounce__isnull=False, bounce__retry=None)
    return mine.unanswered() if show == UNANSWERED else mine


def ledger_page(actor: Actor, query: QueryDict) -> tuple[list[LedgerRow], ListPager]:
    rows = _shown(actor, query.get("show", ALL))
    part = NEWEST_FIRST.slice(rows.values_list("id"), read_cursor(query, NEWEST_FIRST.pattern))
    payments = rows.filter(pk__in=[row[0] for row in part.rows])
    return list(ledger_rows(payments)), pager_of(query, NEWEST_FIRST, part)


def waiting_payees(actor: Actor) -> list[tuple[int, Decimal]]:
    """What stands before this finance office now with its amount, in the order of the lists that it pays from."""
    cases = Case.objects.filter(holder=actor.organisation, state=State.IN_REVIEW, stage__in=["city_fin", "county_fin"])
    rows = cases.order_by("region", "pk").values_list("pk", "amount")
    return [(pk, amount or Decimal(0)) for pk, amount in rows.iterator()]
