"""Many requests for one code at the same moment, on a real PostgreSQL."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import SmsCode, TextMessage, User
from accounts.services import codes
from accounts.services.codes import CodeRefused, Visitor, check_code, send_code, using
from tests.accounts.factories import PersonFactory, phone_number
from tests.accounts.filling import proved

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

TIMES = 50


def together(times: int, work: Callable[[int], object]) -> list[object]:
    """What each call answers; all begin at one signal. A refusal answers None."""
    start, answers = threading.Barrier(times), []

    def run(n: int) -> None:
        start.wait()
        try:
            answers.append(work(n))
        except CodeRefused:
            answers.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def person() -> User:
    return PersonFactory().users.get()


def send(n: int) -> object:
    return send_code(phone_number(1), CodePurpose.SIGN_IN, visitor=Visitor(f"browser-{n}", f"203.0.113.{n}"))


def test_fifty_requests_at_once_send_one_code() -> None:
    answers = together(TIMES, send)

    assert len(answers) == TIMES
    assert len([answer for answer in answers if answer is not None]) == 1
    assert (SmsCode.objects.count(), TextMessage.objects.count()) == (1, 1)


def test_without_the_gate_they_would_send_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above sees what the gate prevents."""
    monkeypatch.setattr(codes, "pass_gates", lambda keys, now: None)

    together(TIMES, send)

    assert TextMessage.objects.count() > 1


def test_fifty_phones_at_once_from_one_address_keep_to_its_limit(settings: object) -> None:
    settings.SMS_CODES_PER_ADDRESS_HOUR = 5  # type: ignore[attr-defined]

    together(TIMES, lambda n: send_code(phone_number(n), CodePurpose.SIGN_IN, visitor=Visitor(f"b{n}", "203.0.113.7")))

    assert TextMessage.objects.count() == 5


def test_one_code_is_used_once_by_twenty_at_once(person: User) -> None:
    client = Client()
    code = proved(client, person.phone, CodePurpose.SIGN_IN)
    visitor = Visitor(client.session["browser"], "127.0.0.1")

    def use(n: int) -> str:
        with using(check_code(person.phone, CodePurpose.SIGN_IN, code, visitor=visitor)):
            return "used"

    answers = together(20, use)

    assert answers.count("used") == 1
    assert len(answers) == 20


def test_parallel_guesses_are_all_counted(person: User) -> None:
    client = Client()
    code = proved(client, person.phone, CodePurpose.SIGN_IN)
    visitor = Visitor(client.session["browser"], "127.0.0.1")
    guesses = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 31)]

    together(30, lambda n: check_code(person.phone, CodePurpose.SIGN_IN, guesses[n], visitor=visitor))

    with pytest.raises(CodeRefused):
        check_code(person.phone, CodePurpose.SIGN_IN, code, visitor=visitor)
    assert SmsCode.objects.get().tries == SmsCode.TRIES
