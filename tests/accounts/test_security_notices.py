"""Whoever changes how an account is entered, its owner hears of it."""

import time
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts import second_factor
from accounts.admin import user_forms
from accounts.admin import users as user_admin
from accounts.administrators import SECURITY
from accounts.models import Identifier, MessageSettings, Notification, SignIn, TextMessage, User
from accounts.services.administration import unlock_account
from tests.accounts.factories import PASSWORD, OfficerFactory, PersonFactory, UserFactory, claim, phone_number
from tests.accounts.signing import SECOND, add_app, code, sign_in

pytestmark = pytest.mark.django_db

SET_UP = "/account/security/second-factor/"
NEW = "Bohai-2027"


def told(user: User) -> list[str]:
    """The kinds of the text messages to the phone of this account; each stands in the station messages too."""
    kinds = list(TextMessage.objects.filter(user=user).order_by("pk").values_list("template", flat=True))
    assert Notification.objects.station().of(user.pk).count() == len(kinds)
    return kinds


@pytest.fixture
def officer() -> User:
    officer = OfficerFactory(phone=phone_number(31))
    claim(officer, phone=officer.phone)
    return officer


@pytest.fixture
def security() -> Client:
    user = UserFactory(officer=True, is_staff=True)
    user.groups.set([Group.objects.get(name=SECURITY)])
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, user: User, what: str) -> Any:
    return client.post(reverse("admin:accounts_user_security", args=[user.pk]), {"what": what})


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("password", ["password_given"]),
        ("second_factor", ["second_factor_removed"]),
        ("sessions", ["sessions_ended"]),
        ("unlock", []),
    ],
)
def test_what_the_administration_does_is_told(security: Client, officer: User, what: str, kinds: list[str]) -> None:
    press(security, officer, what)

    assert told(officer) == kinds


def test_nothing_is_done_that_is_not_logged(security: Client, officer: User, monkeypatch: Any) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError("no room for the log")

    monkeypatch.setattr(user_admin.UserAdmin, "log_change", full)
    security.raise_request_exception = False

    press(security, officer, "password")

    assert User.objects.get(pk=officer.pk).check_password(PASSWORD)
    assert not LogEntry.objects.exists()


def test_own_changes_are_told(client: Client) -> None:
    user = PersonFactory().users.get()
    client.force_login(user)

    client.post("/account/password/", {"current": PASSWORD, "password": NEW, "password_again": NEW})
    secret = client.get(SET_UP).context["secret"].replace(" ", "")
    client.post(SET_UP, {"code": code(secret), "current": NEW})
    app = second_factor.factors_of(user)[0]
    client.post(f"{SET_UP}{app.pk}/remove/", {"current": NEW})

    assert told(user) == ["password_renewed", "second_factor_set_up", "second_factor_removed"]


def test_without_a_provider_the_station_message_goes_alone(security: Client, officer: User, settings: Any) -> None:
    settings.SMS_GATEWAY = ""

    press(security, officer, "sessions")

    assert not TextMessage.objects.exists()
    assert Notification.objects.station().of(officer.pk).get().title == "登录已由管理员退出"


def test_password_may_be_withdrawn_altogether(security: Client, officer: User) -> None:
    form = {"password1": "", "password2": "", "usable_password": "false", "unset-password": "1"}

    security.post(f"/admin/accounts/user/{officer.pk}/password/", form)

    changed = User.objects.get(pk=officer.pk)
    assert not changed.has_usable_password()
    assert not changed.check_password("")
    assert told(officer) == ["password_given"]


def wrong(secret: str) -> str:
    return "000000" if code(secret) != "000000" else "000001"


def guess(client: Client, user: User, secret: str, times: int) -> Any:
    """Wrong codes, in rounds of five so that no lock of a quarter of an hour stands in the way."""
    with time_machine.travel(time.time()) as machine:
        for n in range(times):
            if n % 5 == 0:
                machine.shift(15 * 60 + 1)
                sign_in(client, user)
            client.post(SECOND, {"code": wrong(secret)})
        machine.shift(15 * 60 + 1)
        sign_in(client, user)
        return client.post(SECOND, {"code": code(secret)})


