import time
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.accounts.factories import PASSWORD, OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import CAPTCHA

pytestmark = pytest.mark.django_db

ENTRIES = {"person": "/sign-in/person/", "unit": "/sign-in/unit/", "officer": "/sign-in/officer/"}


def sign_in(client: Client, user: User, *, entry: str = "", password: str = PASSWORD, **data: str):
    form = {"username": user.username, "password": password} | CAPTCHA | data
    return client.post(ENTRIES[entry or user.kind], form)


def user_of(kind: str) -> User:
    if kind == "unit":
        return UnitFactory().duties.get().user
    return OfficerFactory() if kind == "officer" else PersonFactory().users.get()


def test_choice_page_names_the_three_entries(client):
    page = client.get("/sign-in/").text

    assert all(label in page for label in ("单位登录", "个人登录", "工作人员登录", "单位注册", "个人注册"))


def test_unit_registration_stands_under_the_unit_entry(client):
    assert "单位注册" in client.get("/sign-in/unit/").text


@pytest.mark.parametrize("kind", ["person", "unit", "officer"])
def test_right_entry_signs_in(client, kind):
    user = user_of(kind)

    response = sign_in(client, user)

    assert response.url == "/home/"
    assert int(client.session["_auth_user_id"]) == user.pk


@pytest.mark.parametrize(
    ("kind", "entry", "right"),
    [
        ("person", "unit", "【个人登录】"),
        ("unit", "person", "【单位登录】"),
        ("unit", "officer", "【单位登录】"),
        ("officer", "person", "【工作人员登录】"),
    ],
)
def test_wrong_entry_names_the_right_one(client, kind, entry, right):
    response = sign_in(client, user_of(kind), entry=entry)

    assert right in response.text
    assert "_auth_user_id" not in client.session


def test_wrong_entry_tells_nothing_without_the_password(client):
    response = sign_in(client, user_of("person"), entry="unit", password="Wrong-2026")

    assert "用户名或密码不正确" in response.text
    assert "【个人登录】" not in str(response.context["form"].errors)


def test_unknown_user_and_wrong_password_get_the_same_answer(client):
    known, unknown = UserFactory(), UserFactory.build()

    answers = [str(sign_in(client, user, password="Wrong-2026").context["form"].errors) for user in (known, unknown)]

    assert answers[0] == answers[1]


def test_user_name_is_the_same_in_capitals(client):
    user = user_of("person")

    assert sign_in(client, user, username=user.username.upper()).status_code == 302


def test_wrong_picture_code_is_refused(client):
    response = sign_in(client, user_of("person"), captcha_1="wrong")

    assert list(response.context["form"].errors) == ["captcha"]


def test_five_failures_lock_the_user_name_for_15_minutes(client):
    user = user_of("person")
    for _try in range(5):
        assert "用户名或密码不正确" in sign_in(client, user, password="Wrong-2026").text

    locked = sign_in(client, user)

    assert "请 15 分钟后再试" in locked.text
    with time_machine.travel(time.time() + 15 * 60 + 1):
        assert sign_in(client, user).status_code == 302


def test_lock_of_one_user_name_leaves_others_free(client):
    user = user_of("person")
    for _try in range(6):
        sign_in(client, user, password="Wrong-2026")

    assert sign_in(client, user_of("person")).status_code == 302


def test_successes_do_not_count_as_failures(client):
    user = user_of("person")

    answers = [sign_in(client, user).status_code for _try in range(7)]

    assert answers == [302] * 7


def test_closed_account_is_told_so(client):
    response = sign_in(client, UserFactory(is_active=False))

    assert "该账号已注销或停用，或者注册已过期" in response.text


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/account/", "/account/"),
        ("https://evil.example/", "/home/"),
        ("//evil.example/x", "/home/"),
        ("nowhere", "/home/"),
        ("", "/home/"),
    ],
)
def test_next_leads_only_to_our_own_pages(client, target, where):
    assert sign_in(client, user_of("person"), next=target).url == where


def test_status_only_account_begins_at_its_registration(client):
    assert sign_in(client, UserFactory(pending=True), next="/account/").url == "/registration/"


def test_password_never_comes_back_to_the_page(client):
    assert "Wrong-2026" not in sign_in(client, user_of("person"), password="Wrong-2026").text


def test_sign_out_is_a_post(client):
    client.force_login(user_of("person"))

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/"
    assert "_auth_user_id" not in client.session


def test_pages_need_a_sign_in(client):
    assert client.get("/account/").url == "/sign-in/?next=/account/"


@pytest.mark.parametrize(("kind", "minutes"), [("person", 15), ("unit", 15), ("officer", 10)])
def test_session_ends_when_nobody_uses_it(client, kind, minutes):
    client.force_login(user_of(kind))
    start = time.time()
    with time_machine.travel(start) as clock:
        client.get("/account/")
        clock.shift(timedelta(minutes=minutes - 1))
        assert client.get("/account/").status_code == 200
        clock.shift(timedelta(minutes=minutes, seconds=1))
        ended = client.get("/account/")

    assert ended.url == "/sign-in/?next=/account/"
    assert "您长时间未操作" in client.get("/sign-in/").text


def test_polling_does_not_keep_a_session_alive(client, monkeypatch):
    monkeypatch.setattr("accounts.middleware.POLLED", frozenset({"accounts:account"}))
    client.force_login(user_of("person"))
    with time_machine.travel(time.time()) as clock:
        client.get("/account/")
        for _poll in range(8):
            clock.shift(timedelta(minutes=2))
            response = client.get("/account/", headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == "/sign-in/?next=/account/"
    assert "_auth_user_id" not in client.session


def test_going_on_keeps_the_session(client):
    client.force_login(user_of("person"))
    with time_machine.travel(time.time()) as clock:
        client.get("/account/")
        for _warning in range(3):
            clock.shift(timedelta(minutes=14))
            assert client.get("/keep-alive/").status_code == 204

        assert client.get("/account/").status_code == 200


def test_session_ends_after_eight_hours_of_work(client):
    client.force_login(user_of("person"))
    with time_machine.travel(time.time()) as clock:
        client.get("/account/")
        for _page in range(47):
            clock.shift(timedelta(minutes=10))
            assert client.get("/account/").status_code == 200
        clock.shift(timedelta(minutes=11))
        ended = client.get("/account/")

    assert ended.url == "/sign-in/?next=/account/"
    assert "8小时" in client.get("/sign-in/").text


def test_pages_warn_before_the_session_of_the_signed_in_ends(client):
    client.force_login(user_of("officer"))

    assert 'data-idle="600"' in client.get("/account/").text
    client.logout()
    assert "data-idle" not in client.get("/").text


def test_public_page_after_the_end_is_shown_without_the_user(client):
    client.force_login(user_of("person"))
    with time_machine.travel(time.time()) as clock:
        client.get("/account/")
        clock.shift(timedelta(minutes=16))
        assert client.get("/").status_code == 200

    assert "_auth_user_id" not in client.session


def test_page_of_allauth_is_not_mounted(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/email/").status_code == 404


def test_demo_people_are_offered_in_demo_mode_only(client, settings):
    assert "demo-people" not in client.get("/sign-in/").text

    settings.DEMO = True

    assert "demo-people" in client.get("/sign-in/").text
