"""What happens when an office of the rent subsidy decides: batches, messages, ledger entries, months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from subsidies.services.payments import allocate, pay
from workflow import clock
from workflow.enums import BatchKind
from workflow.models import Batch
from workflow.registry import ActContext, Move, effect
from workflow.services.batches import open_batch


def _open(kind: BatchKind, moves: Sequence[Move], context: ActContext, name: str) -> Batch:
    """Titles are data: Chinese in the row, like the names of the offices."""
    office = context.actor.organisation
    assert office is not None
    day = clock.local_date(context.at)
    return open_batch(kind, moves, context, title=f"{office.region.name}大学生租房补助{name}（{day:%Y-%m-%d}）")


@effect("subsidies.open_report_batch")
def open_report_batch(moves: Sequence[Move], context: ActContext) -> None:
    _open(BatchKind.REPORT, moves, context, "上报名单")


@effect("subsidies.open_summary_batch")
def open_summary_batch(moves: Sequence[Move], context: ActContext) -> None:
    _open(BatchKind.SUMMARY, moves, context, "市级汇总")


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
    _open(BatchKind.PAYOUT, moves, context, "市级拨付")
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
    _open(BatchKind.PAYOUT, moves, context, "发放")
    pay(
        [move.case for move in moves],
        context.actor,
        voucher=payload["voucher"],
        paid_on=date.fromisoformat(payload["paid_on"]),
        act_id=context.act.pk,
        at=context.at,
    )