def test_fifth_wrong_code_is_told_once_a_day(client: Client, officer: User) -> None:
    secret = add_app(officer)

    guess(client, officer, secret, 4)
    assert told(officer) == []
    guess(Client(), officer, secret, 6)

    assert told(officer) == ["second_factor_guessed"]


def test_twenty_wrong_codes_lock_the_second_step_for_the_day(client: Client, officer: User) -> None:
    secret = add_app(officer)

    locked = guess(client, officer, secret, 20)

    assert "请明天再试" in locked.text
    assert SignIn.objects.of(officer.pk).first().outcome == "locked"
    unlock_account(officer)
    with time_machine.travel(time.time() + 7200):
        fresh = Client()
        sign_in(fresh, officer)
        assert fresh.post(SECOND, {"code": code(secret)}).status_code == 302


def test_account_without_a_password_sets_up_no_second_factor_where_one_is_compulsory(
    client: Client, officer: User, settings: Any
) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    officer.set_unusable_password()
    officer.save()
    client.force_login(officer)
    secret = client.get(SET_UP).context["secret"].replace(" ", "")

    refused = client.post(SET_UP, {"code": code(secret)})

    assert refused.status_code == 200
    assert "请向安全管理员申请初始密码" in refused.text
    assert not second_factor.has_second_factor(User.objects.get(pk=officer.pk))


def test_phone_set_by_the_administration_is_told_to_the_old_one_and_ends_the_sign_ins(
    admin_client: Client, officer: User
) -> None:
    browser, old = Client(), officer.phone
    sign_in(browser, officer)
    form = {"name": "甲", "is_active": "on", "new_phone": phone_number(32)}
    form |= {f"{prefix}-{key}_FORMS": "0" for prefix in ("duties", "consents") for key in ("TOTAL", "INITIAL")}

    admin_client.post(f"/admin/accounts/user/{officer.pk}/change/", form)

    assert TextMessage.objects.get(template="phone_changed").phone == old
    assert browser.get("/home/").url == "/sign-in/?next=/home/"


def test_number_taken_meanwhile_is_said_and_nothing_is_saved(
    admin_client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = PersonFactory()
    monkeypatch.setattr(user_forms, "find_taken", lambda **_facts: {})
    form = {"name": "改名", "is_active": "on", "new_phone": other.phone}
    form |= {f"{prefix}-{key}_FORMS": "0" for prefix in ("duties", "consents") for key in ("TOTAL", "INITIAL")}

    response = admin_client.post(f"/admin/accounts/user/{officer.pk}/change/", form, follow=True)

    assert "该手机号码已存在" in response.text
    assert User.objects.get(pk=officer.pk).name == officer.name
    assert Identifier.objects.filter(user=officer).count() == 1


def test_notice_speaks_the_language_of_the_account_and_not_of_the_administrator(
    officer: User, security: Client
) -> None:
    mine = Client()
    mine.force_login(officer)
    mine.post("/language/", {"language": "en"})

    press(security, officer, "sessions")

    text, note = TextMessage.objects.get(), Notification.objects.get(recipient=officer)
    assert text.language == "en"
    assert note.title == "The administration ended all sign-ins"


def test_notice_is_chinese_to_whoever_chose_nothing(officer: User, security: Client) -> None:
    security.post("/language/", {"language": "en"})

    press(security, officer, "sessions")

    assert TextMessage.objects.get().language == "zh-hans"
    assert "管理员" in Notification.objects.get(recipient=officer).title


def test_switch_keeps_what_was_chosen_beside_the_language(client: Client, officer: User) -> None:
    MessageSettings.objects.create(user=officer, choices={"case.approve": ["sms"]})
    client.force_login(officer)

    client.post("/language/", {"language": "en"})
    client.post("/language/", {"language": "fr"})

    chosen = MessageSettings.objects.get(user=officer)
    assert (chosen.language, chosen.choices) == ("en", {"case.approve": ["sms"]})


def test_switch_of_a_visitor_is_nobody_s_choice(client: Client) -> None:
    client.post("/language/", {"language": "en"})

    assert not MessageSettings.objects.exists()
