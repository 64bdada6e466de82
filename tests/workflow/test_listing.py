"""Rows of a list: what the ORM would read, in its order, with less around it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from tests.workflow.toy import Town
from workflow.listing import TextsUnder, read_cases
from workflow.models import Case

NAMES = ["id", "submitted_at", "due_on", "amount", "subject", "state"]
KEYS = ["degree", "id_masked", "months", "nothing", 'o"dd']


@pytest.fixture
def cases(town: Town) -> list[Case]:
    with time_machine.travel(datetime(2026, 11, 23, 1, 0, 5, 678901, tzinfo=UTC)):
        return [town.at("unit") for _time in range(3)]


@pytest.mark.parametrize("order", [["submitted_at", "id"], ["-submitted_at", "-id"], ["subject", "id"]])
def test_the_values_are_those_of_the_orm(
    cases: list[Case], django_assert_num_queries: DjangoAssertNumQueries, order: list[str]
) -> None:
    wanted = Case.objects.filter(state="in_review", holder_id=cases[0].holder_id).order_by(*order)[:2]

    with django_assert_num_queries(1):
        rows = read_cases(wanted, NAMES, KEYS)

    assert [row[:-1] for row in rows] == list(wanted.values_list(*NAMES))
    assert [type(value) for value in rows[0][:-1]] == [type(value) for value in wanted.values_list(*NAMES)[0]]


def test_of_a_summary_only_the_named_values_are_read(cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].pk).update(
        summary={"degree": "硕士", "id_masked": "13<", "months": 6, 'o"dd': None, "more": [1]}
    )
    wanted = Case.objects.filter(pk=cases[0].pk).order_by("id")[:1]

    told = [read_cases(wanted, ["id"], KEYS)[0][-1], wanted.values_list(TextsUnder(F("summary"), KEYS))[0][0]]

    for degree, masked, months, nothing, odd in told:
        assert (degree, masked, str(months), nothing, odd) == ("硕士", "13<", "6", None, None)


def test_conditions_that_nothing_meets_ask_for_nothing(
    cases: list[Case], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert read_cases(Case.objects.filter(pk__in=[]).order_by("id")[:5], NAMES, KEYS) == []


def test_conditions_on_other_tables_are_refused(cases: list[Case]) -> None:
    with pytest.raises(ValueError, match="alone"):
        read_cases(Case.objects.filter(unit__name="甲").order_by("id")[:5], NAMES, KEYS)
