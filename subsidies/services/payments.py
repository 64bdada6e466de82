"""The ledger: allocation, payment, the bank's word, the corrected account, the repeated payment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from subsidies.amounts import split_amount
from subsidies.models import (
    AccountCorrection,
    Allocation,
    Arrival,
    Bounce,
    Payment,
    PaymentStop,
    RentApplication,
)
from workflow import clock
from workflow.actors import Actor
from workflow.deadlines import Calendars
from workflow.enums import PERSON
from workflow.models import Case, Filing, OutboxMessage
from workflow.planning import load_barred
from workflow.services import Refused
from workflow.services.denials import barred_reason
from workflow.worker_wake import wake_workers

# The effect by which a stage of the chain pays the person.
PAY_COUNTY = "subsidies.pay_county"


@dataclass(frozen=True, slots=True)
class Account:
    """Where money goes."""

    holder_name: str
    bank: str
    branch: str
    number: str

    @property
    def columns(self) -> dict[str, str]:
        return {
            "holder_name": self.holder_name,
            "bank": self.bank,
            "branch": self.branch,
            "account": self.number,
            "last4": self.number[-4:],
        }


def allocate(
    cases: Sequence[Case],
    actor: Actor,
    *,
    document: str,
    voucher: str,
    paid_on: date,
    act_id: uuid.UUID,
    at: datetime,
) -> None:
    """市财政局: one entry for each case, split between city and county as the programme says."""
    share = dict(RentApplication.objects.filter(case__in=cases).values_list("case", "programme__city_share"))
    Allocation.objects.bulk_create(
        Allocation(
            case=case,
            amount=amount_of(case),
            city_share=split_amount(amount_of(case), share[case.pk]).city,
            document=document,
            voucher=voucher,
            paid_on=paid_on,
            act_id=act_id,
            **_entry(actor, at),
        )
        for case in cases
    )


def pay(cases: Sequence[Case], actor: Actor, *, voucher: str, paid_on: date, act_id: uuid.UUID, at: datetime) -> None:
    """县财政局: the first payment of each case, to the account of its application."""
    accounts = accounts_of(cases)
    Payment.objects.bulk_create(
        Payment(
            case=case,
            amount=amount_of(case),
            voucher=voucher,
            paid_on=paid_on,
            act_id=act_id,
            **_entry(actor, at),
            **accounts[case.pk].columns,
        )
        for case in cases
    )


def accounts_of(cases: Sequence[Case]) -> Mapping[int, Account]:
    """{case pk: the account of the latest filing}; cases without one are left out.

    Never the live form: after a return that was taken back it may say what no office has seen.
    """
    later = Filing.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    latest = Filing.objects.filter(~Exists(later), case__in=cases)
    accounts = ((filing.case_id, _filed_account(filing)) for filing in latest.iterator())
    return {case_id: account for case_id, account in accounts if account.number}


def _filed_account(filing: Filing) -> Account:
    sections = (section for section in filing.content.get("sections", []) if section["key"] == "account")
    rows = {row["key"]: row.get("full", row["value"]) for section in sections for row in section["rows"]}
    return Account(*(rows.get(key, "") for key in ("account_holder", "bank", "branch", "account")))


def amount_of(case: Case) -> Decimal:
    """Nothing without an amount passes the gate that compares the sums."""
    assert case.amount is not None
    return case.amount


def _entry(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"actor_id": actor.user_id, "organisation_id": actor.organisation_id, "at": at}


@transaction.atomic
def record_arrival(payment: Payment, actor: Actor, *, arrived_on: date) -> Arrival:
    """Raises Refused where the bank has already given its word."""
    _lock(payment.case_id)
    arrival = draft_arrival(_as_it_stands(payment), actor, arrived_on=arrived_on, at=clock.now())
    arrival.save(force_insert=True)
    return arrival


def draft_arrival(payment: Payment, actor: Actor, *, arrived_on: date, at: datetime) -> Arrival:
    """The entry, not written yet, on a locked payment ``with_bank_word``. Raises Refused."""
    _refuse_second_word(payment)
    if arrived_on < payment.paid_on:
        raise Refused(_("A payment cannot arrive before the day it was made (%(day)s).") % {"day": payment.paid_on})
    return Arrival(payment=payment, arrived_on=arrived_on, **_entry(actor, at))


@transaction.atomic
def record_bounce(payment: Payment, actor: Actor, *, reason: str, bounced_on: date) -> Bounce:
    """退票登记, whatever stage the case has reached. A payment may come back even after it was said to have arrived."""
    _lock(payment.case_id)
    bounce = draft_bounce(_as_it_stands(payment), actor, reason=reason, bounced_on=bounced_on, at=clock.now())
    bounce.save(force_insert=True)
    tell_bounced([bounce])
    return bounce


def draft_bounce(payment: Payment, actor: Actor, *, reason: str, bounced_on: date, at: datetime) -> Bounce:
    """The entry, not written yet, on a locked payment ``with_bank_word``. Raises Refused."""
    if hasattr(payment, "bounce"):
        raise Refused(_("This payment has already been recorded as returned."))
    if bounced_on < payment.paid_on:
        raise Refused(_("A payment cannot come back before the day it was made (%(day)s).") % {"day": payment.paid_on})
    return Bounce(payment=payment, reason=reason, bounced_on=bounced_on, **_entry(actor, at))


def tell_bounced(bounces: Sequence[Bounce]) -> None:
    """Each person hears that the money came back and why."""
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind="subsidies.bounced",
            case=bounce.payment.case,
            recipient_id=bounce.payment.case.applicant_id,
            context={"reason": bounce.reason},
            created_at=bounce.at,
        )
        for bounce in bounces
    )
    transaction.on_commit(wake_workers)


@transaction.atomic
def correct_account(bounce: Bounce, actor: Actor, *, account: Account) -> AccountCorrection:
    """更正账号, by the person; the county finance bureau is told and pays again."""
    case = _lock(bounce.payment.case_id)
    if case.applicant_id != actor.user_id or not actor.is_person:
        raise Refused(_("Only the applicant can correct the account."))
    _refuse_paid_again(bounce)
    correction = AccountCorrection.objects.create(bounce=bounce, **_entry(actor, clock.now()), **account.columns)
    _tell("subsidies.account_corrected", case, organisation_id=bounce.payment.organisation_id)
    return correction


@transaction.atomic
def pay_again(
    bounce: Bounce, actor: Actor, *, token: uuid.UUID, correction: int | None, voucher: str, paid_on: date
) -> Payment:
    """A new entry with a voucher of its own; the same form sent twice pays once.

    ``correction`` is the key of the account that the officer saw. Raises Refused where the person gave another since.
    """
    case = _lock(bounce.payment.case_id)
    first = Payment.objects.filter(token=token, retry_of=bounce).first()
    if first is not None:
        return first
    _refuse_barred(case, actor)
    _refuse_paid_again(bounce)
    account = bounce.corrections.last()
    if account is None:
        raise Refused(_("The applicant has not corrected the account yet."))
    if account.pk != correction:
        raise Refused(_("The applicant has given another account meanwhile. Look at it, then pay to that one."))
    if PaymentStop.objects.in_force(clock.today()).of_cases([case]):
        raise Refused(_("Payments to this person are stopped."))
    if paid_on < bounce.bounced_on:
        raise Refused(_("Pay again on or after the day the money came back (%(day)s).") % {"day": bounce.bounced_on})
    payment = Payment.objects.create(
        token=token,
        case=case,
        amount=bounce.payment.amount,
        attempt=bounce.payment.attempt + 1,
        retry_of=bounce,
        voucher=voucher,
        paid_on=paid_on,
        **_entry(actor, clock.now()),
        holder_name=account.holder_name,
        bank=account.bank,
        branch=account.branch,
        account=account.account,
        last4=account.last4,
    )
    _rearm(case)
    _tell("subsidies.paid_again", case, recipient_id=case.applicant_id, context={"last4": payment.last4})
    return payment


def _lock(case_id: int) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("region").get(pk=case_id)


def _as_it_stands(payment: Payment) -> Payment:
    """What the bank has said of it up to the moment its case was locked."""
    return Payment.objects.with_bank_word().get(pk=payment.pk)


def _refuse_second_word(payment: Payment) -> None:
    if hasattr(payment, "bounce"):
        raise Refused(_("This payment has already been recorded as returned."))
    if hasattr(payment, "arrival"):
        raise Refused(_("This payment has already been recorded as arrived."))


def _refuse_paid_again(bounce: Bounce) -> None:
    if Payment.objects.filter(retry_of=bounce).exists():
        raise Refused(_("This payment has already been made again."))


def _refuse_barred(case: Case, actor: Actor) -> None:
    """Four eyes beside the chain too: who may not pay a case may not pay it again."""
    stage = next((stage for stage in case.route.stages if PAY_COUNTY in stage.effects), None)
    if stage is not None:
        load_barred(case, stage)
    if reason := barred_reason(case, actor):
        raise Refused(reason)


def _rearm(case: Case) -> None:
    """The person gets the full time again to confirm what is paid again."""
    stage = case.current_stage
    if stage is not None and stage.actor_kind == PERSON:
        due_on = Calendars.of_regions([case.region]).due_on(case.region_id, clock.today(), stage.working_days)
        # From the new entry on, so that a changed calendar counts from there too.
        Case.objects.filter(pk=case.pk).update(due_on=due_on, entered_at=clock.now())


def _tell(kind: str, case: Case, *, context: Mapping[str, Any] | None = None, **whom: int | None) -> None:
    OutboxMessage.objects.create(kind=kind, case=case, context=context or {}, created_at=clock.now(), **whom)
    transaction.on_commit(wake_workers)
