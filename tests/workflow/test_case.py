"""The case page: what it shows to whom."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.toy import Town
from workflow.enums import Action
from workflow.models import Case


def open_case(case: Case, user: object, **query: str):
    client = Client()
    client.force_login(user)
    return client.get(reverse("workflow:case", args=[case.pk]), query)


@pytest.mark.parametrize("who", ["unit", "county"])
def test_case_page_shows_the_form_as_filed(town: Town, who: str) -> None:
    case = town.at("county")

    page = open_case(case, getattr(town, who).user).content.decode()

    assert "解放路1号" in page
    assert case.number in page


def test_case_page_of_the_applicant(town: Town) -> None:
    case = town.move(town.at("unit"), Action.SEND_BACK, opinion="请补正租赁合同")

    page = open_case(case, town.person).content.decode()

    assert "请补正租赁合同" in page
