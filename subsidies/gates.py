"""What must hold before a case of the rent subsidy may go on. Gates take sets and ask once for all."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.closing import bars_closing
from subsidies.models import Allocation, Bounce, Payment, PaymentStop
from subsidies.services.payments import accounts_of
from subsidies.services.reconciliation import batch_disagreements
from workflow import clock
from workflow.actors import Actor
from workflow.enums import ObjectionStatus
from workflow.models import Case, Objection
from workflow.registry import Closed, gate


@gate("subsidies.not_stopped")
def not_stopped(cases: Sequence[Case]) -> Closed:
    """停发 holds back the money of the person, on every case of theirs."""
    stopped = PaymentStop.objects.in_force(clock.today()).of_cases(cases)
    return {
        pk: _("Payments to this person are stopped: %(reason)s") % {"reason": reason} for pk, reason in stopped.items()
    }


@gate("subsidies.account_present")
def account_present(cases: Sequence[Case]) -> Closed:
    accounts = accounts_of(cases)
    return {case.pk: _("The application names no bank account.") for case in cases if case.pk not in accounts}


@gate("subsidies.amounts_agree")
def amounts_agree(cases: Sequence[Case]) -> Closed:
    """Case, batches and allocation name the same amount, and the members of each batch add up to its total."""
    closed: Closed = dict(batch_disagreements(cases))
    for entry in Allocation.objects.filter(case__in=cases).select_related("case"):
        if entry.amount != entry.case.amount:
            amounts = {"allocated": entry.amount, "amount": entry.case.amount}
            closed[entry.case_id] = (
                _("The city has allocated %(allocated)s yuan, the case asks for %(amount)s yuan.") % amounts
            )
    return closed


@gate("subsidies.money_not_bounced")
def money_not_bounced(cases: Sequence[Case]) -> Closed:
    """The person confirms money that was paid and has not come back."""
    paid = set(Payment.objects.filter(case__in=cases).values_list("case", flat=True))
    back = Bounce.objects.filter(payment__case__in=cases, retry=None).select_related("payment")
    closed: Closed = {case.pk: _("No payment has been entered yet.") for case in cases if case.pk not in paid}
    for bounce in back:
        closed[bounce.payment.case_id] = _(
            "The bank has returned the payment (%(reason)s): correct the account, then it is paid again."
        ) % {"reason": bounce.reason}
    return closed


@gate("subsidies.objection_upheld")
def objection_upheld(cases: Sequence[Case]) -> Closed:
    """异议成立: while a case is published, only an upheld objection may end it."""
    published = [case for case in cases if case.stage == "publicity"]
    if not published:
        return {}
    upheld = set(
        Objection.objects.filter(case__in=published, status=ObjectionStatus.UPHELD).values_list("case", flat=True)
    )
    return {
        case.pk: _("While the case is published only an upheld objection can end it.")
        for case in published
        if case.pk not in upheld
    }


@bars_closing
def waits_for_money(user: User) -> str:
    """The bank has sent a payment back: only the person can name another account for it."""
    bounced = Bounce.objects.to_correct_by(Actor(user=user)).order_by("pk")
    numbers = gettext(", ").join(str(bounce.payment.case) for bounce in bounced[:5])
    text = gettext("Payments of these cases came back from the bank and are still open: %(cases)s")
    return text % {"cases": numbers} if numbers else ""
