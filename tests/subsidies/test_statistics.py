"""补助申报查询统计, 资金拨付查询统计, lists and batches: who sees what, filters, totals, constant queries."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import forward, fresh, officer_of, open_offices, walk
from workflow.models import Batch, Case, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

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


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client: Client, django_assert_max_num_queries: Any, page: str, rows: int) -> None:
    make_cases(rows, to="person_confirm")
    sign_in(client, office("county_hr"))
    client.get(reverse(page))

    with django_assert_max_num_queries(22):
        client.get(reverse(page))
