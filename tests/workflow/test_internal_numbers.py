"""The 办件编号 of 43 characters: given at the first submission, once, by the 主管部门's item."""

import io
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.workflow.factories import OrganisationFactory
from tests.workflow.toy import TOY, Town
from workflow.consistency.checks import run_checks
from workflow.enums import PERSON, Action
from workflow.models import Case, InternalNumber, Job, NumberCounter, ServiceItem
from workflow.services import Seen, perform
from workflow.services.exports import INTERNAL
from workflow.sheets import sheet_column
from workflow.worker import work_once

ITEM = "111309000006312320" + "4" + "139999000001"
TODAY = f"{ITEM}20261120"


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel("2026-11-20T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def item(town: Town) -> ServiceItem:
    return ServiceItem.objects.create(case_type=TOY, organisation=town.county.organisation, code=ITEM)


def numbers() -> list[str]:
    return list(InternalNumber.objects.order_by("case").values_list("number", flat=True))


def page(town: Town, case: Case, who: str) -> str:
    client = Client()
    client.force_login(town.person if who == PERSON else getattr(town, who).user)
    return client.get(reverse("workflow:case", args=[case.pk])).text


def test_first_submission_gives_the_next_number_of_the_item_and_day(town: Town, item: ServiceItem) -> None:
    town.at("unit")
    town.at("unit")
    with time_machine.travel("2026-11-21T10:00:00+08:00", tick=False):
        town.at("unit")

    assert numbers() == [f"{TODAY}0001", f"{TODAY}0002", f"{ITEM}202611210001"]


def test_number_stays_when_the_case_is_filed_again(town: Town, item: ServiceItem) -> None:
    case = town.move(town.at("county"), Action.SEND_BACK)

    town.submit(case)

    assert numbers() == [f"{TODAY}0001"]


def test_office_without_an_item_turns_nobody_away(town: Town) -> None:
    case = town.at("unit")

    assert (case.stage, case.number != "", numbers()) == ("unit", True, [])


def test_more_cases_of_a_day_than_four_digits_hold_keep_their_display_number_alone(
    town: Town, item: ServiceItem
) -> None:
    NumberCounter.objects.create(prefix=TODAY, last=9_998)

    cases = [town.at("unit"), town.at("unit")]

    assert numbers() == [f"{TODAY}9999"]
    assert all(case.number for case in cases)


def file_all(town: Town, drafts: list[Case]) -> None:
    filings = {case.pk: town.filing(n) for n, case in enumerate(drafts)}
    perform(Action.SUBMIT, [Seen(case.pk, case.revision) for case in drafts], town.applicant, filings=filings)


def test_number_costs_three_statements_however_many_are_filed(
    town: Town, item: ServiceItem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    drafts = [town.draft() for _ in range(5)]
    with django_assert_num_queries(1000, exact=False) as one:
        file_all(town, drafts[:1])
    with django_assert_num_queries(1000, exact=False) as four:
        file_all(town, drafts[1:])

    def internal(queries: Any) -> list[str]:
        return [q["sql"] for q in queries if "service" in q["sql"] or "internal" in q["sql"] or TODAY in q["sql"]]

    assert len(internal(one)) == len(internal(four)) == 3
    assert numbers() == [f"{TODAY}000{n}" for n in range(1, 6)]


def test_offices_read_the_number_on_the_case_page_and_the_person_does_not(town: Town, item: ServiceItem) -> None:
    case = town.at("county")

    assert f"{TODAY}0001" in page(town, case, "county")
    assert f"{TODAY}0001" in page(town, case, "unit")
    assert TODAY not in page(town, case, PERSON)


@pytest.mark.parametrize("tab", ["waiting", "approved"])
def test_export_of_the_queue_carries_the_number_as_text(town: Town, item: ServiceItem, tab: str) -> None:
    town.at("unit" if tab == "waiting" else "report")

    cells = exported(town, f"tab={tab}")

    assert [cell.data_type for cell in cells if cell.value == f"{TODAY}0001"] == ["s"]
    assert "内部办件编号" in [cell.value for cell in cells]


def test_export_has_no_empty_column_where_no_office_has_an_item(town: Town) -> None:
    town.at("unit")

    assert "内部办件编号" not in [cell.value for cell in exported(town, "")]


def exported(town: Town, criteria: str) -> list[Any]:
    client = Client()
    client.force_login(town.unit.user)
    client.post(reverse("workflow:export_queue", args=[TOY, "unit"]), {"criteria": criteria})
    work_once()
    answer = client.get(reverse("workflow:job_result", args=[Job.objects.get().token]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    return [cell for row in sheet for cell in row]


@pytest.mark.parametrize("number", [f"{TODAY}1", f"{TODAY}00010"])
def test_database_refuses_a_number_of_another_length(town: Town, number: str) -> None:
    case = town.at("unit")

    # PostgreSQL tells of the column's length first.
    with pytest.raises((IntegrityError, DataError), match=r"internal_number_43|too long"), transaction.atomic():
        InternalNumber.objects.create(case=case, number=number)


def test_database_refuses_a_number_given_twice_or_changed(town: Town, item: ServiceItem) -> None:
    town.at("unit")
    item.delete()
    other = town.at("unit")

    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        InternalNumber.objects.create(case=other, number=f"{TODAY}0001")
    with pytest.raises(IntegrityError), transaction.atomic():
        InternalNumber.objects.update(number=f"{TODAY}0002")


def test_proof_finds_a_gap(town: Town, item: ServiceItem) -> None:
    town.at("unit")
    (whole,) = run_checks(only=["number.internal"])
    NumberCounter.objects.filter(prefix=TODAY).update(last=2)

    (broken,) = run_checks(only=["number.internal"])

    assert whole.faults == ()
    assert [fault.where for fault in broken.faults] == [TODAY]


@pytest.mark.parametrize(
    ("code", "field"),
    [(ITEM[:18] + "3" + ITEM[19:], "code"), (ITEM[:-1], "code"), (f"911309000006312320{ITEM[18:]}", "code")],
    ids=["level of a city", "too short", "wrong credit code"],
)
def test_item_of_an_office_is_checked_where_it_is_entered(town: Town, code: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ServiceItem(case_type=TOY, organisation=town.county.organisation, code=code).full_clean()

    assert list(refused.value.message_dict) == [field]


def test_employer_handles_no_item(town: Town) -> None:
    with pytest.raises(ValidationError) as refused:
        ServiceItem(case_type=TOY, organisation=OrganisationFactory(), code=ITEM).full_clean()

    assert list(refused.value.message_dict) == ["organisation"]


def test_column_of_an_export_is_wide_enough_for_the_number() -> None:
    assert sheet_column(INTERNAL).width > len("11130902001309026X4139999000001202611210001")
