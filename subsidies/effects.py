"""What happens when an office of the rent subsidy decides: batches, messages, ledger entries, months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from subsidies.services.intakes import open_documents
from subsidies.services.payments import allocate, pay
from workflow.enums import BatchKind
from workflow.registry import ActContext, Move, effect


@effect("subsidies.open_report_batch")
def open_report_batch(moves: Sequence[Move], context: ActContext) -> None:
    open_documents(BatchKind.REPORT, moves, context, name="上报名单")


@effect("subsidies.open_summary_batch")
def open_summary_batch(moves: Sequence[Move], context: ActContext) -> None:
    open_documents(BatchKind.SUMMARY, moves, context, name="市级汇总")


@effect("subsidies.notify_city_finance")
def notify_city_finance(moves: Sequence[Move], context: ActContext) -> None:
    """市组织部确认通过后通知市财政局: one message for the whole confirmation."""
    for office_id in {move.case.holder_id for move in moves if move.case.holder_id is not None}:
        mine = [move.case for move in moves if move.case.holder_id == office_id]
        total = sum((case.amount for case in mine if case.amount is not None), 0)
        context.messages.append(
            {
                "kind": "subsidies.city_confirmed",
                "organisation_id": office_id,
                "context": {"count": len(mine), "total": str(total)},
            }
        )


@effect("subsidies.pay_city", irreversible=True)
def pay_city(moves: Sequence[Move], context: ActContext) -> None:
    """市财政局确认拨付: one entry for each case, and the batch that the document covers."""
    payload = context.payload
    open_documents(BatchKind.PAYOUT, moves, context, name="市级拨付")
    allocate(
        [move.case for move in moves],
        context.actor,
        document=payload["document"],
        voucher=payload["voucher"],
        paid_on=date.fromisoformat(payload["paid_on"]),
        act_id=context.act.pk,
        at=context.at,
    )


@effect("subsidies.pay_county", irreversible=True)
def pay_county(moves: Sequence[Move], context: ActContext) -> None:
    """县财政局确认拨付: one payment for each person."""
    payload = context.payload
    open_documents(BatchKind.PAYOUT, moves, context, name="发放")
    pay(
        [move.case for move in moves],
        context.actor,
        voucher=payload["voucher"],
        paid_on=date.fromisoformat(payload["paid_on"]),
        act_id=context.act.pk,
        at=context.at,
    )
