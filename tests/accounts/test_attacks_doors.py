"""Attacks from other sites and from the browser before: forged forms, links that lead away, planted sessions."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from captcha.conf import settings as captcha_settings
from captcha.models import CaptchaStore
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.enums import CodePurpose
from accounts.models import User
from accounts.services import change_password
from tests.accounts.factories import PASSWORD, OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import CAPTCHA, proved
from tests.accounts.signing import SECOND, add_app, code, sign_in
from tests.landscape import make_landscape
from tests.test_urls import DOORS, admin_addresses, named_addresses
from workflow import clock
from workflow.models import DemoClock

pytestmark = pytest.mark.django_db

# Whoever calls them proves it otherwise: the provider of text messages by a secret in the address.
WITHOUT_TOKEN = {"accounts:sms_receipts"}


def is_forged(response: Any) -> bool:
    """Refused for the missing token, and not for anything that the view thinks of it."""
    return response.status_code == 403 and "403_csrf.html" in [template.name for template in response.templates]


def test_only_known_addresses_take_a_form_without_a_token() -> None:
    exempt = {name for name, pattern in named_addresses() if getattr(pattern.callback, "csrf_exempt", False)}

    assert exempt == WITHOUT_TOKEN


@pytest.mark.walk
def test_every_address_refuses_a_forged_form(settings: Any) -> None:
    settings.DEMO_CLOCK = True
    try:
        land = make_landscape()
        accepted, cells = set(), 0
        addresses = {name: reverse(name, args=door.args(land)) for name, door in DOORS.items()}
        addresses |= {address: address for address in admin_addresses()}
        for user in (None, *filter(None, land.users.values())):
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            if user is not None:
                client.force_login(user)
            for name, address in addresses.items():
                cells += 1
                if name not in WITHOUT_TOKEN and not is_forged(client.post(address, {"next": "/"})):
                    accepted.add(name)
    finally:
        DemoClock.objects.all().delete()
        clock.read()

    print(f"\n{cells} cells of address and role")
    assert accepted == set()


def test_form_with_its_token_is_taken() -> None:
    """The control: what is refused above is refused for the token."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in/person/").text
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None

    response = client.post("/sign-in/person/", {"csrfmiddlewaretoken": found[1]})

    assert response.status_code == 200
    assert is_forged(client.post("/sign-in/person/", {"csrfmiddlewaretoken": "x" * 64}))


AWAY = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "/\n/evil.example/",
    "http:evil.example",
    "https:///evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "//testserver:80@evil.example/",
    "%2F%2Fevil.example/",
    "/%5Cevil.example/",
    "%68ttps://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/home/\r\nLocation: https://evil.example/",
]


