"""Passkeys beside the app: set up, used as the second step, removed; forged, repeated and foreign ones are refused."""

import json
import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from accounts import passkeys, second_factor
from accounts.models import SignIn, TextMessage, User
from accounts.services.second_factors import add_passkey
from tests.accounts.factories import PASSWORD, OfficerFactory, UserFactory, phone_number
from tests.accounts.passkey_device import Device
from tests.accounts.signing import SECOND, add_app, code, sign_in, spare_codes

pytestmark = pytest.mark.django_db

ADD, SET_UP, CODES = "/account/security/passkeys/add/", "/account/security/second-factor/", "/account/security/"


@pytest.fixture
def officer() -> User:
    return OfficerFactory()


@pytest.fixture
def strict(settings: Any) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def add(client: Client, device: Device, **data: str) -> Any:
    answer = device.make(client.get(ADD))
    return client.post(ADD, {"name": "办公电脑", "current": PASSWORD, "credential": answer} | data)


def owned(user: User, **options: Any) -> Device:
    """The account has this device's passkey."""
    device, client = Device(**options), Client()
    client.force_login(user)
    assert add(client, device).status_code == 302
    return device


def passkey(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type="webauthn")


def test_passkey_signs_in_as_the_second_step(client: Client, officer: User) -> None:
    device = owned(officer)
    assert sign_in(client, officer, next="/account/").url == SECOND
    assert not is_signed_in(client)

    response = client.post(SECOND, {"credential": device.sign(client.get(SECOND))})

    assert response.url == "/account/"
    assert is_signed_in(client)
    assert SignIn.objects.of(officer.pk).first().outcome == "entered"
    assert passkey(officer).last_used_at is not None


def test_first_passkey_brings_recovery_codes_and_is_told(client: Client) -> None:
    officer = OfficerFactory(phone=phone_number(71))
    client.force_login(officer)

    response = add(client, Device())

    assert response.url == "/account/security/recovery-codes/"
    assert client.get(response.url).context["codes"] == spare_codes(officer)
    assert passkey(officer).data["name"] == "办公电脑"
    assert TextMessage.objects.get(user=officer).template == "second_factor_set_up"


def test_recovery_code_helps_who_has_a_passkey_alone(client: Client, officer: User) -> None:
    owned(officer)
    sign_in(client, officer)
    assert client.get(SECOND).context["form"].fields["code"].help_text == "请输入一个备用码。"

    assert client.post(SECOND, {"code": spare_codes(officer)[0]}).status_code == 302
    assert is_signed_in(client)


def test_app_and_passkey_stand_beside_each_other(client: Client, officer: User) -> None:
    device = owned(officer)
    secret = add_app(officer)
    for answer in (lambda page: {"credential": device.sign(page)}, lambda page: {"code": code(secret)}):
        browser = Client()
        sign_in(browser, officer)

        browser.post(SECOND, answer(browser.get(SECOND)))

        assert is_signed_in(browser)


def test_officer_may_set_up_a_passkey_in_the_place_of_the_app(client: Client, officer: User, strict: None) -> None:
    assert sign_in(client, officer, next="/account/").url == SET_UP

    add(client, Device())

    assert client.get("/account/security/recovery-codes/").context["next"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_passkey_is_added_for_the_password_and_a_name(client: Client, officer: User) -> None:
    client.force_login(officer)

    wrong = add(client, Device(), current="Wrong-2026")
    nameless = add(client, Device(), name="")

    assert list(wrong.context["form"].errors) == ["current"]
    assert list(nameless.context["form"].errors) == ["name"]
    assert not second_factor.has_second_factor(User.objects.get(pk=officer.pk))


@pytest.mark.parametrize("wrong", [{"origin": "http://testserver:8000"}, {"origin": "https://evil.example"}], ids=str)
def test_passkey_made_on_another_site_is_refused(client: Client, officer: User, wrong: dict[str, str]) -> None:
    client.force_login(officer)

    response = client.post(
        ADD, {"name": "甲", "current": PASSWORD, "credential": Device().make(client.get(ADD), **wrong)}
    )

    assert "设备未能为本网站生成通行密钥" in response.text
    assert not Authenticator.objects.exists()


REFUSED = "通行密钥未通过验证"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://testserver"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://sub.testserver"},
        {"site": "evil.example"},
    ],
    ids=str,
)
def test_answer_given_to_another_site_is_refused(client: Client, officer: User, wrong: dict[str, str]) -> None:
    device = owned(officer)
    sign_in(client, officer)

    response = client.post(SECOND, {"credential": device.sign(client.get(SECOND), **wrong)})

    assert REFUSED in response.text
    assert not is_signed_in(client)
    assert SignIn.objects.of(officer.pk).first().outcome == "wrong_second"


