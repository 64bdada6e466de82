"""The year, quarter or month that a day belongs to, and how it is called."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from subsidies.enums import BatchBy
from subsidies.intakes import chinese_name, intake_text, period_of


@pytest.mark.parametrize(
    ("day", "batch_by", "code", "first", "last", "name"),
    [
        (date(2026, 7, 1), BatchBy.QUARTER, "2026Q3", date(2026, 7, 1), date(2026, 9, 30), "2026年第三季度"),
        (date(2026, 12, 31), BatchBy.QUARTER, "2026Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        (date(2026, 3, 31), BatchBy.QUARTER, "2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        (date(2028, 2, 29), BatchBy.MONTH, "2028-02", date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        (date(2026, 8, 9), BatchBy.YEAR, "2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_period_of_a_day(day: date, batch_by: BatchBy, code: str, first: date, last: date, name: str) -> None:
    period = period_of(day, batch_by)

    assert (period.code, period.first, period.last) == (code, first, last)
    assert chinese_name(code) == name


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(BatchBy))
def test_every_day_lies_in_exactly_one_period(day: date, batch_by: BatchBy) -> None:
    period = period_of(day, batch_by)

    assert period.first <= day <= period.last
    assert period_of(period.last, batch_by) == period_of(period.first, batch_by) == period
    assert period_of(period.last + timedelta(days=1), batch_by).first == period.last + timedelta(days=1)


def test_name_follows_the_language_of_the_reader() -> None:
    with translation.override("en"):
        assert intake_text("2026Q3") == "2026Q3"
    with translation.override("zh-hans"):
        assert intake_text("2026Q3") == "2026年第三季度"
        assert intake_text("") == ""
