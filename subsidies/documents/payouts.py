"""发放明细表 with full account and identity numbers: each of them a look that is logged before the row is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from subsidies.documents.papers import TOTAL, Watch, decimal_of
from subsidies.services.reveals import Look, refuse_strangers, reveal_accounts
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case
from workflow.spreadsheets import Cell, Column, Row, Target, write_sheet
from workflow.templatetags.tongban import money

CHUNK = 500
# (case, amount): whom the list pays, in its order.
Payee = tuple[int, Decimal]

COLUMNS = (
    Column("序号", 6),
    Column("县（市、区）", 14),
    Column("工作单位", 30),
    Column("姓名", 12),
    Column("证件号码", 22),
    Column("学历", 8),
    Column("起止月", 18),
    Column("月数", 6, Cell.INTEGER),
    Column("补贴标准（元/月）", 12, Cell.MONEY),
    Column("金额（元）", 14, Cell.MONEY),
    Column("户名", 12),
    Column("开户行", 34),
    Column("账号", 24),
    Column("办件编号", 28),
    Column("备注", 12),
)


def write_payout(
    target: Target,
    payees: Sequence[Payee],
    actor: Actor,
    *,
    reason: str,
    notes: Sequence[str],
    watch: Watch = iter,
    once: bool = False,
) -> None:
    """``once``: a look that stands there for this very reason is not written down again.

    Raises PermissionDenied and ValueError.
    """
    refuse_strangers(actor, reason)
    total = money(sum((amount for _case, amount in payees), Decimal(0)))
    notes = [
        *notes,
        f"{TOTAL}：{len(payees)}人，{total}元",
        f"导出：{actor.user}　{clock.now():%Y-%m-%d}　事由：{reason}",
    ]
    rows = _rows(payees, actor, reason, once)
    write_sheet(target, "大学生租房补助发放明细表", COLUMNS, watch(rows), notes)


def _rows(payees: Sequence[Payee], actor: Actor, reason: str, once: bool) -> Iterator[Row]:
    """A chunk at a time: the list may be long, and what it says of one person is large."""
    for start in range(0, len(payees), CHUNK):
        part = payees[start : start + CHUNK]
        cases = Case.objects.in_bulk([pk for pk, _amount in part])
        looks = reveal_accounts(list(cases.values()), actor, reason=reason, once=once)
        for number, (pk, amount) in enumerate(part, start=start + 1):
            yield _cells(number, cases[pk], amount, looks[pk])


def _cells(number: int, case: Case, amount: Decimal, look: Look) -> Row:
    summary = case.summary
    return (
        str(number),
        summary.get("county", ""),
        summary.get("unit", ""),
        case.subject,
        look.number,
        summary.get("degree", ""),
        f"{summary.get('start', '')} 至 {summary.get('end', '')}",
        summary.get("months", 0),
        decimal_of(summary.get("standard")),
        amount,
        look.account.holder_name,
        f"{look.account.bank}{look.account.branch}",
        look.account.number,
        case.number,
        "",
    )