def test_answer_is_good_once(client: Client, officer: User) -> None:
    device = owned(officer)
    sign_in(client, officer)
    answer = device.sign(client.get(SECOND))
    client.post(SECOND, {"credential": answer})
    again = Client()
    sign_in(again, officer)
    again.get(SECOND)

    assert REFUSED in again.post(SECOND, {"credential": answer}).text
    assert not is_signed_in(again)


def test_stolen_session_does_not_repeat_the_answer(client: Client, officer: User) -> None:
    """The same challenge in two browsers, as whoever copies the cookie has it."""
    device = owned(officer, counts=False)
    sign_in(client, officer)
    page = client.get(SECOND)
    kept = dict(client.session)
    client.post(SECOND, {"credential": device.sign(page)})
    thief = Client()
    sign_in(thief, officer)
    session = thief.session
    session[passkeys.CEREMONY] = kept[passkeys.CEREMONY]
    session.save()

    assert REFUSED in thief.post(SECOND, {"credential": device.sign(page)}).text
    assert not is_signed_in(thief)


def test_passkey_of_somebody_else_is_refused(client: Client, officer: User) -> None:
    owned(officer)
    stranger = owned(UserFactory())
    sign_in(client, officer)

    assert REFUSED in client.post(SECOND, {"credential": stranger.sign(client.get(SECOND))}).text


def test_forged_signature_is_refused(client: Client, officer: User) -> None:
    device = owned(officer)
    forger = Device()
    forger.id = device.id
    sign_in(client, officer)

    assert REFUSED in client.post(SECOND, {"credential": forger.sign(client.get(SECOND))}).text


def test_copied_device_is_refused(client: Client, officer: User) -> None:
    """Its signatures count back."""
    device = owned(officer)
    for expected in (True, False):
        browser = Client()
        sign_in(browser, officer)
        device.signatures = 4

        browser.post(SECOND, {"credential": device.sign(browser.get(SECOND))})

        assert is_signed_in(browser) is expected


def test_device_that_does_not_count_signs_in_again_and_again(officer: User) -> None:
    device = owned(officer, counts=False)
    for _time in range(2):
        browser = Client()
        sign_in(browser, officer)

        browser.post(SECOND, {"credential": device.sign(browser.get(SECOND))})

        assert is_signed_in(browser)


def test_what_was_asked_for_adding_signs_nobody_in(client: Client, officer: User) -> None:
    device = owned(officer)
    inside = Client()
    inside.force_login(officer)
    session = inside.session
    session["second_factor"] = True
    session.save()
    page = inside.get(ADD)
    sign_in(client, officer)
    waiting = client.session
    waiting[passkeys.CEREMONY] = dict(inside.session)[passkeys.CEREMONY]
    waiting.save()

    assert REFUSED in client.post(SECOND, {"credential": device.sign(page)}).text


def test_answer_after_ten_minutes_is_refused(client: Client) -> None:
    """Of somebody whose session lasts longer than that."""
    client.force_login(UserFactory())
    with time_machine.travel(time.time()) as clock:
        answer = Device().make(client.get(ADD))
        clock.shift(timedelta(minutes=10, seconds=1))
        response = client.post(ADD, {"name": "甲", "current": PASSWORD, "credential": answer})

    assert "设备未能为本网站生成通行密钥" in response.text


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"id": 1, "response": {}}', '{"id": "YQ", "response": {}}', "null"])
def test_nonsense_is_refused(client: Client, officer: User, answer: str) -> None:
    owned(officer)
    sign_in(client, officer)
    client.get(SECOND)

    assert client.post(SECOND, {"credential": answer}).status_code == 200
    assert not is_signed_in(client)


