from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.workdays import Calendar, parse_arrangement, published_calendar

DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-01-26", True),  # Sunday, worked for the Spring Festival
        ("2025-01-28", False),
        ("2025-02-08", True),
        ("2025-10-06", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2024-06-10", False),
    ],
)
def test_published_days_follow_the_arrangement(day, works):
    assert published_calendar().is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2027-01-01", False),
        ("2027-05-02", False),
        ("2027-05-03", True),
        ("2027-10-01", False),
        ("2027-10-04", True),
        ("2027-10-09", False),
        ("2027-02-08", True),  # the lunar new year of 2027 is not known before it is published
    ],
)
def test_years_without_an_arrangement_have_weekends_and_fixed_holidays(day, works):
    assert published_calendar().is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 5, "2026-11-27"),  # published on a Friday, five working days
        ("2026-11-21", 5, "2026-11-27"),  # published on a Saturday: the same end
        ("2025-09-26", 5, "2025-10-10"),  # across the eight days of October 2025
        ("2025-01-24", 1, "2025-01-26"),  # a worked Sunday counts
        ("2026-09-30", 1, "2026-10-08"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_add_workdays_reaches_the_last_day(start, count, end):
    assert published_calendar().add_workdays(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_add_workdays_refuses_a_negative_count():
    with pytest.raises(ValueError, match="negative"):
        published_calendar().add_workdays(date(2026, 1, 1), -1)


@given(DAYS, COUNTS)
def test_a_period_ends_on_a_working_day(start, count):
    end = published_calendar().add_workdays(start, count)

    assert published_calendar().is_workday(end)
    assert end >= start


@given(DAYS, COUNTS, COUNTS)
def test_a_longer_period_never_ends_earlier(start, count, more):
    calendar = published_calendar()

    assert calendar.add_workdays(start, count) <= calendar.add_workdays(start, count + more)


@given(DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(start, count):
    calendar = published_calendar()

    assert calendar.add_workdays(start, count) <= calendar.add_workdays(start + timedelta(days=1), count)


@given(DAYS, st.integers(1, 60))
def test_counting_is_the_inverse_of_adding(start, count):
    calendar = published_calendar()

    assert calendar.workdays_between(start, calendar.add_workdays(start, count)) == count


@given(DAYS, DAYS, DAYS)
def test_counts_of_adjoining_periods_add_up(one, two, three):
    calendar = published_calendar()

    assert calendar.workdays_between(one, two) + calendar.workdays_between(two, three) == calendar.workdays_between(
        one, three
    )


def test_overdue_days_are_negative():
    assert published_calendar().workdays_between(date(2026, 11, 20), date(2026, 11, 18)) == -2


def test_a_region_can_put_its_own_days_on_top():
    day = date(2026, 4, 20)
    local = published_calendar().overruled_by({day: False}, published=[2027])

    assert not local.is_workday(day)
    assert published_calendar().is_workday(day)
    assert local.unpublished_years(day, date(2027, 6, 1)) == []


def test_unpublished_years_are_named():
    assert published_calendar().unpublished_years(date(2026, 12, 1), date(2028, 1, 4)) == [2027, 2028]
    assert published_calendar().unpublished_years(date(2024, 12, 1), date(2026, 12, 31)) == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_shipped_years_give_back_every_statutory_day(year):
    """13 statutory days since 2025: what is off on weekdays less what is worked on weekends is at least these 13.

    A statutory day on a weekend is compensated, so the balance is exactly 13.
    """
    days = published_calendar().days
    free = sum(not works and day.weekday() < 5 for day, works in days.items() if day.year == year)
    worked = sum(works for day, works in days.items() if day.year == year)

    assert free - worked == 13


@pytest.mark.parametrize(
    "rows",
    [["2026-01-01,holiday,x", "2026-01-01,workday,x"], ["2026-01-01,feast,x"], ["2026-02-30,holiday,x"]],
)
def test_a_bad_arrangement_is_refused(rows):
    with pytest.raises(ValueError, match=r"twice|feast|day"):
        parse_arrangement(["date,kind,name", *rows])


def test_a_calendar_without_data_knows_weekends():
    assert Calendar().add_workdays(date(2030, 10, 4), 1) == date(2030, 10, 7)
