"""Lists of a batch as workbooks: 市级汇总表, 上报名单, 公示名单. Printed papers are Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.db.models import QuerySet

from subsidies.batches import DEGREES, county_totals, living_members, sum_of
from subsidies.intakes import chinese_name
from workflow import clock
from workflow.models import Batch, BatchMember
from workflow.presentation.times import day_text
from workflow.spreadsheets import Cell, Column, Row, Target, write_sheet

# Passes the rows on and sees them go by: a task counts them.
Watch = Callable[[Iterator[Row]], Iterator[Row]]

TOTAL = "合计"
DEMO_NOTE = "演示金额：补助标准仅用于演示，不是正式标准。"


def batch_notes(batch: Batch) -> list[str]:
    notes = [f"批次：{chinese_name(batch.intake_of.intake_id)}"] if hasattr(batch, "intake_of") else []
    notes += [f"批次号：{batch.number}（第{batch.version}版）", f"编制单位：{batch.organisation.name}"]
    notes.append(f"编制日期：{day_text(batch.created_at)}　　打印日期：{clock.today():%Y-%m-%d}")
    if living_members(batch).filter(case__rent_application__programme__demo_amounts=True).exists():
        notes.append(DEMO_NOTE)
    return notes


def write_summary(target: Target, batch: Batch) -> None:
    """市级汇总表: one line for each county, the city's total below."""
    columns = (
        Column("序号", 6),
        Column("县（市、区）", 16),
        *(Column(f"{name}人数", 10, Cell.INTEGER) for name in DEGREES.values()),
        Column("人数合计", 10, Cell.INTEGER),
        Column("月数合计", 10, Cell.INTEGER),
        Column("金额合计（元）", 16, Cell.MONEY),
        Column("市级承担（元）", 16, Cell.MONEY),
        Column("县级承担（元）", 16, Cell.MONEY),
        Column("备注", 16),
    )
    write_sheet(target, "大学生租房补助市级汇总表", columns, _summary_rows(batch), batch_notes(batch))


def _summary_rows(batch: Batch) -> Iterator[Row]:
    lines = county_totals(batch)
    for number, line in enumerate([*lines, sum_of(lines, TOTAL)], start=1):
        first = str(number) if number <= len(lines) else ""
        yield (
            first,
            line.county,
            *(count for _name, count in line.by_degree),
            line.count,
            line.months,
            line.amount,
            line.city,
            line.county_part,
            "",
        )


def _members(batch: Batch) -> QuerySet[BatchMember]:
    return living_members(batch).select_related("case").order_by("case__region", "case")


def write_members(target: Target, batch: Batch, watch: Watch = iter) -> None:
    """上报名单 or 公示名单: identity numbers masked, no account: nothing personal that the list does not need."""
    columns = (
        Column("序号", 6),
        Column("姓名", 12),
        Column("证件号码", 22),
        Column("工作单位", 32),
        Column("县（市、区）", 14),
        Column("学历", 8),
        Column("起始年月", 12),
        Column("月数", 8, Cell.INTEGER),
        Column("补贴标准（元/月）", 14, Cell.MONEY),
        Column("金额（元）", 14, Cell.MONEY),
    )
    write_sheet(target, batch.title, columns, watch(_member_cells(batch)), batch_notes(batch))


def _member_cells(batch: Batch) -> Iterator[Row]:
    for number, member in enumerate(_members(batch).iterator(), start=1):
        case, summary = member.case, member.case.summary
        yield (
            str(number),
            case.subject,
            summary.get("id_masked", ""),
            summary.get("unit", ""),
            summary.get("county", ""),
            summary.get("degree", ""),
            summary.get("start", ""),
            summary.get("months", 0),
            decimal_of(summary.get("standard")),
            member.amount,
        )


def decimal_of(text: str | None) -> Decimal:
    return Decimal(text or 0)
