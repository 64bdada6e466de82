"""批次: the year, quarter or month in which applications are taken in, by the day they are first filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from subsidies.amounts import add_months, last_day
from subsidies.enums import BatchBy
from workflow.models.place import in_chinese

NUMERALS = "一二三四"
MONTHS = {BatchBy.YEAR: 12, BatchBy.QUARTER: 3, BatchBy.MONTH: 1}


@dataclass(frozen=True, slots=True)
class Period:
    """``code``: 2026, 2026Q3 or 2026-07; the days of the first and the last included."""

    code: str
    first: date
    last: date


def period_of(day: date, batch_by: BatchBy) -> Period:
    length = MONTHS[batch_by]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    codes = {
        BatchBy.YEAR: f"{first:%Y}",
        BatchBy.QUARTER: f"{first:%Y}Q{(first.month + 2) // 3}",
        BatchBy.MONTH: f"{first:%Y-%m}",
    }
    return Period(codes[batch_by], first, last_day(add_months(first, length - 1)))


def chinese_name(code: str) -> str:
    """2026年第三季度: how titles of papers name it, whatever language the page is in."""
    year, rest = code[:4], code[4:]
    if rest.startswith("Q"):
        return f"{year}年第{NUMERALS[int(rest[1:]) - 1]}季度"
    if rest.startswith("-"):
        return f"{year}年{int(rest[1:])}月"
    return f"{year}年" if year else ""


def intake_text(code: str) -> str:
    """The name in the reader's language; "" for a case that belongs to none."""
    return chinese_name(code) if in_chinese() else code
