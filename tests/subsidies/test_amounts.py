"""The arithmetic of the rent subsidy: worked examples, and what must hold for every input."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.amounts import (
    Span,
    add_months,
    counted_months,
    insured_span,
    last_day,
    month_of,
    monthly_standard,
    months_between,
    remaining_months,
    split_amount,
    total_amount,
)

ALWAYS = Span(date(2000, 1, 1))
MONTHS = st.dates(date(2015, 1, 1), date(2035, 12, 31)).map(month_of)
YUAN = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)
SHARES = st.decimals(Decimal(0), Decimal(1), places=4)
SPANS = st.tuples(MONTHS, st.integers(0, 400)).map(lambda pair: Span(pair[0], add_months(pair[0], pair[1] // 30)))


@pytest.mark.parametrize(
    ("first", "last", "contract", "insured", "lease", "months"),
    [
        # Everything covers the first half of the year.
        ("2026-01", "2026-06", ("2025-07-01", "2028-06-30"), ("2025-07", 17), ("2025-09-01", "2026-08-31"), 6),
        # The lease begins in the middle of January: that month is not a whole one.
        ("2026-01", "2026-06", ("2025-07-01", "2028-06-30"), ("2025-07", 17), ("2026-01-15", "2026-12-31"), 5),
        # The contract ends one day before the end of June.
        ("2026-01", "2026-06", ("2025-07-01", "2026-06-29"), ("2025-07", 17), ("2025-09-01", "2026-08-31"), 5),
        # Insurance was paid from March on.
        ("2026-01", "2026-06", ("2025-07-01", None), ("2026-03", 4), ("2025-09-01", "2026-08-31"), 4),
        # Insurance was paid for five months and then broke off.
        ("2026-01", "2026-12", ("2025-07-01", None), ("2026-01", 5), ("2025-09-01", "2027-08-31"), 5),
        # February of a leap year needs its 29th day.
        ("2028-02", "2028-02", ("2025-07-01", "2028-02-28"), ("2025-07", 40), ("2025-09-01", "2028-08-31"), 0),
        ("2028-02", "2028-02", ("2025-07-01", "2028-02-29"), ("2025-07", 40), ("2025-09-01", "2028-08-31"), 1),
        # Over the turn of a year.
        ("2025-11", "2026-02", ("2025-07-01", None), ("2025-07", 17), ("2025-09-01", "2026-08-31"), 4),
        # The wrong way round.
        ("2026-06", "2026-01", ("2025-07-01", None), ("2025-07", 17), ("2025-09-01", "2026-08-31"), 0),
        # Three windows that never meet.
        ("2026-01", "2026-06", ("2026-01-01", "2026-02-28"), ("2026-03", 2), ("2026-05-01", "2026-06-30"), 0),
    ],
)
def test_months_count_only_where_contract_insurance_and_lease_cover_all_of_them(
    first: str,
    last: str,
    contract: tuple[str, str | None],
    insured: tuple[str, int],
    lease: tuple[str, str],
    months: int,
) -> None:
    spans = (
        Span(date.fromisoformat(contract[0]), date.fromisoformat(contract[1]) if contract[1] else None),
        insured_span(date.fromisoformat(f"{insured[0]}-01"), insured[1]),
        Span(date.fromisoformat(lease[0]), date.fromisoformat(lease[1])),
    )

    counted = counted_months(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"), spans)

    assert len(counted) == months


@pytest.mark.parametrize(
    ("standard", "rent", "cap", "months", "share", "total", "city", "county"),
    [
        ("1000", "1500", False, 6, "0.5", "6000.00", "3000.00", "3000.00"),
        ("2000", None, False, 12, "0.5", "24000.00", "12000.00", "12000.00"),
        ("500", "420.50", True, 3, "0.5", "1261.50", "630.75", "630.75"),
        ("500", "420.55", True, 3, "0.5", "1261.65", "630.83", "630.82"),
        ("1000", "1500", True, 1, "0.5", "1000.00", "500.00", "500.00"),
        ("1000", "1500", False, 7, "0.3333", "7000.00", "2333.10", "4666.90"),
        ("1000", "1500", False, 6, "0", "6000.00", "0.00", "6000.00"),
        ("1000", "1500", False, 6, "1", "6000.00", "6000.00", "0.00"),
        ("1000", "1500", False, 0, "0.5", "0.00", "0.00", "0.00"),
        ("0.01", None, False, 1, "0.5", "0.01", "0.01", "0.00"),
    ],
)
def test_amounts_follow_the_worked_examples(
    standard: str, rent: str | None, cap: bool, months: int, share: str, total: str, city: str, county: str
) -> None:
    monthly = monthly_standard(Decimal(standard), Decimal(rent) if rent else None, cap_by_rent=cap)

    amount = total_amount(monthly, months)
    shares = split_amount(amount, Decimal(share))

    assert (str(amount), str(shares.city), str(shares.county)) == (total, city, county)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-07-01", "2026-06-30", 12),
        ("2025-07-01", "2026-06-29", 11),
        ("2025-07-15", "2026-07-14", 12),
        ("2025-07-15", "2026-07-13", 11),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-30", 2),
        ("2026-01-01", "2026-01-31", 1),
        ("2026-03-01", "2026-02-01", 0),
    ],
)
def test_span_counts_full_months_as_a_contract_does(start: str, end: str, months: int) -> None:
    assert Span(date.fromisoformat(start), date.fromisoformat(end)).months == months


def test_span_without_an_end_has_no_number_of_months() -> None:
    assert ALWAYS.months is None


def test_no_insurance_covers_no_month() -> None:
    assert counted_months(date(2026, 1, 1), date(2026, 6, 1), [ALWAYS, insured_span(date(2026, 1, 1), 0)]) == ()


@given(MONTHS, st.integers(-400, 400))
def test_adding_months_can_be_undone(month: date, count: int) -> None:
    assert add_months(add_months(month, count), -count) == month


@given(MONTHS, st.integers(0, 60), st.lists(SPANS, max_size=3))
def test_counted_months_lie_in_the_period_and_are_covered_whole(first: date, length: int, spans: list[Span]) -> None:
    last = add_months(first, length)

    counted = counted_months(first, last, spans)

    assert set(counted) <= set(months_between(first, last))
    assert all(span.start <= month and last_day(month) <= span.end for month in counted for span in spans if span.end)


@given(MONTHS, st.integers(0, 60), st.integers(0, 12), st.lists(SPANS, max_size=3))
def test_a_longer_period_never_counts_fewer_months(first: date, length: int, more: int, spans: list[Span]) -> None:
    last = add_months(first, length)

    assert len(counted_months(first, add_months(last, more), spans)) >= len(counted_months(first, last, spans))


@given(MONTHS, st.integers(0, 30), st.integers(1, 30), st.lists(SPANS, max_size=3), YUAN)
def test_two_periods_side_by_side_bring_what_both_bring_as_one(
    first: date, length: int, more: int, spans: list[Span], standard: Decimal
) -> None:
    middle = add_months(first, length)
    last = add_months(middle, more)

    left = counted_months(first, middle, spans)
    right = counted_months(add_months(middle, 1), last, spans)
    whole = counted_months(first, last, spans)

    assert left + right == whole
    assert total_amount(standard, len(left)) + total_amount(standard, len(right)) == total_amount(standard, len(whole))


@given(YUAN, YUAN, st.integers(0, 36), st.integers(0, 36))
def test_total_grows_with_months_and_never_passes_rent_where_it_caps(
    standard: Decimal, rent: Decimal, fewer: int, more: int
) -> None:
    capped = monthly_standard(standard, rent, cap_by_rent=True)

    assert capped <= standard
    assert total_amount(capped, fewer) <= rent * fewer
    assert total_amount(capped, fewer) <= total_amount(capped, fewer + more)


@given(st.integers(0, 48), st.integers(0, 48))
def test_remaining_months_are_what_the_cap_leaves(cap: int, used: int) -> None:
    left = remaining_months(cap, used)

    assert left >= 0
    assert used + left == max(cap, used)


@given(YUAN, st.integers(0, 36), SHARES)
def test_city_and_county_pay_the_total_to_the_cent(standard: Decimal, months: int, share: Decimal) -> None:
    total = total_amount(standard, months)

    shares = split_amount(total, share)

    assert shares.city + shares.county == total
    assert shares.city >= 0
    assert shares.county >= 0
    assert abs(shares.city - total * share) <= Decimal("0.005")
