"""The public query shows where a case stands, and nothing about the person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.toy import Town
from workflow.models import Case
from workflow.views import progress


def ask(case: Case, tail: str, **extra: Any) -> Any:
    return Client().post(reverse("workflow:progress"), {"number": case.number, "tail": tail}, **extra)


def test_number_and_tail_show_the_chain_without_any_name(town: Town) -> None:
    case = town.at("county")

    response = ask(case, "070001")
    page = response.content.decode()

    assert [step.state for step in response.context["found"].steps][:4] == ["done", "done", "done", "here"]
    assert case.number in page
    hidden = (case.subject, str(town.person), town.unit.organisation.name, "6,000.00", "130902********0001")
    assert not [text for text in hidden if text in page]


@pytest.mark.parametrize("tail", ["070002", "00000X"])
def test_a_wrong_tail_and_an_unknown_number_get_the_same_answer(town: Town, tail: str) -> None:
    case = town.at("county")
    unknown = Case(number="130902TOY20260101000001X")

    wrong, nobody = ask(case, tail), ask(unknown, "070001")

    assert (wrong.context["found"], nobody.context["found"]) == (None, None)
    assert wrong.context["form"].errors == nobody.context["form"].errors != {}


@pytest.mark.parametrize("tail", ["", "12345", "1234567"])
def test_a_tail_has_six_characters(town: Town, tail: str) -> None:
    assert "tail" in ask(town.at("unit"), tail).context["form"].errors


def test_a_case_whose_service_gives_no_tail_is_not_found(town: Town) -> None:
    case = town.at("unit", summary={"id_masked": "x"})

    assert ask(case, "070001").context["found"] is None


def test_guessing_is_stopped_by_address(town: Town) -> None:
    case = town.at("unit")

    answers = [ask(case, "000000").status_code for _ in range(progress.TRIES + 1)]

    assert answers == [200] * progress.TRIES + [429]
    assert ask(case, "070001", REMOTE_ADDR="10.9.8.7").context["found"] is not None


def test_visitors_behind_our_proxy_are_told_apart(town: Town, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    case = town.at("unit")

    for visitor in range(progress.TRIES):
        ask(case, "000000", headers={"X-Forwarded-For": f"6.6.6.{visitor}, 10.1.1.1"})

    assert ask(case, "070001", headers={"X-Forwarded-For": "6.6.6.6, 10.1.1.1"}).status_code == 429
    assert ask(case, "070001", headers={"X-Forwarded-For": "10.1.1.2"}).context["found"] is not None


def test_what_a_visitor_says_of_its_address_is_not_believed_without_a_proxy(town: Town) -> None:
    case = town.at("unit")

    answers = [
        ask(case, "000000", headers={"X-Forwarded-For": f"6.6.6.{visitor}"}).status_code
        for visitor in range(progress.TRIES + 1)
    ]

    assert answers[-1] == 429


def test_the_page_opens_without_signing_in(db: None) -> None:
    assert Client().get(reverse("workflow:progress")).status_code == 200
