"""Nothing is reachable before what is due is done: every address with a session that is half signed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import SignInWay
from accounts.models import User
from accounts.services import change_password
from accounts.services.entering import NotAdmitted, enter
from tests.accounts.factories import PASSWORD, OfficerFactory, UserFactory
from tests.accounts.signing import SECOND, add_app, sign_in
from tests.landscape import Landscape, make_landscape
from tests.test_urls import DOORS, admin_addresses
from workflow import clock
from workflow.models import DemoClock

pytestmark = pytest.mark.django_db

SET_UP, PASSWORD_PAGE = "/account/security/second-factor/", "/account/password/"
# The language and the way out are open at every step.
ALWAYS = {"set_language", "accounts:sign_out", "accounts:keep_alive"}
PUBLIC = {name for name, door in DOORS.items() if "anonymous" in door.admits or door.status_for("anonymous") != 302}
NEW = "Another-2026"


@pytest.fixture
def land(settings) -> Any:
    settings.DEMO_CLOCK = True
    try:
        yield make_landscape()
    finally:
        DemoClock.objects.all().delete()
        clock.read()


def lead_elsewhere(client: Client, land: Landscape, names: set[str], to: str) -> dict[str, str]:
    """{address: where it led} of those that led anywhere but to ``to``; asked and posted to."""
    addresses = {name: reverse(name, args=DOORS[name].args(land)) for name in names}
    addresses |= {address: address for address in admin_addresses()} if "admin" not in names else {}
    wrong = {}
    for name, address in addresses.items():
        for answer in (client.get(address), client.post(address, {})):
            if getattr(answer, "url", "") != to:
                wrong[name] = f"{answer.status_code} {getattr(answer, 'url', '')}"
    return wrong


def test_between_the_factors_every_address_leads_to_the_second(client, land):
    officer = UserFactory(administrator=True)
    add_app(officer)
    sign_in(client, officer)
    public_there = {reverse("admin:login"), reverse("admin:jsi18n")}

    wrong = lead_elsewhere(client, land, set(DOORS) - PUBLIC, SECOND)

    assert {name: led for name, led in wrong.items() if name not in public_there} == {}


def test_officer_without_a_second_factor_is_led_to_set_one_up(client, land, settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    client.force_login(UserFactory(administrator=True))

    here = {"accounts:second_factor_set_up", "accounts:passkey_add"}
    wrong = lead_elsewhere(client, land, set(DOORS) - ALWAYS - here, SET_UP)

    assert wrong == {}


def test_initial_password_leads_to_its_change(client, land):
    client.force_login(change_password(UserFactory(administrator=True), password=PASSWORD, initial=True))

    wrong = lead_elsewhere(client, land, set(DOORS) - ALWAYS - {"accounts:password"}, PASSWORD_PAGE)

    assert wrong == {}


def test_fragments_are_led_by_htmx(client):
    client.force_login(change_password(OfficerFactory(), password=PASSWORD, initial=True))

    response = client.get("/home/", headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == PASSWORD_PAGE


def test_changed_password_opens_the_page_that_was_asked_for(client):
    officer = change_password(OfficerFactory(), password=PASSWORD, initial=True)
    assert sign_in(client, officer, next="/messages/").url == PASSWORD_PAGE

    data = {"current": PASSWORD, "password": NEW, "password_again": NEW}
    response = client.post(PASSWORD_PAGE, data)

    assert response.url == "/messages/"
    assert client.get("/messages/").status_code == 200


@pytest.mark.parametrize(("allowed", "due"), [(30, True), (32, False), (0, False)])
def test_days_of_an_officer_s_password_are_a_setting(client, settings, allowed, due):
    settings.CREDENTIAL_DAYS_OFFICERS = allowed
    user = UserFactory(officer=True, password_changed_at=timezone.now() - timedelta(days=31))

    assert (sign_in(client, user).url == PASSWORD_PAGE) is due


@pytest.mark.parametrize(("days", "kind", "profile", "due"), [
    (89, "officer", "dengbao", False),
    (91, "officer", "dengbao", True),
    (91, "officer", "nist", False),
    (91, "person", "dengbao", False),
])  # fmt: skip
def test_officers_change_an_old_password_under_dengbao(client, settings, days, kind, profile, due):
    settings.PASSWORD_PROFILE = profile
    user = UserFactory(kind=kind, password_changed_at=timezone.now() - timedelta(days=days))

    assert (sign_in(client, user).url == PASSWORD_PAGE) is due


def test_second_factor_comes_before_the_password(client, settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    officer = change_password(OfficerFactory(), password=PASSWORD, initial=True)

    assert sign_in(client, officer).url == SET_UP


@pytest.mark.parametrize("way", list(SignInWay))
def test_every_way_asks_for_the_second_factor(rf, client, way):
    officer: User = OfficerFactory()
    add_app(officer)
    request = rf.get("/")
    request.session = client.session
    request.user = officer

    assert enter(request, officer, way=way) == SECOND
    assert "_auth_user_id" not in request.session


@pytest.mark.parametrize("way", list(SignInWay))
def test_closed_account_enters_by_no_way(rf, client, way):
    request = rf.get("/")
    request.session = client.session

    with pytest.raises(NotAdmitted):
        enter(request, UserFactory(is_active=False), way=way)


def test_one_click_of_the_demo_asks_for_the_second_factor_too(client, settings):
    settings.DEMO = True
    graduate = UserFactory(username="graduate")
    add_app(graduate)

    assert client.post("/demo/sign-in/graduate/").url == SECOND
