"""How many months, at what standard, how much, from whose purse: pure functions over dates and Decimals.

A month is written as its first day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def month_of(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month ``count`` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def last_day(month: date) -> date:
    return add_months(month, 1) - timedelta(days=1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Every month from the first to the last, both included; none when they stand the wrong way round."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(add_months(month_of(first), index) for index in range(count))


@dataclass(frozen=True, slots=True)
class Span:
    """From a day until a day, both included; without an end it is still running."""

    start: date
    end: date | None = None

    def covers(self, month: date) -> bool:
        """Whether the whole calendar month lies inside."""
        return self.start <= month and (self.end is None or last_day(month) <= self.end)

    @property
    def months(self) -> int | None:
        """Full months from the first day to the last, as a contract counts them; None while it has no end."""
        if self.end is None:
            return None
        after = self.end + timedelta(days=1)
        full = (after.year - self.start.year) * 12 + after.month - self.start.month
        return max(full - (after.day < self.start.day), 0)


def insured_span(first_month: date, months: int) -> Span | None:
    """Social insurance paid without a break for ``months`` months from the first one."""
    return Span(month_of(first_month), last_day(add_months(month_of(first_month), months - 1))) if months > 0 else None


def counted_months(first: date, last: date, spans: Iterable[Span | None]) -> tuple[date, ...]:
    """The months of the period that every span covers as a whole; a missing span covers nothing."""
    needed = tuple(spans)
    return tuple(
        month
        for month in months_between(first, last)
        if all(span is not None and span.covers(month) for span in needed)
    )


def monthly_standard(standard: Decimal, rent: Decimal | None, *, cap_by_rent: bool) -> Decimal:
    """What one month brings: the standard, or the rent really paid where the programme caps by it."""
    value = min(standard, rent) if cap_by_rent and rent is not None else standard
    return value.quantize(CENT, ROUND_HALF_UP)


def total_amount(standard: Decimal, months: int) -> Decimal:
    return (standard * months).quantize(CENT, ROUND_HALF_UP)


def remaining_months(max_months: int, used: int) -> int:
    return max(max_months - used, 0)


@dataclass(frozen=True, slots=True)
class Shares:
    city: Decimal
    county: Decimal


def split_amount(total: Decimal, city_share: Decimal) -> Shares:
    """The city's part is rounded, the county pays the rest: together they are the total to the cent."""
    city = (total * city_share).quantize(CENT, ROUND_HALF_UP)
    return Shares(city, total - city)
