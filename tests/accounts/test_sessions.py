import time
from datetime import timedelta

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.browsers import browser_name, mask_network_address
from accounts.models import SignIn
from accounts.services.sessions import forget_expired_sessions
from tests.accounts.factories import OfficerFactory, PersonFactory, UserFactory
from tests.accounts.signing import sign_in
from workflow import clock
from workflow.models import Duty

pytestmark = pytest.mark.django_db

PAGE = "/account/security/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
EDGE = CHROME + " Edg/141.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50"


@pytest.mark.parametrize(
    ("agent", "name"),
    [(CHROME, "Chrome · Windows"), (EDGE, "Edge · Windows"), (PHONE, "微信 · Android"), ("curl/8", ""), ("", "")],
)
def test_browser_is_named_by_what_people_know(agent, name):
    assert browser_name(agent) == name


@pytest.mark.parametrize(
    ("address", "shown"),
    [("192.168.3.7", "192.168.*.*"), ("2001:db8:85a3::7334", "2001:0db8:*"), ("unknown", ""), ("", "")],
)
def test_address_is_shown_in_part(address, shown):
    assert mask_network_address(address) == shown


def browsers(user, count: int) -> list[Client]:
    found = [Client(headers={"user-agent": agent}) for agent in (CHROME, PHONE, EDGE)[:count]]
    for browser in found:
        sign_in(browser, user)
    return found


def test_open_sign_ins_are_listed_with_this_one_marked():
    user = UserFactory()
    first, _second = browsers(user, 2)

    sessions = {line["row"].browser: line["row"].is_this for line in first.get(PAGE).context["sessions"]}

    assert sessions == {"Chrome · Windows": True, "微信 · Android": False}


def test_other_people_s_sign_ins_are_neither_shown_nor_ended():
    mine, theirs = browsers(UserFactory(), 1)[0], browsers(UserFactory(), 1)[0]
    pk = theirs.get(PAGE).context["sessions"][0]["row"].pk

    assert len(mine.get(PAGE).context["sessions"]) == 1
    mine.post(f"{PAGE}sessions/{pk}/end/")

    assert theirs.get(PAGE).status_code == 200


def test_one_sign_in_is_ended():
    first, second, third = browsers(UserFactory(), 3)
    pk = next(row["row"].pk for row in first.get(PAGE).context["sessions"] if row["row"].browser == "微信 · Android")

    first.post(f"{PAGE}sessions/{pk}/end/")

    assert [client.get(PAGE).status_code for client in (first, second, third)] == [200, 302, 200]


def test_all_others_are_ended():
    first, second, third = browsers(UserFactory(), 3)

    first.post(f"{PAGE}sessions/end/")

    assert [client.get(PAGE).status_code for client in (first, second, third)] == [200, 302, 302]


def test_second_sign_in_is_told_of_the_first(client):
    user = UserFactory()
    sign_in(client, user)
    assert "本账号同时在其他地方登录" not in client.get("/home/").text
    other = Client()

    sign_in(other, user)

    assert "本账号同时在其他地方登录" in other.get("/home/").text


def test_ended_sign_in_is_no_other_place(client):
    user = UserFactory()
    sign_in(client, user)
    client.post("/sign-out/")
    other = Client()

    sign_in(other, user)

    assert "本账号同时在其他地方登录" not in other.get("/home/").text


def test_session_of_a_stopped_account_ends_at_its_next_page(client):
    officer = OfficerFactory()
    sign_in(client, officer)
    assert client.get("/home/").status_code == 200
    officer.is_active = False
    officer.save()

    assert client.get("/home/").url == "/sign-in/?next=/home/"


def test_ended_duty_gives_nothing_at_the_next_page(client):
    officer = OfficerFactory()
    sign_in(client, officer)
    assert client.get(reverse("subsidies:payments")).status_code == 200
    Duty.objects.filter(user=officer).update(ends_on=clock.today() - timedelta(days=1))

    assert client.get(reverse("subsidies:payments")).status_code == 403


def outcomes(user) -> list[str]:
    return list(SignIn.objects.of(user and user.pk).values_list("outcome", flat=True))


def test_every_try_is_logged_with_its_outcome(client):
    user = PersonFactory().users.get()
    sign_in(client, user, password="Wrong-2026")
    sign_in(client, user, entry="unit")
    sign_in(client, user)
    user.is_active = False
    user.save()
    sign_in(client, user)

    assert outcomes(user) == ["inactive", "entered", "wrong_entry", "wrong"]


def test_name_that_nobody_has_is_logged_without_the_name(client):
    sign_in(client, UserFactory.build(username="Tongban-2026"))

    row = SignIn.objects.of(None).get()
    assert row.outcome == "wrong"
    assert "Tongban-2026" not in str(vars(row))


def test_address_and_browser_stand_in_the_log():
    user = UserFactory()
    browsers(user, 1)

    row = SignIn.objects.of(user.pk).get()
    assert (row.address, row.agent, row.entry, row.way) == ("127.0.0.1", CHROME, "person", "password")


def test_page_shows_one_s_own_log_only():
    mine, theirs = UserFactory(), UserFactory()
    browsers(theirs, 1)
    client = browsers(mine, 1)[0]

    assert len(client.get(PAGE).context["lines"]) == 1


@pytest.mark.parametrize("statement", ["UPDATE accounts_signin SET outcome = 'x'", "DELETE FROM accounts_signin"])
def test_log_is_append_only(client, statement):
    sign_in(client, UserFactory())

    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_session_seen_last_stands_first():
    user = UserFactory()
    first, _second = browsers(user, 2)
    with time_machine.travel(time.time() + 300):
        first.get(PAGE)

        assert first.get(PAGE).context["sessions"][0]["row"].is_this


def test_sessions_that_are_over_are_forgotten():
    old = browsers(UserFactory(), 1)[0]
    with time_machine.travel(time.time() + 9 * 3600):
        new = browsers(UserFactory(), 1)[0]

        assert forget_expired_sessions() == 1
        assert new.get(PAGE).status_code == 200
        assert old.get(PAGE).status_code == 302
