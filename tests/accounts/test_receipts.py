"""What the provider reports: counted once; forged reports change nothing and are refused."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from accounts.enums import SendState
from accounts.models import TextMessage
from accounts.services.texts import queue_text

pytestmark = pytest.mark.django_db

TOKEN = "t" * 40
PHONE = "13912345678"


@pytest.fixture
def message(settings) -> TextMessage:
    settings.SMS_CALLBACK_TOKEN = TOKEN
    facts = {"label": "补助", "number": "A1", "status": "待公示"}
    sent = queue_text(phone=PHONE, template="case.submit", params=facts)
    TextMessage.objects.filter(pk=sent.pk).update(state=SendState.SENT, provider_id="biz-1", tries=1)
    return sent


def report(message: TextMessage, **changes: Any) -> dict[str, Any]:
    return {
        "phone_number": PHONE,
        "send_time": "2026-11-21 10:00:00",
        "report_time": "2026-11-21 10:00:05",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": "biz-1",
        "out_id": str(message.key),
    } | changes


def push(body: Any, token: str = TOKEN) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(f"/sms/receipts/{token}/", data, content_type="application/json")


def state_of(message: TextMessage) -> str:
    message.refresh_from_db()
    return message.state


def test_delivery_is_recorded_and_the_facts_are_forgotten(message) -> None:
    answer = push([report(message)])

    assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "OK"})
    assert (state_of(message), message.answer, message.params) == (SendState.DELIVERED, "DELIVERED", None)
    assert message.delivered_at is not None


def test_failure_is_recorded_with_its_code(message) -> None:
    push([report(message, success=False, err_code="MK:0001")])

    assert (state_of(message), message.answer) == (SendState.FAILED, "MK:0001")


def test_repeated_report_is_taken_and_changes_nothing(message) -> None:
    push([report(message)])
    message.refresh_from_db()
    first = message.delivered_at

    answers = [push([report(message)]), push([report(message, success=False, err_code="MK:0001")])]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (state_of(message), message.delivered_at) == (SendState.DELIVERED, first)


def test_phone_with_stars_is_the_same_phone(message) -> None:
    push([report(message, phone_number="139****5678")])

    assert state_of(message) == SendState.DELIVERED


@pytest.mark.parametrize(
    "forged",
    [
        {"biz_id": "biz-2", "out_id": ""},
        {"phone_number": "13900000000"},
        {"out_id": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_forged_report_is_refused_and_logged_without_its_phone(message, forged, caplog) -> None:
    answer = push([report(message, **forged)])

    assert answer.status_code == 403
    assert state_of(message) == SendState.SENT
    assert "belong to no message" in caplog.text
    assert TOKEN not in caplog.text
    assert PHONE not in caplog.text


def test_good_reports_beside_a_forged_one_are_taken(message) -> None:
    answer = push([report(message, biz_id="biz-2", out_id=""), report(message)])

    assert (answer.status_code, state_of(message)) == (403, SendState.DELIVERED)


@pytest.mark.parametrize("token", ["wrong", TOKEN + "t", TOKEN[:-1]])
def test_wrong_secret_is_refused_and_logged_without_it(message, token, caplog) -> None:
    caplog.set_level(logging.INFO, "accounts")
    answer = push([report(message)], token)

    assert (answer.status_code, state_of(message)) == (403, SendState.SENT)
    assert "wrong secret" in caplog.text
    assert token not in caplog.text.replace("wrong secret", "")


def test_without_a_secret_in_the_settings_nobody_reports(message, settings) -> None:
    settings.SMS_CALLBACK_TOKEN = ""

    assert push([report(message)], "x").status_code == 403
    assert state_of(message) == SendState.SENT


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", {}, [], [1], [{}], [{"success": "true", "biz_id": "b"}], [{"success": True, "biz_id": ""}],
     [{"success": True, "biz_id": 7}], "text"],
)  # fmt: skip
def test_what_is_no_report_is_refused(message, body) -> None:
    assert push(body).status_code == 400
    assert state_of(message) == SendState.SENT


def test_report_that_is_faster_than_the_answer_is_taken_by_our_own_key(message) -> None:
    TextMessage.objects.filter(pk=message.pk).update(state=SendState.QUEUED, provider_id="", tries=1)

    answer = push([report(message)])

    assert (answer.status_code, state_of(message), message.provider_id) == (200, SendState.DELIVERED, "biz-1")


def test_report_of_a_message_that_never_left_is_forged(message) -> None:
    TextMessage.objects.filter(pk=message.pk).update(state=SendState.QUEUED, provider_id="", tries=0)

    assert push([report(message)]).status_code == 403
    assert state_of(message) == SendState.QUEUED


def test_reports_are_posted_only(message) -> None:
    assert Client().get(f"/sms/receipts/{TOKEN}/").status_code == 405
