"""补助申报查询统计, 资金拨付查询统计, lists and batches: who sees what, filters, totals, constant queries."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subsidies.enums import PayState
from subsidies.services.payments import record_arrival, record_bounce
from subsidies.statistics import application_page, payment_page
from tests.accounts.factories import OfficeFactory, PersonFactory, UnitFactory
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import forward, officer_of, open_offices, payment_of, walk
from workflow import clock
from workflow.enums import BatchKind
from workflow.keyset import Keyset
from workflow.models import Batch, Case, Job, Organisation, Region

pytestmark = [pytest.mark.django_db, pytest.mark.embedded, pytest.mark.usefixtures("movable_clock")]

PAGES = ("subsidies:statistics", "subsidies:payments", "subsidies:batches")


def make_cases(count: int, *, to: str = "unit") -> list[Case]:
    open_offices()
    first = make_submitted_application()
    unit = first.case.unit
    cases = [first.case, *(make_submitted_application(unit=unit).case for _n in range(count - 1))]
    if to != "unit":
        walk(*cases, to=to)
    return cases


def sign_in(client: Client, organisation: Organisation) -> Client:
    client.force_login(officer_of(organisation).user)
    return client


def office(kind: str) -> Organisation:
    return Organisation.objects.get(kind=kind)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["county_hr", "county_org", "county_fin", "city_hr", "city_org", "city_fin"])
def test_every_office_opens_the_page(client: Client, page: str, kind: str) -> None:
    make_cases(1, to="person_confirm")

    response = sign_in(client, office(kind)).get(reverse(page))

    assert response.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_an_applicant_is_refused(client: Client, page: str) -> None:
    case = make_cases(1)[0]
    client.force_login(case.applicant)

    assert client.get(reverse(page)).status_code == 403


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", PAGES)
def test_three_rows_cost_as_many_queries_as_one(client: Client, page: str) -> None:
    make_cases(1, to="person_confirm")
    sign_in(client, office("county_hr")).get(reverse(page))
    one = count_queries(client, reverse(page))

    make_cases(2, to="person_confirm")

    assert count_queries(client, reverse(page)) == one


def test_three_cases_of_a_batch_cost_as_many_queries_as_one(client: Client) -> None:
    make_cases(1, to="city_report")
    make_cases(3, to="city_report")
    sign_in(client, office("city_hr"))
    small, large = Batch.objects.filter(kind=BatchKind.SUMMARY).order_by("pk")
    client.get(reverse("subsidies:batch", args=[small.pk]))

    one = count_queries(client, reverse("subsidies:batch", args=[small.pk]))

    assert count_queries(client, reverse("subsidies:batch", args=[large.pk])) == one


def test_a_unit_sees_its_own_people_only(client: Client) -> None:
    mine, strangers = make_cases(1)[0], make_cases(1)[0]

    page = application_page(officer_of(mine.unit), QueryDict())

    assert [row.pk for row in page.rows] == [mine.pk]
    assert strangers.unit != mine.unit


def number_of(case: Case) -> str:
    return str(case.rent_application.person.number)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=李", ["李四"]),
        ("degree=14", ["李四", "张三"]),
        ("degree=11", []),
        ("status=unit", ["李四", "张三"]),
        ("status=approved", []),
        ("year=2001", []),
        ("intake=2001Q1", ["李四", "张三"]),
        ("status=nonsense", ["李四", "张三"]),
    ],
)
def test_filters_of_the_applications(query: str, found: list[str]) -> None:
    open_offices()
    unit = UnitFactory()
    for name in ("张三", "李四"):
        make_submitted_application(person=PersonFactory(name=name, unit=unit), unit=unit)

    page = application_page(officer_of(unit), QueryDict(query))

    assert [row.name for row in page.rows] == found


def test_the_whole_identity_number_finds_its_person() -> None:
    first, second = make_cases(2)

    page = application_page(officer_of(first.unit), QueryDict(f"id_number={number_of(second).lower()}"))

    assert [row.pk for row in page.rows] == [second.pk]


def test_totals_count_every_page_and_not_only_the_one_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = make_cases(3)
    monkeypatch.setattr(Keyset.slice, "__defaults__", (2, list))

    page = application_page(officer_of(cases[0].unit), QueryDict())

    assert len(page.rows) == 2
    assert page.pager.next
    assert (page.totals.cases, page.totals.months, page.totals.amount) == (3, 18, "18,000.00")


def test_payments_begin_with_the_confirmation_of_the_city() -> None:
    early = make_cases(1, to="city_org")[0]
    late = make_cases(1, to="city_fin")[0]

    page = payment_page(officer_of(office("city_hr")), QueryDict())

    assert [row.pk for row in page.rows] == [late.pk]
    assert early.pk != late.pk


def test_money_of_each_case_is_told_from_the_ledger() -> None:
    waiting = make_cases(1, to="city_fin")[0]
    allocated = make_cases(1, to="county_fin")[0]
    paid, arrived, bounced, done = make_cases(4, to="person_confirm")
    finance = officer_of(office("county_fin"))
    record_arrival(payment_of(arrived), finance, arrived_on=clock.today())
    record_bounce(payment_of(bounced), finance, reason="户名不符", bounced_on=clock.today())
    forward(done)

    for case, state in (
        (waiting, PayState.WAITING),
        (allocated, PayState.ALLOCATED),
        (arrived, PayState.ARRIVED),
        (bounced, PayState.BOUNCED),
    ):
        page = payment_page(officer_of(office("city_hr")), QueryDict(f"paid={state}"))
        assert [(row.pk, row.paid.text) for row in page.rows] == [(case.pk, str(state.label))]
    page = payment_page(officer_of(office("city_hr")), QueryDict(f"paid={PayState.PAID}"))
    assert {row.pk for row in page.rows} == {paid.pk, done.pk}
    assert "本人确认" in next(row for row in page.rows if row.pk == done.pk).confirmed


def test_status_leads_to_the_process(client: Client) -> None:
    case = make_cases(1)[0]

    page = sign_in(client, case.unit).get(reverse("subsidies:statistics"))

    assert f'href="{reverse("workflow:case", args=[case.pk])}#process"' in page.content.decode()


def test_a_county_does_not_see_the_lists_of_another(client: Client) -> None:
    make_cases(1, to="county_org")
    stranger = OfficeFactory(kind="county_hr", region=Region.objects.get(pk="130903"))
    batch = Batch.objects.get(kind=BatchKind.REPORT)

    response = sign_in(client, stranger).get(reverse("subsidies:batch", args=[batch.pk]))

    assert response.status_code == 404


@pytest.mark.parametrize("url", ["subsidies:export_statistics", "subsidies:export_payments"])
def test_export_starts_a_job(client: Client, url: str) -> None:
    case = make_cases(1)[0]

    response = sign_in(client, case.unit).post(reverse(url), {"criteria": "name=x"})

    job = Job.objects.get()
    assert job.params == {"criteria": "name=x"}
    assert response.headers["Location"] == reverse("workflow:job", args=[job.token])