def test_five_wrong_answers_lock_the_second_step(client: Client, officer: User) -> None:
    device = owned(officer)
    sign_in(client, officer)
    for _try in range(5):
        client.post(SECOND, {"credential": Device().sign(client.get(SECOND))})

    locked = client.post(SECOND, {"credential": device.sign(client.get(SECOND))})

    assert "15分钟后再试" in locked.text
    assert not is_signed_in(client)


def entered(officer: User, device: Device) -> Client:
    client = Client()
    sign_in(client, officer)
    client.post(SECOND, {"credential": device.sign(client.get(SECOND))})
    return client


def removal(factor: Authenticator) -> str:
    return f"{SET_UP}{factor.pk}/remove/"


def test_passkey_is_removed_for_the_password(officer: User) -> None:
    client = entered(officer, owned(officer))
    address = removal(passkey(officer))

    client.post(address, {"current": "Wrong-2026"})
    assert Authenticator.objects.filter(user=officer).count() == 2
    client.post(address, {"current": PASSWORD})

    assert not Authenticator.objects.filter(user=officer).exists()


def test_other_factors_stay_when_one_is_removed(officer: User) -> None:
    device = owned(officer)
    add_app(officer)
    client = entered(officer, device)

    client.post(removal(Authenticator.objects.get(user=officer, type="totp")), {"current": PASSWORD})

    assert {row.type for row in Authenticator.objects.filter(user=officer)} == {"webauthn", "recovery_codes"}


def test_last_one_stays_where_it_is_compulsory(officer: User, strict: None) -> None:
    client = entered(officer, owned(officer))

    response = client.post(removal(passkey(officer)), {"current": PASSWORD})

    assert "唯一的二次验证方式" in response.text
    assert passkey(officer)


def test_factor_of_somebody_else_is_not_removed(officer: User) -> None:
    client = entered(officer, owned(officer))
    other = OfficerFactory()
    owned(other)

    client.post(removal(passkey(other)), {"current": PASSWORD})

    assert passkey(other)


def test_an_account_has_ten_passkeys_at_most(officer: User) -> None:
    client = entered(officer, owned(officer))
    accepted = {"credential": passkey(officer).data["credential"], "sign_count": 0}
    for n in range(9):
        add_passkey(officer, name=f"第{n}把", accepted=accepted)

    response = add(client, Device())

    assert "已有10个通行密钥" in response.text
    assert Authenticator.objects.filter(user=officer, type="webauthn").count() == 10


def test_page_that_comes_back_waits_for_a_new_answer(client: Client, officer: User) -> None:
    """With the old one in it, neither a code nor the passkey would be looked at."""
    owned(officer)
    sign_in(client, officer)
    waiting = client.post(SECOND, {"credential": Device().sign(client.get(SECOND))})
    inside = Client()
    inside.force_login(UserFactory())
    adding = add(inside, Device(), current="Wrong-2026")

    for page in (waiting, adding):
        fields = re.findall(r'<input[^>]*name="credential"[^>]*>', page.text)
        assert fields
        assert not any("value=" in field for field in fields)


def test_page_asks_for_no_passkey_where_there_is_none(client: Client, officer: User) -> None:
    add_app(officer)
    sign_in(client, officer)

    assert client.get(SECOND).context["passkey"] == ""


def test_device_learns_neither_number_nor_key_of_the_account(client: Client, officer: User) -> None:
    client.force_login(officer)

    user = json.loads(client.get(ADD).context["passkey"])["publicKey"]["user"]

    assert {name: user[name] for name in set(user) - {"id"}} == {"name": officer.username, "displayName": officer.name}
    assert len(user["id"]) > 40


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_answer_sent_ten_times_at_once_is_good_once(officer: User) -> None:
    device = owned(officer, counts=False)
    waiting = Client()
    sign_in(waiting, officer)
    page = waiting.get(SECOND)
    answer, ceremony, outcomes = device.sign(page), dict(waiting.session)[passkeys.CEREMONY], []
    browsers = [Client() for _n in range(10)]
    for browser in browsers:
        sign_in(browser, officer)
        session = browser.session
        session[passkeys.CEREMONY] = ceremony
        session.save()

    def send(browser: Client) -> None:
        outcomes.append(browser.post(SECOND, {"credential": answer}).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(302) == 1
