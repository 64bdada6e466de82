"""短信登录: choose the entry, the number, 【发送验证码】, the code, 【登录】."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import SignIn, SmsCode, TextMessage, User
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, claim, phone_number
from tests.accounts.filling import CAPTCHA, proved
from tests.accounts.signing import SECOND, add_app

pytestmark = pytest.mark.django_db


def page_of(kind: str) -> str:
    return f"/sign-in/{kind}/sms/"


def user_of(kind: str) -> User:
    if kind == "person":
        return PersonFactory().users.get()
    user = UnitFactory().duties.get().user if kind == "unit" else OfficerFactory()
    user.phone = phone_number(user.pk)
    user.save()
    claim(user, phone=user.phone)
    return user


def press(client: Client, phone: str, kind: str = "person", **more: str) -> Any:
    """【发送验证码】."""
    return client.post(page_of(kind), {"phone": phone, "send_code": "code"} | more)


def enter(client: Client, phone: str, code: str, kind: str = "person", **more: str) -> Any:
    return client.post(page_of(kind), {"phone": phone, "code": code} | more)


def sent_code() -> str:
    params = TextMessage.objects.filter(template="code").latest("pk").params
    assert params is not None
    return params["code"]


@pytest.mark.parametrize("kind", ["person", "unit", "officer"])
def test_code_signs_in_at_the_entry_of_the_account(client: Client, kind: str) -> None:
    user = user_of(kind)
    answer = press(client, user.phone, kind)
    assert "如果该手机号码已注册，验证码已发送" in answer.text
    assert user.phone in TextMessage.objects.get().phone

    response = enter(client, user.phone, sent_code(), kind)

    assert response.url == "/home/"
    assert int(client.session["_auth_user_id"]) == user.pk
    assert SignIn.objects.latest("pk").way == "code"


def test_phone_may_be_typed_with_prefix_and_spaces(client: Client) -> None:
    user = user_of("person")
    press(client, f"+86 {user.phone[:3]} {user.phone[3:7]} {user.phone[7:]}")

    assert enter(client, user.phone, f" {sent_code()[:3]} {sent_code()[3:]}").status_code == 302


def test_page_asked_for_before_is_opened_and_no_other_site(client: Client) -> None:
    user = user_of("person")

    ours = enter(client, user.phone, proved(client, user.phone, CodePurpose.SIGN_IN), next="/messages/")
    client.post("/sign-out/")
    theirs = enter(client, user.phone, proved(client, user.phone, CodePurpose.SIGN_IN), next="https://evil.example/")

    assert (ours.url, theirs.url) == ("/messages/", "/home/")


def test_session_key_changes_at_the_sign_in(client: Client) -> None:
    user = user_of("person")
    code = proved(client, user.phone, CodePurpose.SIGN_IN)
    before = client.session.session_key

    enter(client, user.phone, code)

    assert client.session.session_key != before


def test_code_does_not_stand_for_the_second_factor(client: Client) -> None:
    officer = user_of("officer")
    add_app(officer)

    response = enter(client, officer.phone, proved(client, officer.phone, CodePurpose.SIGN_IN), "officer")

    assert response.url == SECOND
    assert "_auth_user_id" not in client.session


def test_code_signs_in_once(client: Client) -> None:
    user = user_of("person")
    code = proved(client, user.phone, CodePurpose.SIGN_IN)
    enter(client, user.phone, code)
    client.post("/sign-out/")

    response = enter(client, user.phone, code)

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_code_taken_to_another_browser_is_wrong(client: Client) -> None:
    user = user_of("person")
    press(client, user.phone)
    thief = Client()
    press(thief, phone_number(1))

    response = enter(thief, user.phone, sent_code())

    assert "验证码错误" in response.text
    assert "_auth_user_id" not in thief.session


def test_entry_is_judged_after_the_code(client: Client) -> None:
    user = user_of("person")
    code = proved(client, user.phone, CodePurpose.SIGN_IN)

    guessed = enter(client, user.phone, "000000" if code != "000000" else "111111", "unit")
    right = enter(client, user.phone, code, "unit")

    assert "【个人登录】" not in str(guessed.context["form"].errors)
    assert "【个人登录】" in str(right.context["form"].errors)
    assert "_auth_user_id" not in client.session
    assert SignIn.objects.latest("pk").outcome == "wrong_entry"
    # The code is still good at the right entry.
    assert enter(client, user.phone, code).status_code == 302


def test_unknown_phone_signs_nobody_in_even_with_its_code(client: Client) -> None:
    phone = phone_number(1)
    code = proved(client, phone, CodePurpose.SIGN_IN)

    assert "验证码错误" in enter(client, phone, code).text
    assert not TextMessage.objects.exists()


def test_closed_account_gets_no_code(client: Client) -> None:
    user = user_of("person")
    User.objects.filter(pk=user.pk).update(is_active=False)

    press(client, user.phone)

    assert not TextMessage.objects.exists()
    assert "验证码错误" in enter(client, user.phone, proved(client, user.phone, CodePurpose.SIGN_IN)).text


def test_code_that_came_too_late_is_sent_anew(client: Client) -> None:
    user = user_of("person")
    with time_machine.travel(time.time()) as machine:
        press(client, user.phone)
        late = sent_code()
        machine.shift(timedelta(minutes=6))
        answer = enter(client, user.phone, late)
        assert "验证码已过期，已重新发送" in answer.text
        assert TextMessage.objects.count() == 2

        assert enter(client, user.phone, sent_code()).status_code == 302


def test_phone_is_not_said_back(client: Client) -> None:
    user = user_of("person")

    page = press(client, user.phone).text

    assert page.count(user.phone) == 1
    assert f'value="{user.phone}"' in page


def test_picture_stands_before_the_sending_only_after_the_first_ones(client: Client, settings: Any) -> None:
    settings.SMS_CODES_WITHOUT_PICTURE = 1
    first, second = user_of("person"), user_of("person")
    assert "captcha_1" not in client.get(page_of("person")).text
    press(client, first.phone)

    refused = press(client, second.phone, captcha_0="any", captcha_1="wrong")
    assert list(refused.context["form"].errors) == ["captcha"]
    assert TextMessage.objects.count() == 1
    press(client, second.phone, **CAPTCHA)

    assert TextMessage.objects.count() == 2
    # It stands before the sending, not before the sign-in.
    assert enter(client, second.phone, sent_code()).status_code == 302


def test_what_was_typed_stays_when_the_code_is_sent_without_scripts(client: Client) -> None:
    client.post("/register/person/")
    typed = {"username": "lixiaoyu", "password": "Tongban-2026", "school": "河北工业大学", "phone": phone_number(8)}

    page = client.post("/register/person/form/", typed | {"send_code": "code"})

    assert page.context["form"].errors == {}
    assert all(f'value="{value}"' in page.text for value in typed.values())
    assert "no-store" in page.headers["Cache-Control"]


def test_button_needs_a_right_number(client: Client) -> None:
    answer = press(client, "123")

    assert list(answer.context["form"].errors) == ["phone"]
    assert not SmsCode.objects.exists()


@pytest.mark.parametrize("page", [page_of("person"), "/sign-in/forgotten/", "/account/phone/", "/register/unit/form/"])
def test_no_other_site_has_a_code_sent(page: str) -> None:
    user = user_of("person")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    answer = client.post(page, {"phone": user.phone, "send_code": "code"})

    assert answer.status_code == 403
    assert not SmsCode.objects.exists()


def test_fourth_entry_does_not_exist(client: Client) -> None:
    assert client.get("/sign-in/admin/sms/").status_code == 404


@pytest.mark.parametrize("kind", ["person", "unit", "officer"])
def test_every_entry_offers_both_ways_and_the_recovery(client: Client, kind: str) -> None:
    for page in (client.get(f"/sign-in/{kind}/").text, client.get(page_of(kind)).text):
        assert "普通登录" in page
        assert "短信登录" in page
    assert f"/sign-in/forgotten/?kind={kind}" in client.get(f"/sign-in/{kind}/").text


def test_one_address_types_thirty_codes_in_ten_minutes() -> None:
    user = user_of("person")
    with time_machine.travel(time.time(), tick=False) as machine:
        for _try in range(30):
            enter(Client(), phone_number(1), "000000")
        client = Client()
        code = proved(client, user.phone, CodePurpose.SIGN_IN)

        assert "请10分钟后再试" in enter(client, user.phone, code).text
        assert SmsCode.objects.latest("pk").tries == 0
        machine.shift(timedelta(minutes=4))
        elsewhere = Client(REMOTE_ADDR="10.9.8.7")
        assert "验证码错误" in enter(elsewhere, user.phone, "000000").text
        machine.shift(timedelta(minutes=7))
        code = proved(client, user.phone, CodePurpose.SIGN_IN)
        assert enter(client, user.phone, code).status_code == 302


def test_right_codes_do_not_use_up_the_tries_of_an_office() -> None:
    user = user_of("person")
    for _try in range(31):
        client = Client()
        assert enter(client, user.phone, proved(client, user.phone, CodePurpose.SIGN_IN)).status_code == 302


def test_stranger_does_not_fill_the_log_of_whose_number_it_is(client: Client) -> None:
    user = user_of("person")
    enter(Client(), user.phone, "000000")
    assert not SignIn.objects.exists()
    code = proved(client, user.phone, CodePurpose.SIGN_IN)

    for _try in range(7):
        enter(client, user.phone, "000000" if code != "000000" else "111111")

    assert [row.outcome for row in SignIn.objects.of(user.pk)] == ["wrong"] * 5


@pytest.mark.parametrize("page", ["/sign-in/person/sms/", "/sign-in/forgotten/", "/register/unit/form/"])
def test_portal_without_text_messages_says_where_to_go(client: Client, settings: Any, page: str) -> None:
    settings.SMS_GATEWAY = ""
    user = user_of("person")
    client.post("/register/unit/")
    who = {"kind": "person", "account": user.username, "name": user.name, "phone": user.phone}

    answers = [client.post(page, who | {"phone": phone, "send_code": "code"}) for phone in (user.phone, "13900000001")]

    assert ["请携带有效身份证件到服务窗口办理" in answer.text for answer in answers] == [True, True]
    assert not SmsCode.objects.exists()


def test_account_closed_at_that_moment_is_written_once_and_the_code_is_used(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = user_of("person")
    code = proved(client, user.phone, CodePurpose.SIGN_IN)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    monkeypatch.setattr("accounts.forms.sign_in_sms.holder_of", lambda _phone: user)

    response = enter(client, user.phone, code)

    assert "该账号已注销" in response.text
    assert list(SignIn.objects.of(user.pk).values_list("outcome", flat=True)) == ["inactive"]
    assert SmsCode.objects.get().used_at is not None
