"""单位端申报信息查询: whom it lists, what its columns say, its filters and its workbook (manual 001, 5.4)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from talent.unit_applications import ApplicationRow, application_page
from tests.accounts.factories import PersonFactory
from tests.talent.card_factories import CardApplicationFactory
from tests.talent.cards import make_card
from tests.talent.summaries import Firm, make_firm
from workflow import clock
from workflow.enums import PERSON, Action
from workflow.models import Job
from workflow.services.jobs import claim_job, run_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def rows(firm: Firm, query: str = "") -> list[ApplicationRow]:
    return application_page(firm.handler, QueryDict(query)).rows


def names(firm: Firm, query: str = "") -> list[str]:
    return [row.name for row in rows(firm, query)]


def browser(firm: Firm) -> Client:
    client = Client()
    client.force_login(firm.handler.user)  # type: ignore[arg-type]
    return client


def test_columns_are_those_of_the_manual(firm: Firm) -> None:
    firm.applicant()

    page = browser(firm).get(reverse("talent:unit_applications")).content.decode()

    heads = ["姓名", "证件号码", "卡类型", "申报时间", "当前节点", "审核状态", "卡号", "有效期"]
    places = [page.index(f">{head}</th>") for head in heads]
    assert places == sorted(places)
    assert "<h1>单位端申报信息查询</h1>" in page


def test_list_shows_all_of_the_employer_and_nobody_else(firm: Firm) -> None:
    filed, returned = firm.applicant("张三"), firm.approved("李四")
    firm.move(returned, Action.SEND_BACK, firm.specialist, target=PERSON)
    CardApplicationFactory(unit=firm.unit)
    make_firm().applicant("王五")

    assert names(firm) == ["李四", "张三"]
    assert filed.state == "in_review"


def test_row_says_where_the_application_stands(firm: Firm) -> None:
    case = firm.approved("张三")

    (row,) = rows(firm)

    assert (row.step, row.status.text) == ("县区服务专员审核", "待县区服务专员审核")
    assert row.id_masked == case.summary["id_masked"]
    assert (row.level, row.filed) == (case.summary["card_level"], clock.today().isoformat())
    assert row.url == reverse("workflow:case", args=[case.pk]) + "#process"
    assert (row.card, row.validity) == ("", "")


def test_row_names_card_and_validity(firm: Firm) -> None:
    card = make_card(PersonFactory(unit=firm.unit))

    row = next(row for row in rows(firm) if row.name == card.case.subject)

    assert row.card == card.number
    assert row.validity == f"{card.valid_from} 至 {card.valid_until}"


def test_card_that_is_worth_nothing_is_not_shown_as_if_it_were(firm: Firm) -> None:
    card = make_card(PersonFactory(unit=firm.unit), state="cancelled", cancelled_at=clock.now())

    row = next(row for row in rows(firm) if row.name == card.case.subject)

    assert row.validity == f"{card.valid_from} 至 {card.valid_until}（注销）"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=三", ["张三"]),
        ("status=unit", ["李四"]),
        ("status=county_specialist", ["张三"]),
        ("status=returned", []),
        ("id_number=110101190001010000", []),
    ],
)
def test_filters_leave_what_matches(firm: Firm, query: str, found: list[str]) -> None:
    firm.approved("张三")
    firm.applicant("李四")

    assert names(firm, query) == found


@pytest.mark.parametrize(
    ("key", "days", "is_found"), [("from", 0, True), ("from", 1, False), ("to", 0, True), ("to", -1, False)]
)
def test_day_of_application_is_a_filter(firm: Firm, key: str, days: int, is_found: bool) -> None:
    firm.applicant("张三")
    day = clock.today() + timedelta(days=days)

    assert bool(names(firm, f"filed_{key}={day.isoformat()}")) == is_found


def test_number_is_found_by_itself_and_never_stands_in_the_address(firm: Firm) -> None:
    case = firm.applicant("张三")
    firm.applicant("李四")
    number = firm.application_of(case).person.number

    answer = browser(firm).post(reverse("talent:unit_applications"), {"id_number": number}, follow=True)

    assert [row.name for row in answer.context["page"].rows] == ["张三"]
    assert number not in answer.redirect_chain[0][0]


def test_export_holds_what_the_filter_lets_through(firm: Firm) -> None:
    case = firm.approved("张三")
    firm.applicant("李四")

    browser(firm).post(reverse("talent:export_applications"), {"criteria": "status=county_specialist"})

    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)
    with Job.objects.get().result.open("rb") as file:
        sheet = load_workbook(io.BytesIO(file.read())).active
    said = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert said[-1][:3] == ["张三", case.summary["id_masked"], case.summary["card_level"]]
    assert said[-1][-1] == case.number
    assert not any("李四" in str(row) for row in said)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_row_and_for_three(
    firm: Firm, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        firm.applicant(f"张{number}")

    with django_assert_num_queries(3):
        page = application_page(firm.handler, QueryDict())

    assert len(page.rows) == count
