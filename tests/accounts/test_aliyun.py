"""The real provider's interface, against a server on this machine that behaves badly."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts import aliyun
from accounts.aliyun import canonical_query, sign
from accounts.enums import SendState
from accounts.models import MessageTemplate, TextMessage
from accounts.services.sms_sending import send_texts
from accounts.services.texts import queue_text
from tests.accounts.provider import KEY_ID, SECRET, Answer, Provider, details, ok, provider_running, refusal
from workflow import clock

PHONE = "13912345678"
PARAMS = {"code": "482913", "minutes": "5", "purpose": "登录"}
CASE = {
    "label": "大学生租房补助",
    "number": "A1",
    "status": "待公示",
    "office": "",
    "step": "",
    "result": "",
    "opinion": "",
}


@pytest.fixture
def provider(db: None, settings) -> Iterator[Provider]:
    with provider_running() as running:
        settings.SMS_GATEWAY = "accounts.aliyun.AliyunGateway"
        settings.SMS_SIGNATURE = "沧州人社"
        settings.ALIYUN_SMS_ENDPOINT = running.address
        settings.ALIYUN_SMS_KEY_ID, settings.ALIYUN_SMS_KEY_SECRET = KEY_ID, SECRET
        MessageTemplate.objects.filter(channel="sms").update(provider_code="SMS_1001")
        yield running


def queue(template: str = "case.submit") -> TextMessage:
    return queue_text(phone=PHONE, template=template, params=PARAMS if template == "code" else CASE)


def after(message: TextMessage) -> TextMessage:
    message.refresh_from_db()
    return message


def later(**delta: int) -> time_machine.travel:
    return time_machine.travel(clock.machine_now() + timedelta(**delta), tick=True)


def test_signature_is_the_one_that_the_documentation_publishes() -> None:
    """The fixed example of 《V3版本请求体&签名机制》: RunInstances, YourAccessKeyId, YourAccessKeySecret."""
    query = canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }

    signed, signature = sign("POST", "/", query, headers, "YourAccessKeySecret")

    assert signed == "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_query_is_encoded_as_rfc_3986_says() -> None:
    assert canonical_query({"b": "a b*~/", "a": "登"}) == "a=%E7%99%BB&b=a%20b%2A~%2F"


def test_message_reaches_the_provider_signed_and_with_its_template(provider: Provider) -> None:
    message = queue("code")

    assert send_texts() == 1

    assert provider.forged == 0
    (params,) = provider.sent
    assert json.loads(params.pop("TemplateParam")) == PARAMS
    assert params == {
        "PhoneNumbers": PHONE,
        "SignName": "沧州人社",
        "TemplateCode": "SMS_1001",
        "OutId": str(message.key),
    }
    sent = after(message)
    assert (sent.state, sent.provider_id, sent.tries, sent.params) == (SendState.SENT, "biz-1", 1, None)


def test_only_the_placeholders_of_the_text_are_told(provider: Provider) -> None:
    queue()

    send_texts()

    assert set(json.loads(provider.sent[0]["TemplateParam"])) == {"label", "number", "status"}


def test_template_without_a_number_fails_with_the_reason(provider: Provider) -> None:
    MessageTemplate.objects.update(provider_code="")
    message = queue()

    send_texts()

    assert (after(message).state, provider.calls) == (SendState.FAILED, [])
    assert "number" in message.answer


def test_time_out_sends_nothing_twice_where_the_provider_has_it(provider: Provider, monkeypatch) -> None:
    monkeypatch.setattr(aliyun, "TIMEOUT", (0.5, 0.3))
    message = queue()
    provider.answers = [Answer(pause=1)]
    send_texts()
    assert after(message).state == SendState.QUEUED
    assert message.unsure_since is not None
    provider.answers = [details({"OutId": "another"}, {"OutId": str(message.key), "SendStatus": 3})]

    with later(minutes=2):
        send_texts()

    assert [action for action, _params in provider.calls] == ["SendSms", "QuerySendDetails"]
    assert provider.calls[1][1]["PhoneNumber"] == PHONE
    assert (after(message).state, message.tries) == (SendState.DELIVERED, 2)


def test_time_out_is_tried_again_where_the_provider_knows_nothing(provider: Provider, monkeypatch) -> None:
    monkeypatch.setattr(aliyun, "TIMEOUT", (0.5, 0.3))
    message = queue()
    provider.answers = [Answer(pause=1)]
    send_texts()

    with later(minutes=2):
        send_texts()

    assert [action for action, _params in provider.calls] == ["SendSms", "QuerySendDetails", "SendSms"]
    # The tag is the same at every try.
    assert {params["OutId"] for params in provider.sent} == {str(message.key)}
    assert (after(message).state, message.unsure_since) == (SendState.SENT, None)


@pytest.mark.parametrize(
    "bad",
    [
        Answer(500, b"oops"),
        Answer(200, b"{not json"),
        Answer(200, b"[]"),
        Answer(200, b"\xff\xfe"),
        Answer(302, b""),
        refusal("InternalError", "", 503),
        refusal("Throttling.User", "", 400),
        refusal("isv.AMOUNT_NOT_ENOUGH", "账户余额不足"),
    ],
    ids=lambda answer: f"{answer.status}-{answer.body[:20]!r}",
)
def test_outage_holds_back_the_rest_and_is_tried_again(provider: Provider, bad: Answer) -> None:
    first, second = queue(), queue()
    provider.answers = [bad]

    send_texts()

    assert len(provider.calls) == 1
    assert [after(message).state for message in (first, second)] == [SendState.QUEUED] * 2
    assert (first.tries, second.tries) == (1, 0)
    with later(minutes=2):
        send_texts()
    assert [after(message).state for message in (first, second)] == [SendState.SENT] * 2


@pytest.mark.parametrize(
    ("said", "wait"),
    [("触发分钟级流控Permits:1", 1), ("触发小时级流控Permits:5", 60), ("触发天级流控Permits:10", 24 * 60)],
)
def test_limit_of_one_phone_waits_and_holds_back_nobody_else(provider: Provider, said: str, wait: int) -> None:
    first, second = queue(), queue()
    provider.answers = [refusal("isv.BUSINESS_LIMIT_CONTROL", said)]

    send_texts()

    assert [after(message).state for message in (first, second)] == [SendState.QUEUED, SendState.SENT]
    assert first.retry_at is not None
    assert abs(first.retry_at - clock.machine_now() - timedelta(minutes=wait)) < timedelta(seconds=20)


def test_refused_message_fails_with_the_reason_and_is_not_tried_again(provider: Provider) -> None:
    message = queue()
    provider.answers = [refusal("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号", 400)]

    send_texts()
    with later(days=2):
        send_texts()

    assert (after(message).state, message.answer) == (SendState.FAILED, "isv.MOBILE_NUMBER_ILLEGAL: 非法手机号")
    assert len(provider.calls) == 1


def test_after_the_last_try_the_message_has_failed(provider: Provider) -> None:
    message = queue()
    provider.answers = [Answer(500, b"oops")] * 40

    for hours in range(1, 12):
        with later(hours=2 * hours):
            send_texts()

    assert (after(message).state, message.tries) == (SendState.FAILED, 8)
    assert "HTTP 500" in message.answer


def test_answer_that_repeats_phone_and_code_is_masked_everywhere(provider: Provider, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    message = queue("code")
    provider.answers = [refusal("isv.X", f"{PHONE} 不能接收 482913，139 1234 5678")]

    send_texts()

    for secret in (PHONE, "482913", "1234 5678"):
        assert secret not in after(message).answer
        assert secret not in caplog.text.replace(provider.address, "")


def test_nobody_listening_is_an_outage_without_the_address_in_its_reason(provider: Provider, settings, caplog) -> None:
    caplog.set_level(logging.INFO)
    settings.ALIYUN_SMS_ENDPOINT = "http://127.0.0.1:9"
    message = queue("code")

    send_texts()

    assert after(message).state == SendState.QUEUED
    assert PHONE not in message.answer + caplog.text


def test_found_as_undelivered_fails(provider: Provider) -> None:
    message = queue()
    TextMessage.objects.filter(pk=message.pk).update(unsure_since=clock.machine_now())
    provider.answers = [details({"OutId": str(message.key), "SendStatus": 2, "ErrCode": "MK:0001"})]

    send_texts()

    assert (after(message).state, len(provider.sent)) == (SendState.FAILED, 0)


def test_details_without_rows_are_read(provider: Provider) -> None:
    message = queue()
    TextMessage.objects.filter(pk=message.pk).update(unsure_since=clock.machine_now())
    provider.answers = [ok(TotalCount=0)]

    send_texts()

    assert after(message).state == SendState.SENT
