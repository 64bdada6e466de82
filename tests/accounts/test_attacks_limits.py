"""Attacks by numbers: many messages, many guesses, many addresses; and all of it while the cache is away."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import TextMessage, User
from accounts.services.limits import take
from tests.accounts.factories import (
    OfficerFactory,
    PersonFactory,
    UnitFactory,
)
from tests.accounts.filling import CAPTCHA, proved
from tests.accounts.signing import SECOND, add_app, code, sign_in
from workflow.views.progress import TRIES

pytestmark = pytest.mark.django_db

# Of a quarter of an hour, the time of a lock.
ROUNDS = 16
# All doors that send a code to a phone that nobody has proved yet; what else they need is filled in by the test.
SENDERS = ["/sign-in/person/sms/", "/sign-in/unit/sms/", "/sign-in/officer/sms/", "/sign-in/forgotten/"]


@contextmanager
def later(seconds: float) -> Iterator[None]:
    with time_machine.travel(time.time() + seconds, tick=False):
        yield


@pytest.fixture
def person() -> User:
    return PersonFactory(unit=UnitFactory()).users.get()


def ask_for_code(address: str, user: User, client: Client | None = None) -> Any:
    form = {"phone": user.phone, "send_code": "code", "kind": "person", "account": user.username, "name": user.name}
    passwords = dict.fromkeys(("password", "password_again"), "Bohai-2027")
    return (client or Client()).post(address, form | passwords | CAPTCHA)


def sent_to(user: User) -> int:
    return TextMessage.objects.filter(template="code", user=user).count()


def test_doors_and_browsers_together_bomb_one_phone_with_one_message_a_minute(person: User) -> None:
    now = time.time()
    for second in range(60):
        with time_machine.travel(now + second, tick=False):
            ask_for_code(SENDERS[second % len(SENDERS)], person)

    assert sent_to(person) == 1
    with time_machine.travel(now + 61, tick=False):
        ask_for_code(SENDERS[0], person)
    assert sent_to(person) == 2


@pytest.mark.parametrize(("times", "pause", "most"), [(30, 119, 5), (96, 899, 10)])
def test_phone_gets_five_messages_an_hour_and_ten_a_day(person: User, times: int, pause: int, most: int) -> None:
    now = time.time()
    for n in range(times):
        with time_machine.travel(now + pause * n, tick=False):
            ask_for_code(SENDERS[n % len(SENDERS)], person, Client(REMOTE_ADDR=f"10.{n % 250}.0.1"))

    assert sent_to(person) == most


def test_many_phones_from_one_address_stop_at_its_limit(settings: Any) -> None:
    settings.SMS_CODES_PER_ADDRESS_HOUR = 5
    people = [PersonFactory().users.get() for _n in range(8)]

    answers = [ask_for_code(SENDERS[n % 2 * 3], user).text for n, user in enumerate(people)]

    assert [sent_to(user) for user in people] == [1] * 5 + [0] * 3
    assert "发送过于频繁" in answers[-1]


def guess(client: Client, user: User, digits: str) -> Any:
    return client.post("/sign-in/person/sms/", {"phone": user.phone, "code": digits})


def test_code_is_not_guessed(client: Client, person: User) -> None:
    right = proved(client, person.phone, CodePurpose.SIGN_IN)
    wrong = [f"{n:06d}" for n in range(10) if f"{n:06d}" != right]

    for digits in wrong[:5]:
        assert guess(client, person, digits).status_code == 200

    assert guess(client, person, right).status_code == 200
    assert "_auth_user_id" not in client.session


def test_four_wrong_guesses_leave_the_right_one_good(client: Client, person: User) -> None:
    """The control."""
    right = proved(client, person.phone, CodePurpose.SIGN_IN)
    for digits in [f"{n:06d}" for n in range(10) if f"{n:06d}" != right][:4]:
        guess(client, person, digits)

    assert guess(client, person, right).status_code == 302


@pytest.mark.parametrize(
    "purpose", [CodePurpose.RESET, CodePurpose.REGISTER, CodePurpose.OLD_PHONE, CodePurpose.NEW_PHONE]
)
def test_code_of_another_purpose_signs_nobody_in(client: Client, person: User, purpose: CodePurpose) -> None:
    assert guess(client, person, proved(client, person.phone, purpose)).status_code == 200
    assert "_auth_user_id" not in client.session


def test_code_in_another_browser_or_too_late_or_again_signs_nobody_in(client: Client, person: User) -> None:
    right = proved(client, person.phone, CodePurpose.SIGN_IN)
    assert guess(Client(), person, right).status_code == 200
    assert guess(client, person, right).status_code == 302
    client.post("/sign-out/")
    assert guess(client, person, right).status_code == 200

    late = proved(client, person.phone, CodePurpose.SIGN_IN)
    with later(301):
        assert guess(client, person, late).status_code == 200
    assert "_auth_user_id" not in client.session


def test_stuffing_for_hours_never_shuts_out_whose_account_it_is(person: User) -> None:
    """Passwords are tried for hours from ever new addresses; the owner still has three ways in."""
    known = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(known, person)
    known.post("/sign-out/")
    now, tried = time.time(), 0
    for round_ in range(ROUNDS):
        with time_machine.travel(now + 900 * round_ + 1, tick=False):
            for n in range(7):
                bot = Client(REMOTE_ADDR=f"10.{round_}.{n}.1")
                tried += "用户名或密码错误" in sign_in(bot, person, password=f"Guess-{n}").text

    with time_machine.travel(now + 900 * ROUNDS - 5, tick=False):
        stranger = Client(REMOTE_ADDR="192.0.2.8")
        assert sign_in(stranger, person).status_code == 200, "the lock holds"
        assert sign_in(known, person).status_code == 302, "the owner's own browser"
        by_code = Client(REMOTE_ADDR="192.0.2.9")
        right = proved(by_code, person.phone, CodePurpose.SIGN_IN)
        assert guess(by_code, person, right).status_code == 302, "a code by text message"
    with time_machine.travel(now + 900 * (ROUNDS + 1) + 10, tick=False):
        assert sign_in(Client(REMOTE_ADDR="192.0.2.10"), person).status_code == 302, "a quarter of an hour later"
    assert tried <= ROUNDS * 5


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_forwarded_addresses_of_the_visitor_s_own_are_not_believed(settings: Any, proxies: int) -> None:
    settings.TRUSTED_PROXIES = proxies
    settings.SMS_CODES_PER_ADDRESS_HOUR = 3
    people = [PersonFactory().users.get() for _n in range(5)]

    for n, user in enumerate(people):
        ours = ", 10.0.0.5" * proxies
        client = Client(headers={"X-Forwarded-For": f"203.0.113.{n}{ours}", "X-Real-IP": f"203.0.113.{n}"})
        ask_for_code(SENDERS[0], user, client)

    assert [sent_to(user) for user in people] == [1, 1, 1, 0, 0]


class BrokenCache(LocMemCache):
    """What a cache does whose server is gone."""

    def _gone(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("The cache is away.")

    get = set = add = incr = decr = delete = get_many = set_many = touch = has_key = _gone


@pytest.fixture
def no_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.BrokenCache"}}
    with pytest.raises(ConnectionError):
        cache.get("anything")


@pytest.mark.usefixtures("no_cache")
def test_limits_hold_while_the_cache_is_away(client: Client, person: User) -> None:
    for _try in range(5):
        assert sign_in(client, person, password="Wrong-2026").status_code == 200
    assert "请 15 分钟后再试" in sign_in(client, person).text

    assert [ask_for_code(SENDERS[0], person).status_code for _try in range(2)] == [200, 200]
    assert sent_to(person) == 1

    asked = {"number": "X", "tail": "123456"}
    assert [client.post("/progress/", asked).status_code for _try in range(TRIES + 1)] == [200] * TRIES + [429]


@pytest.mark.usefixtures("no_cache")
def test_people_come_in_while_the_cache_is_away(client: Client) -> None:
    officer = OfficerFactory()
    secret = add_app(officer)
    assert sign_in(client, officer).url == SECOND
    for _try in range(2):
        client.post(SECOND, {"code": "000000"})

    assert client.post(SECOND, {"code": code(secret)}).url == "/home/"
    assert client.get("/home/").status_code == 200
    client.post("/sign-out/")
    sign_in(client, officer)
    assert client.post(SECOND, {"code": code(secret)}).status_code == 200, "a code is good once without a cache too"


def test_count_of_one_thing_is_not_used_up_by_another() -> None:
    assert all(take(kind, "10.0.0.1", tries=1, seconds=60) for kind in ("progress", "objection", "sign_in_address"))
