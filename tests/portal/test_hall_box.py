"""The box to sign in as the hall's page writes it: sent as it stands there, token and entries included."""

import re

import pytest
from django.test import Client

from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import CAPTCHA

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def box_of(visitor: Client) -> str:
    return re.findall(r'<form class="wide-alone".*?</form>', visitor.get("/").text, re.DOTALL)[0]


def attributes(tag: str) -> dict[str, str]:
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tag))


def inputs(box: str) -> list[dict[str, str]]:
    return [attributes(tag) for tag in re.findall(r"<input[^>]*>", box)]


@pytest.mark.parametrize("kind", ["person", "unit"])
def test_box_as_it_stands_signs_in_at_each_entry_that_it_offers(visitor: Client, kind: str) -> None:
    user = PersonFactory().users.get() if kind == "person" else UnitFactory().duties.get().user
    box = box_of(visitor)
    fields = inputs(box)
    token = {field["name"]: field["value"] for field in fields if field.get("type", "text") == "hidden"}
    entries = [field["value"] for field in fields if field.get("type", "text") == "radio"]
    form = attributes(re.findall(r"<form[^>]*>", box)[0])

    assert entries == ["person", "unit"]
    typed = {"entry": kind, "username": user.username, "password": PASSWORD} | CAPTCHA | token
    assert {"username", "password"} <= {field["name"] for field in fields}
    assert form["method"] == "post"
    assert visitor.post(form["action"], typed).url == "/home/"
    assert int(visitor.session["_auth_user_id"]) == user.pk


def test_box_without_its_token_signs_nobody_in(visitor: Client) -> None:
    user = PersonFactory().users.get()
    box_of(visitor)

    answer = visitor.post("/sign-in/", {"entry": "person", "username": user.username, "password": PASSWORD} | CAPTCHA)

    assert answer.status_code == 403
    assert "_auth_user_id" not in visitor.session


def test_box_hides_what_is_typed_and_fetches_its_picture_from_the_same_form(visitor: Client) -> None:
    box = box_of(visitor)

    assert {field["name"]: field.get("type", "text") for field in inputs(box)}["password"] == "password"
    place = attributes(re.findall(r"<div data-picture-here[^>]*>", box)[0])
    fetched = visitor.get(place["hx-get"]).text
    assert f'id="{place["hx-select"].removeprefix("#")}"' in fetched
    assert 'name="captcha_0"' in fetched


def test_picture_left_empty_is_an_error_and_brings_no_password_back(client: Client) -> None:
    form = {"entry": "person", "username": "lixiaoyu", "password": PASSWORD, "captcha_0": "any", "captcha_1": ""}

    page = client.post("/sign-in/", form).text

    assert PASSWORD not in page
    assert "error-summary" in page
    assert "还差一步" not in page


def test_whoever_is_signed_in_already_is_led_on_whatever_the_box_holds(client: Client) -> None:
    user, other = PersonFactory().users.get(), UserFactory()
    client.force_login(user)

    answer = client.post("/sign-in/", {"entry": "person", "username": other.username, "password": PASSWORD} | CAPTCHA)

    assert answer.url == "/home/"
    assert int(client.session["_auth_user_id"]) == user.pk
    assert 'class="wide-alone"' not in client.get("/").text
