"""Verifiers: what they answer, and that a register that behaves badly has answered nothing."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.two_element import TwoElementVerifier
from accounts.verifiers import DemoVerifier, PersonClaim, Unavailable, UnitClaim, Verdict, verifier
from tests.accounts.factories import credit_code, id_number
from tests.accounts.verifier_server import APP_ID, SECRET, Answer, Register, register_running, said

PERSON = PersonClaim("李晓雨", "01", id_number(1))
UNIT = UnitClaim("沧州测试有限公司", credit_code(1), "王建国", "01", id_number(2))


@pytest.fixture
def register(settings: Any) -> Iterator[Register]:
    with register_running() as running:
        settings.REAL_NAME_ENDPOINT = running.address
        settings.REAL_NAME_APP_ID, settings.REAL_NAME_SECRET = APP_ID, SECRET
        yield running


def quick(**options: Any) -> TwoElementVerifier:
    return TwoElementVerifier(**{"connect": 0.5, "read": 0.3, "deadline": 2, "pauses": (0.01, 0.02)} | options)


@pytest.mark.parametrize(("result", "agrees"), [("agree", True), ("disagree", False)])
def test_register_agrees_or_disagrees(register: Register, result: str, agrees: bool) -> None:
    register.answers = [said(result)]

    verdict = quick().check(PERSON)

    assert verdict == Verdict(agrees, "S-1")
    assert register.forged == 0
    assert register.questions == [
        {"kind": "person", "name": "李晓雨", "document_kind": "01", "number": PERSON.number},
    ]


def test_legal_person_is_asked_with_whoever_represents_it(register: Register) -> None:
    quick().check(UNIT)

    assert register.questions[0] == {
        "kind": "legal_person",
        "name": UNIT.name,
        "uscc": UNIT.uscc,
        "principal": "王建国",
        "principal_document_kind": "01",
        "principal_number": UNIT.principal_number,
    }


def test_other_documents_are_not_asked_about() -> None:
    assert quick().takes(PERSON)
    assert quick().takes(UNIT)
    assert not quick().takes(PersonClaim("SMITH JOHN", "06", "E12345678"))
    assert not quick().takes(UnitClaim("某公司", UNIT.uscc, "SMITH JOHN", "06", "E12345678"))


@pytest.mark.parametrize(
    "bad",
    [Answer(status=500), Answer(status=503), Answer(status=429), Answer(pause=0.5)],
    ids=["500", "503", "429", "time-out"],
)
def test_passing_trouble_is_tried_again(register: Register, bad: Answer) -> None:
    register.answers = [bad, bad, said("disagree")]

    verdict = quick().check(PERSON)

    assert verdict.agrees is False
    assert len(set(register.nonces)) == 3


def test_after_three_tries_nobody_has_said_anything(register: Register) -> None:
    register.answers = [Answer(status=500)] * 4

    with pytest.raises(Unavailable, match="HTTP 500"):
        quick().check(PERSON)

    assert len(register.questions) == 3


@pytest.mark.parametrize(
    "bad",
    [
        Answer(body=b"<html>gateway</html>"),
        Answer(body=b""),
        Answer(body=b"[]"),
        said("maybe"),
        said("AGREE"),
        Answer(body=b'{"result": true}'),
        Answer(signature="0" * 64),
        Answer(signature=""),
        Answer(signature="ä"),
        Answer(nonce="f" * 32),
        Answer(status=400),
        Answer(status=201),
    ],
)
def test_what_cannot_be_trusted_or_read_is_no_answer(register: Register, bad: Answer) -> None:
    """Not even a "disagree": and it is not asked again, for nothing would change."""
    register.answers = [bad, said("agree")]

    with pytest.raises(Unavailable):
        quick().check(PERSON)

    assert len(register.questions) == 1


def test_redirects_are_not_followed(register: Register) -> None:
    register.answers = [Answer(status=302, headers={"location": "/elsewhere"})]

    with pytest.raises(Unavailable, match="HTTP 302"):
        quick().check(PERSON)

    assert [question for question in register.questions if "followed" in question] == []


def test_an_answer_that_drips_ends_with_the_deadline(register: Register) -> None:
    """Each byte comes in time, the answer as a whole does not."""
    register.answers = [Answer(body=b" " * 400, drip=0.05)] * 3
    began = time.monotonic()

    with pytest.raises(Unavailable):
        quick(deadline=1).check(PERSON)

    assert time.monotonic() - began < 3


def test_endless_answer_is_cut(register: Register) -> None:
    register.answers = [Answer(body=b" " * 200_000)]

    with pytest.raises(Unavailable):
        quick().check(PERSON)


def test_nobody_there_is_unavailable(settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.REAL_NAME_ENDPOINT = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        settings.REAL_NAME_SECRET = SECRET

        with pytest.raises(Unavailable, match="ConnectionError"):
            quick().check(PERSON)


def test_neither_log_nor_error_repeats_the_person(register: Register, caplog: pytest.LogCaptureFixture) -> None:
    register.answers = [Answer(status=500)] * 3

    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable) as refused:
        quick().check(PERSON)

    said_by_us = [r.getMessage() for r in caplog.records if r.name.startswith("accounts")] + [str(refused.value)]
    assert [text for text in said_by_us if PERSON.number in text or PERSON.name in text] == []


def test_demo_agrees_with_right_check_characters_and_shows_the_other_answers() -> None:
    demo = DemoVerifier()

    assert demo.check(PERSON).agrees
    assert demo.check(UNIT).agrees
    assert not demo.check(PersonClaim("李晓雨", "01", "130902199001010043")).agrees
    assert not demo.check(UnitClaim("演示", "91130902MA0FA1LE0G", "王建国", "01", id_number(2))).agrees
    assert not demo.check(PersonClaim("李晓雨", "01", PERSON.number[:17] + "?")).agrees
    assert not demo.check(UnitClaim("演示", UNIT.uscc, "王建国", "01", "130902199903070016")).agrees
    with pytest.raises(Unavailable):
        demo.check(PersonClaim("李晓雨", "01", "130902199001010019"))


def test_demo_says_which_numbers_do_what() -> None:
    notice = str(DemoVerifier.notice)

    assert [number for number in (*DemoVerifier.disagreeing, DemoVerifier.silent) if number not in notice] == []


def test_nothing_configured_is_no_verifier(settings: Any) -> None:
    settings.REAL_NAME_VERIFIER = ""
    assert verifier() is None

    settings.REAL_NAME_VERIFIER = "accounts.two_element.TwoElementVerifier"
    assert isinstance(verifier(), TwoElementVerifier)


def test_question_is_json_in_utf_8(register: Register) -> None:
    quick().check(PERSON)

    assert "李晓雨" in json.dumps(register.questions[0], ensure_ascii=False)