def leads_away(location: str) -> bool:
    """Where a browser would go: it drops tabs and ends of lines, and takes a backslash for a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    target = urlsplit(urljoin("http://testserver/here/", seen))
    return target.scheme not in ("http", "https") or target.netloc != "testserver"


def by_password(client: Client, user: User, target: str) -> str:
    return str(sign_in(client, user, next=target).url)


def by_password_with_the_target_in_the_address(client: Client, user: User, target: str) -> str:
    form = {"username": user.username, "password": PASSWORD} | CAPTCHA
    return str(client.post("/sign-in/person/", form, query_params={"next": target}).url)


def by_text_message(client: Client, user: User, target: str) -> str:
    form = {"phone": user.phone, "code": proved(client, user.phone, CodePurpose.SIGN_IN), "next": target}
    return str(client.post("/sign-in/person/sms/", form).url)


def by_the_box_of_the_hall(client: Client, user: User, target: str) -> str:
    form = {"entry": "person", "username": user.username, "password": PASSWORD, "next": target} | CAPTCHA
    return str(client.post("/sign-in/", form).url)


def by_second_factor(client: Client, user: User, target: str) -> str:
    secret = add_app(user)
    assert sign_in(client, user, next=target).url == SECOND
    return str(client.post(SECOND, {"code": code(secret)}).url)


def by_forced_password(client: Client, user: User, target: str) -> str:
    sign_in(client, change_password(user, password=PASSWORD, initial=True), next=target)
    data = {"current": PASSWORD, "password": "Another-2026", "password_again": "Another-2026"}
    return str(client.post("/account/password/", data).url)


def by_language(client: Client, user: User, target: str) -> str:
    return str(client.post("/language/", {"language": "en", "next": target}).url)


def by_a_form_that_came_too_late(client: Client, user: User, target: str) -> str:
    response = client.post("/rent/new/", {"note": "x"}, headers={"Referer": re.sub(r"[\r\n]", "", target)})
    return by_password(client, user, response.url.partition("next=")[2])


def by_a_page_that_was_left(client: Client, user: User, target: str) -> str:
    client.force_login(user)
    client.post("/keep-form/", {"_page": target, "_address": target, "note": "x"})
    client.post("/sign-out/")
    return by_password(client, user, "")


def by_work_page(client: Client, user: User, target: str) -> str:
    client.force_login(user)
    page = client.get("/work/", {"next": target}).text
    found = re.findall(r'href="([^"]*evil[^"]*)"', page)
    return found[0] if found else "/"


WAYS = [
    by_password, by_password_with_the_target_in_the_address, by_text_message, by_the_box_of_the_hall, by_second_factor,
    by_forced_password, by_language, by_a_form_that_came_too_late, by_a_page_that_was_left, by_work_page,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("target", AWAY)
def test_no_door_leads_to_another_site(client: Client, way: Any, target: str) -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()

    assert not leads_away(way(client, user, target))


@pytest.mark.parametrize("way", WAYS[:6])
def test_doors_lead_to_pages_of_ours(client: Client, way: Any) -> None:
    """The control: the ways above do pass a target on."""
    assert way(client, PersonFactory(unit=UnitFactory()).users.get(), "/messages/?page=2") == "/messages/?page=2"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:x"])
def test_control_knows_what_leads_away(target: str) -> None:
    assert leads_away(target)
    assert not leads_away("/home/")


def planted() -> str:
    """A key that an attacker got from the server, with a session behind it."""
    attacker = Client()
    attacker.post("/sign-in/person/sms/", {"phone": "13900000000", "send_code": "code"})
    return str(attacker.session.session_key)


@pytest.mark.parametrize("way", [by_password, by_text_message, by_the_box_of_the_hall, by_second_factor])
def test_planted_session_is_not_the_one_that_is_signed_in(client: Client, way: Any) -> None:
    key = planted()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    user = PersonFactory(unit=UnitFactory()).users.get()

    way(client, user, "")

    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = key
    assert int(client.session["_auth_user_id"]) == user.pk
    assert client.session.session_key != key
    assert attacker.get("/account/").status_code == 302


def test_half_signed_in_session_of_an_attacker_is_worth_nothing_to_the_victim(client: Client) -> None:
    """The attacker stands between the factors and plants that session: the victim's sign-in leaves nothing of it."""
    attacker, officer = OfficerFactory(), OfficerFactory()
    add_app(attacker)
    sign_in(client, attacker)

    sign_in(client, officer)

    assert int(client.session["_auth_user_id"]) == officer.pk
    assert client.get("/account/").context["user"] == officer


@pytest.fixture
def real_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captcha_settings, "CAPTCHA_TEST_MODE", False)


def picture(client: Client, address: str) -> dict[str, str]:
    key = re.search(r'name="captcha_0" value="(\w+)"', client.get(address).text)
    assert key is not None
    return {"captcha_0": key[1], "captcha_1": CaptchaStore.objects.get(hashkey=key[1]).response}


@pytest.mark.usefixtures("real_pictures")
@pytest.mark.parametrize("first", ["right", "wrong"])
def test_picture_is_good_for_one_try(client: Client, first: str) -> None:
    user = UserFactory()
    solved = picture(client, "/sign-in/person/")
    data = {"username": user.username, "password": "Wrong-2026"} | solved
    client.post("/sign-in/person/", data if first == "right" else data | {"captcha_1": "zzzz"})

    again = client.post("/sign-in/person/", data | {"password": PASSWORD})

    assert again.status_code == 200
    assert "captcha" in again.context["form"].errors
    assert sign_in(client, user, **picture(client, "/sign-in/person/")).status_code == 302


@pytest.mark.usefixtures("real_pictures")
def test_one_solved_picture_does_not_serve_many_browsers() -> None:
    solved = picture(Client(), "/sign-in/person/")
    errors = []
    for n in range(3):
        data = {"username": f"nobody-{n}", "password": "Wrong-2026"} | solved
        errors.append("captcha" in Client().post("/sign-in/person/", data).context["form"].errors)

    assert errors == [False, True, True]


@pytest.mark.usefixtures("real_pictures")
def test_invented_picture_is_none(client: Client) -> None:
    for answer in ("passed", "", "0"):
        response = sign_in(client, UserFactory(), captcha_0="0" * 40, captcha_1=answer)

        assert "captcha" in response.context["form"].errors


@pytest.mark.parametrize("entry", ["person", "unit", "officer"])
def test_way_without_a_picture_is_found_beside_the_picture(client: Client, entry: str) -> None:
    page = client.get(f"/sign-in/{entry}/").text

    assert re.search(rf'无法辨认图片.*?<a href="/sign-in/{entry}/sms/">改用短信登录</a>', page, re.DOTALL)
    assert "captcha_1" not in client.get(f"/sign-in/{entry}/sms/").text
