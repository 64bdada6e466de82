import pytest
from django.test import Client

from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/register/supervisors/?region=%00", "/register/employers/?unit=a%00b"])
def test_null_character_in_an_address_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_null_character_in_a_form_is_refused(client: Client) -> None:
    assert client.post("/progress/", {"number": "a\x00b", "tail": "123456"}).status_code == 400


def test_pages_of_people_who_are_signed_in_are_stored_nowhere(client: Client) -> None:
    client.force_login(OfficerFactory())

    assert client.get("/account/")["Cache-Control"] == "private, no-store"
    assert client.get("/")["Cache-Control"] == "private, no-store"


def test_public_pages_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/")


def test_what_a_page_says_itself_of_keeping_it_stays(client: Client) -> None:
    client.force_login(OfficerFactory())

    assert "max-age=0" in client.get("/account/password/")["Cache-Control"]
