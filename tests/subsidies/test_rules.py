"""Each rule at its edges, and what it says; pure, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.amounts import Span, add_months, insured_span, month_of
from subsidies.enums import WindowMode
from subsidies.facts import Facts, Terms, entitlement
from subsidies.rules import RULES, check_all, failures

TODAY = date(2026, 11, 21)
TERMS = Terms(
    standards={"11": Decimal(2000), "14": Decimal(1000), "21": Decimal(500)},
    level_names={"11": "博士", "14": "硕士", "21": "本科"},
    graduated_within_years=5,
    unit_kinds=frozenset({"32", "51"}),
    unit_kind_names="民营企业、民办非企业单位",
    exclusive_with=("购房补贴", "公租房"),
    contract_min_months=12,
    insurance_min_months=1,
    max_months=36,
    city_share=Decimal("0.5"),
    valid_from=date(2020, 1, 1),
    basis={rule.key: f"依据 {rule.key}" for rule in RULES},
)
FACTS = Facts(
    today=TODAY,
    education="14",
    full_time=True,
    graduated_on=date(2024, 6, 28),
    has_current_work=True,
    works_at_registered_unit=True,
    unit_kind="32",
    contract=Span(date(2025, 7, 1), date(2028, 6, 30)),
    insured=insured_span(date(2025, 7, 1), 16),
    insured_months=16,
    lease=Span(date(2025, 9, 1), date(2026, 10, 31)),
    rent=Decimal(1200),
    owns_house=False,
    enjoyed_other=False,
    start=date(2026, 1, 1),
    end=date(2026, 6, 1),
)


def failed(facts: Facts, terms: Terms = TERMS) -> list[str]:
    return [check.rule for check in failures(check_all(facts, terms))]


def test_model_applicant_passes_every_rule_and_each_names_its_basis() -> None:
    checks = check_all(FACTS, TERMS)

    assert failures(checks) == []
    assert [check.basis for check in checks] == [f"依据 {rule.key}" for rule in RULES]


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"education": ""}, ["education"]),
        ({"education": "12"}, ["education"]),
        ({"education": "31"}, ["education"]),
        ({"full_time": False}, ["full_time"]),
        ({"graduated_on": date(2021, 11, 21)}, []),
        ({"graduated_on": date(2021, 11, 20)}, ["graduated_within"]),
        ({"graduated_on": date(2026, 11, 22)}, ["graduated_within"]),
        ({"unit_kind": "10"}, ["unit_kind"]),
        ({"unit_kind": ""}, ["unit_kind"]),
        ({"works_at_registered_unit": False}, ["current_unit"]),
        ({"has_current_work": False, "contract": None}, ["current_unit", "contract", "some_month"]),
        ({"contract": Span(date(2025, 7, 1), date(2026, 6, 30))}, []),
        ({"contract": Span(date(2025, 7, 1), date(2026, 6, 29))}, ["contract"]),
        ({"contract": Span(date(2025, 7, 1))}, []),
        ({"insured": None, "insured_months": 0}, ["insurance", "some_month"]),
        ({"owns_house": True}, ["own_house"]),
        ({"owns_house": None}, ["own_house"]),
        ({"enjoyed_other": True}, ["exclusive"]),
        ({"lease": Span(date(2026, 1, 1), date(2026, 6, 30))}, []),
        ({"lease": Span(date(2026, 1, 2), date(2026, 6, 30))}, ["lease"]),
        ({"lease": Span(date(2026, 1, 1), date(2026, 6, 29))}, ["lease"]),
        ({"end": date(2026, 10, 1)}, []),
        ({"end": date(2026, 11, 1), "lease": Span(date(2025, 9, 1), date(2027, 8, 31))}, ["past_only"]),
        ({"start": date(2026, 6, 1), "end": date(2026, 1, 1)}, ["past_only", "some_month"]),
        ({"taken": {date(2026, 3, 1): "DZF-1"}}, ["months_free"]),
        ({"taken": {date(2025, 3, 1): "DZF-1"}}, []),
    ],
)
def test_one_changed_fact_fails_exactly_these_rules(change: dict[str, object], rules: list[str]) -> None:
    assert failed(replace(FACTS, **change)) == rules


def test_months_over_the_cap_name_what_is_left() -> None:
    taken = {add_months(date(2022, 1, 1), index): "DZF-1" for index in range(31)}

    (check,) = failures(check_all(replace(FACTS, taken=taken), TERMS))

    assert (check.rule, check.field) == ("cap", "end")
    assert "31" in check.reason
    assert "5" in check.reason


def test_cap_may_be_reached_exactly() -> None:
    taken = {add_months(date(2022, 1, 1), index): "DZF-1" for index in range(30)}

    assert failed(replace(FACTS, taken=taken)) == []


def test_lease_shorter_than_the_period_names_the_month_that_would_do() -> None:
    (check,) = failures(check_all(replace(FACTS, lease=Span(date(2025, 9, 1), date(2026, 5, 20))), TERMS))

    assert (check.rule, check.field) == ("lease", "lease_end")
    assert "2026-04" in check.reason


def test_overlap_names_month_and_case() -> None:
    (check,) = failures(check_all(replace(FACTS, taken={date(2026, 3, 1): "130902DZF1"}), TERMS))

    assert "2026-03" in check.reason
    assert "130902DZF1" in check.reason


@pytest.mark.parametrize(
    ("today", "mode", "first", "last", "open_"),
    [
        (date(2026, 10, 31), WindowMode.QUARTER_FIRST_MONTH, "", "", True),
        (date(2026, 11, 1), WindowMode.QUARTER_FIRST_MONTH, "", "", False),
        (date(2026, 1, 1), WindowMode.QUARTER_FIRST_MONTH, "", "", True),
        (date(2026, 12, 31), WindowMode.QUARTER_FIRST_MONTH, "", "", False),
        (date(2026, 3, 31), WindowMode.YEARLY, "01-01", "03-31", True),
        (date(2026, 4, 1), WindowMode.YEARLY, "01-01", "03-31", False),
        (date(2026, 1, 15), WindowMode.YEARLY, "12-01", "01-31", True),
        (date(2026, 2, 1), WindowMode.YEARLY, "12-01", "01-31", False),
        (date(2026, 2, 1), WindowMode.ALWAYS, "", "", True),
    ],
)
def test_window_opens_and_closes(today: date, mode: str, first: str, last: str, open_: bool) -> None:
    terms = replace(TERMS, window_mode=mode, window_from=first, window_to=last)
    facts = replace(FACTS, today=today)

    assert ("window" not in failed(facts, terms)) is open_


@pytest.mark.parametrize(
    ("today", "in_force"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False), (date(2019, 12, 31), False)]
)
def test_programme_accepts_from_its_first_to_its_last_day(today: date, in_force: bool) -> None:
    terms = replace(TERMS, valid_until=date(2026, 12, 31))

    assert ("window" not in failed(replace(FACTS, today=today), terms)) is in_force


def test_conditions_that_a_programme_switches_off_are_not_asked() -> None:
    terms = replace(
        TERMS,
        full_time_only=False,
        no_own_house=False,
        exclusive_with=(),
        past_periods_only=False,
        graduated_within_years=0,
    )
    facts = replace(FACTS, full_time=False, owns_house=True, enjoyed_other=None, graduated_on=date(1990, 1, 1))

    assert failed(facts, terms) == []


def test_entitlement_counts_only_covered_months_and_splits_the_total() -> None:
    result = entitlement(replace(FACTS, insured=insured_span(date(2025, 7, 1), 10)), TERMS)

    assert len(result.asked) == 6
    assert len(result.months) == 4
    assert (result.total, result.shares.city, result.shares.county) == (Decimal(4000), Decimal(2000), Decimal(2000))


@given(
    start=st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(month_of),
    length=st.integers(-3, 40),
    used=st.integers(0, 40),
    owns=st.sampled_from([True, False, None]),
)
def test_whoever_passes_every_rule_gets_at_least_one_month_and_never_more_than_the_cap(
    start: date, length: int, used: int, owns: bool | None
) -> None:
    taken = {add_months(date(2019, 1, 1), index): "x" for index in range(used)}
    facts = replace(FACTS, start=start, end=add_months(start, length), owns_house=owns, taken=taken)

    result = entitlement(facts, TERMS)

    if not failed(facts):
        assert 1 <= len(result.months) <= TERMS.max_months - used
        assert result.total == 1000 * len(result.months)
        assert not owns
