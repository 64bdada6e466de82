"""The step before the scan, as the counter's pages offer it: the paper to be signed, with what stands in the form."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.accounts.counters import (
    OPEN,
    PAPERS,
    Counter,
    asked,
    confirmed,
    make_counter,
    opened,
    person_opening,
    unit_opening,
)
from tests.accounts.factories import PersonFactory
from tests.accounts.signing import sign_in
from workflow.pdfs import extract_text

pytestmark = pytest.mark.django_db

FIND = "/counter/resets/new/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def signed_in(counter: Counter) -> Client:
    clerk = Client(enforce_csrf_checks=True)
    clerk.force_login(counter.first)
    return clerk


def button_of(page: str) -> tuple[str, str]:
    """(where it prints, what it says) of the one button that opens a paper in a new tab."""
    ((tag, words),) = re.findall(r'(<button[^>]*formtarget="_blank"[^>]*>)(.*?)<span', page, re.DOTALL)
    return unescape(re.findall(r'formaction="([^"]*)"', tag)[0]), words.strip()


def printed(clerk: Client, page: str, form: dict[str, Any]) -> str:
    """Pressed on this page, with its token."""
    answer = clerk.post(button_of(page)[0], form | {"csrfmiddlewaretoken": TOKEN.findall(page)[0]})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    return extract_text(answer.content)


@pytest.mark.parametrize("subject", ["enterprise", "government", "person"])
def test_button_of_an_opening_prints_the_paper_that_it_names(counter: Counter, subject: str) -> None:
    clerk = signed_in(counter)
    page = clerk.get(f"{OPEN}?subject={subject}").text
    form = person_opening(3, number="") if subject == "person" else unit_opening(3, scan="")

    text = printed(clerk, page, form)

    title = re.findall("“(.*)”|《(.*)》", button_of(page)[1])[0]
    assert max(title) in text
    assert form["agent"] in text
    assert form["phone"] in text
    assert "大学生租房补助" in text


def test_paper_ticks_what_was_seen_and_nothing_else(counter: Counter) -> None:
    clerk = signed_in(counter)
    page = clerk.get(f"{OPEN}?subject=enterprise").text

    some = printed(clerk, page, unit_opening(4, scan="", papers=["licence"]))
    none = printed(clerk, page, unit_opening(4, scan="", papers=[]))
    every = printed(clerk, page, unit_opening(4, scan=""))

    assert [text.count("√") for text in (some, none, every)] == [1, 0, len(PAPERS)]


def test_button_of_a_reset_prints_the_form_of_the_account_that_was_found(counter: Counter) -> None:
    clerk, person = signed_in(counter), PersonFactory()
    opened(counter)
    token = TOKEN.findall(clerk.get(FIND).text)[0]
    (account,) = clerk.post(FIND, {"account": person.number, "csrfmiddlewaretoken": token}).context["accounts"]
    page = clerk.get(f"{FIND}{account['ref']}/").text

    text = printed(clerk, page, {"agent": "来人", "number": "130902199003070015"})

    assert person.users.get().username in text
    assert "来人" not in text
    assert "130902199003070015" in text


def test_papers_of_another_counter_are_nowhere(counter: Counter) -> None:
    person, opening = PersonFactory(), opened(counter)
    reset = asked(counter, person.users.get(), person.number)
    other = make_counter("130903").client()

    for scan in (opening.scan, reset.scan):
        assert counter.client().get(f"/counter/scans/{scan.token}/0/").status_code == 200
        assert other.get(f"/counter/scans/{scan.token}/0/").status_code == 404
    assert other.post(f"/counter/sheets/{opening.sheet.token}/").status_code == 404
    opening.sheet.refresh_from_db()
    assert opening.sheet.printed_at is None


def test_printed_notice_leaves_no_open_session_behind(counter: Counter) -> None:
    user, holder = PersonFactory().users.get(), Client()
    reset = confirmed(counter, user, user.person.number)
    sign_in(holder, user)
    store, key = holder.session, holder.session.session_key
    assert store.exists(key)

    assert counter.client().post(f"/counter/sheets/{reset.sheet.token}/").status_code == 200

    assert not store.exists(key)
