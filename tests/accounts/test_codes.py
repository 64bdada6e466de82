"""Codes by text message: what they are bound to, how often they are sent, and how they end."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import CodePurpose
from accounts.hashes import phone_key
from accounts.models import CodeGate, SmsCode, TextMessage
from accounts.services.codes import (
    CodeExpired,
    CodeRefused,
    Visitor,
    check_code,
    needs_picture,
    network_key,
    purge_codes,
    send_code,
    using,
    words,
)
from tests.accounts.factories import PersonFactory, phone_number
from workflow import clock

pytestmark = pytest.mark.django_db

PHONE = phone_number(77)
HERE = Visitor("browser-1", "203.0.113.7")
SIGN_IN = CodePurpose.SIGN_IN


def sent_code() -> str:
    """The digits that the latest text message carries."""
    params = TextMessage.objects.filter(template="code").latest("pk").params
    assert params is not None
    return params["code"]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def judge(code: str, *, purpose: CodePurpose = SIGN_IN, visitor: Visitor = HERE, phone: str = PHONE) -> SmsCode:
    return check_code(phone, purpose, code, visitor=visitor)


def test_code_is_six_digits_and_nowhere_in_the_table_of_codes() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)

    code = sent_code()
    assert len(code) == 6
    assert code.isdigit()
    stored = str(SmsCode.objects.values_list().get())
    assert code not in stored
    assert PHONE not in stored
    assert HERE.address not in stored


def test_right_code_is_good_once() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)
    row = judge(sent_code())

    with using(row):
        pass

    with pytest.raises(CodeRefused), using(row):
        pytest.fail("used twice")
    with pytest.raises(CodeRefused):
        judge(sent_code())


def test_code_stays_good_when_what_it_was_for_fails() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)
    row = judge(sent_code())

    with pytest.raises(ZeroDivisionError), using(row):
        raise ZeroDivisionError

    assert judge(sent_code()) == row


@pytest.mark.parametrize("purpose", [purpose for purpose in CodePurpose if purpose != SIGN_IN])
def test_code_is_wrong_for_another_purpose(purpose: CodePurpose) -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)

    with pytest.raises(CodeRefused, match="验证码错误"):
        judge(sent_code(), purpose=purpose)


def test_code_is_wrong_in_another_browser_and_for_another_phone() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)

    with pytest.raises(CodeRefused, match="验证码错误"):
        judge(sent_code(), visitor=Visitor("browser-2", HERE.address))
    with pytest.raises(CodeRefused, match="验证码错误"):
        judge(sent_code(), phone=phone_number(78))
    assert judge(sent_code())


def test_five_wrong_tries_kill_the_code() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)
    code = sent_code()
    for _try in range(4):
        with pytest.raises(CodeRefused, match="验证码错误，请填写"):
            judge(wrong(code))
    with pytest.raises(CodeRefused, match="错误次数过多"):
        judge(wrong(code))

    with pytest.raises(CodeRefused, match="错误次数过多"):
        judge(code)


def test_four_wrong_tries_do_not() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)
    for _try in range(4):
        with pytest.raises(CodeRefused):
            judge(wrong(sent_code()))

    assert judge(sent_code())


def test_guesses_of_another_browser_kill_nothing() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)
    for _try in range(10):
        with pytest.raises(CodeRefused):
            judge(wrong(sent_code()), visitor=Visitor("browser-2", HERE.address))

    assert judge(sent_code())


def test_newer_code_replaces_the_older_one() -> None:
    with time_machine.travel(time.time()) as machine:
        send_code(PHONE, SIGN_IN, visitor=HERE)
        older = sent_code()
        machine.shift(timedelta(seconds=61))
        send_code(PHONE, SIGN_IN, visitor=HERE)
        if older != sent_code():
            with pytest.raises(CodeRefused):
                judge(older)
        newer = sent_code()
        assert judge(newer)
        machine.shift(timedelta(seconds=61))
        elsewhere = Visitor("browser-2", "198.51.100.1")
        send_code(PHONE, SIGN_IN, visitor=elsewhere)

        with pytest.raises(CodeRefused):
            judge(newer)
        assert judge(sent_code(), visitor=elsewhere)


def test_code_lives_five_minutes() -> None:
    with time_machine.travel(time.time(), tick=False) as machine:
        send_code(PHONE, SIGN_IN, visitor=HERE)
        machine.shift(timedelta(minutes=5) - timedelta(seconds=1))
        row = judge(sent_code())
        machine.shift(timedelta(seconds=1))

        with pytest.raises(CodeExpired):
            judge(sent_code())
        with pytest.raises(CodeRefused), using(row):
            pytest.fail("used too late")
        machine.shift(timedelta(hours=2))
        with pytest.raises(CodeRefused, match="验证码错误"):
            judge(sent_code())


def test_moved_business_date_makes_no_code_older() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)

    with clock.travelling(days=1):
        assert judge(sent_code())


def try_to_send(phone: str = PHONE, *, visitor: Visitor = HERE, purpose: CodePurpose = SIGN_IN) -> str:
    """The refusal; empty where the code was sent."""
    try:
        send_code(phone, purpose, visitor=visitor)
    except CodeRefused as refusal:
        return str(refusal)
    return ""


def test_one_phone_gets_one_code_a_minute_from_wherever_and_for_whatever() -> None:
    with time_machine.travel(time.time(), tick=False) as machine:
        assert try_to_send() == ""
        machine.shift(timedelta(seconds=40))

        assert try_to_send() == "发送过于频繁，请20秒后再试"
        assert (
            try_to_send(visitor=Visitor("b", "198.51.100.1"), purpose=CodePurpose.RESET) == "发送过于频繁，请20秒后再试"
        )
        machine.shift(timedelta(seconds=20))
        assert try_to_send() == ""


def test_one_phone_gets_five_codes_an_hour_and_ten_a_day() -> None:
    refusals = []
    with time_machine.travel(time.time(), tick=False) as machine:
        for hour in range(3):
            for _minute in range(7):
                refusals.append((hour, try_to_send()))
                machine.shift(timedelta(minutes=2))
            machine.shift(timedelta(minutes=60 - 2 * 7, seconds=1))

    assert [hour for hour, refusal in refusals if not refusal] == [0] * 5 + [1] * 5
    assert refusals[5] == (0, "发送过于频繁，请50分钟后再试")
    assert refusals[14] == (2, "发送过于频繁，请22小时后再试")
    assert TextMessage.objects.count() == 10


def test_many_phones_from_one_address_are_stopped(settings: Any) -> None:
    settings.SMS_CODES_PER_ADDRESS_HOUR = 30
    answers = [try_to_send(phone_number(n), visitor=Visitor(f"browser-{n}", "203.0.113.7")) for n in range(32)]

    assert [bool(refusal) for refusal in answers] == [False] * 30 + [True] * 2
    assert try_to_send(phone_number(99), visitor=Visitor("b", "203.0.113.8")) == ""


def test_addresses_of_one_household_count_as_one() -> None:
    assert network_key("2001:db8:1:2::1") == network_key("2001:db8:1:2:ffff::9")
    assert network_key("2001:db8:1:2::1") != network_key("2001:db8:1:3::1")
    assert network_key("::ffff:203.0.113.7") == network_key("203.0.113.7")
    assert network_key("203.0.113.7") != network_key("203.0.113.8")


def test_picture_code_comes_after_the_first_codes_of_an_hour(settings: Any) -> None:
    settings.SMS_CODES_WITHOUT_PICTURE = 3
    with time_machine.travel(time.time(), tick=False) as machine:
        due = []
        for n in range(4):
            due.append(needs_picture(HERE.address))
            try_to_send(phone_number(n))
        machine.shift(timedelta(hours=1, seconds=1))

        assert due == [False, False, False, True]
        assert not needs_picture(HERE.address)


def test_unknown_phone_is_counted_and_gets_nothing() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE, known=False)

    assert SmsCode.objects.get().phone_hash == phone_key(PHONE)
    assert not TextMessage.objects.exists()
    assert try_to_send().startswith("发送过于频繁")


def test_unknown_phone_costs_the_same_statements(django_capture_on_commit_callbacks: Any) -> None:
    counts, wakes = [], []
    for n, known in enumerate((True, False)):
        with (
            django_capture_on_commit_callbacks() as after,
            CaptureQueriesContext(
                connection,
            ) as ran,
        ):
            send_code(phone_number(n), SIGN_IN, visitor=HERE, known=known)
        counts.append([query["sql"].split()[0] for query in ran])
        wakes.append(len(after))

    kinds = [[verb for verb in verbs if verb in ("SELECT", "INSERT", "UPDATE")] for verbs in counts]
    assert kinds[0] == kinds[1]
    assert wakes == [1, 1]


def test_old_codes_are_forgotten() -> None:
    send_code(PHONE, SIGN_IN, visitor=HERE)
    with time_machine.travel(time.time() + 49 * 3600):
        send_code(PHONE, SIGN_IN, visitor=HERE)

        purged = purge_codes()

    assert purged == 1
    assert (SmsCode.objects.count(), CodeGate.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1秒"), (60, "60秒"), (119, "119秒"), (120, "2分钟"), (3601, "61分钟"), (7201, "3小时")]
)
def test_wait_is_rounded_up(seconds: float, text: str) -> None:
    assert words(timedelta(seconds=seconds)) == text


def test_limits_hold_while_the_cache_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("the cache is away")

    for name in ("get", "set", "add", "incr", "get_many"):
        monkeypatch.setattr(LocMemCache, name, away)
    form = {"phone": PersonFactory().phone, "send_code": "code"}

    answers = [client.post("/sign-in/person/sms/", form).text for _time in range(2)]

    assert ["过于频繁" in text for text in answers] == [False, True]
    assert TextMessage.objects.count() == 1


def test_forged_forwarded_address_gives_no_new_budget(settings: Any) -> None:
    settings.SMS_CODES_PER_ADDRESS_HOUR, settings.SMS_CODES_WITHOUT_PICTURE, settings.TRUSTED_PROXIES = 2, 99, 1
    answers = []
    for n in range(3):
        # The last entry is our own proxy's; what stands left of it, the visitor wrote.
        headers = {"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"}
        form = {"phone": PersonFactory().phone, "send_code": "code"}
        answers.append(Client().post("/sign-in/person/sms/", form, headers=headers).text)

    assert ["过于频繁" in text for text in answers] == [False, False, True]


def test_many_codes_from_everywhere_bring_the_picture_to_everybody(settings: Any) -> None:
    settings.SMS_CODES_OF_SITE_WITHOUT_PICTURE = 3
    with time_machine.travel(time.time(), tick=False) as machine:
        for n in range(3):
            assert not needs_picture("198.51.100.200")
            try_to_send(phone_number(n), visitor=Visitor("b", f"198.51.100.{n}"))

        assert needs_picture("198.51.100.200")
        machine.shift(timedelta(hours=1, seconds=1))
        assert not needs_picture("198.51.100.200")


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        (CodePurpose.REGISTER, "今日注册短信验证码已发完，请明天再试。"),
        (CodePurpose.NEW_PHONE, "今日更换手机号的短信验证码已发完，请明天再试。"),
    ],
)
def test_codes_to_any_phone_use_up_their_own_share_only(settings: Any, purpose: CodePurpose, said: str) -> None:
    settings.SMS_CODES_OF_REGISTRATION_DAY = 3
    with time_machine.travel(time.time(), tick=False) as machine:
        answers = [
            try_to_send(phone_number(n), visitor=Visitor("b", f"198.51.100.{n}"), purpose=purpose) for n in range(4)
        ]

        assert answers == ["", "", "", said]
        assert try_to_send(phone_number(9)) == ""
        other = {CodePurpose.REGISTER, CodePurpose.NEW_PHONE} - {purpose}
        assert try_to_send(phone_number(8), purpose=other.pop()) == ""
        machine.shift(timedelta(days=1, seconds=1))
        assert try_to_send(phone_number(10), purpose=purpose) == ""
