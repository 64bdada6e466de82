"""When text messages leave: codes first, the rest outside the quiet hours and within the budget; each once."""

import threading
from datetime import datetime, time, timedelta
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from accounts.enums import SendState
from accounts.models import MessagePolicy, TextMessage
from accounts.services import sms_sending
from accounts.services.sending import forget_params, send_again
from accounts.services.sms_sending import claim_texts, send_texts
from accounts.services.texts import queue_text
from accounts.sms import ConsoleGateway, DemoGateway, Outgoing, Taken, TryLater
from workflow import clock

pytestmark = pytest.mark.django_db

PARAMS = {"code": "482913", "minutes": "5", "purpose": "登录"}
CASE = {"label": "补助", "number": "A1", "status": "待公示"}
NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Keeping(DemoGateway):
    """Takes everything and remembers the order; fails with the error that the test puts first."""

    sent: list[Outgoing] = []
    errors: list[Exception] = []

    def send(self, message: Outgoing) -> Taken:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)
        return Taken(provider_id=message.key)


@pytest.fixture
def kept(settings, monkeypatch) -> list[Outgoing]:
    settings.SMS_GATEWAY = "tests.accounts.test_sms_sending.Keeping"
    monkeypatch.setattr(Keeping, "sent", [])
    monkeypatch.setattr(Keeping, "errors", [])
    return Keeping.sent


def news(number: str = "A1", phone: str = "13900000001") -> TextMessage:
    return queue_text(phone=phone, template="case.submit", params=CASE | {"number": number})


def code(phone: str = "13900000002") -> TextMessage:
    return queue_text(phone=phone, template="code", params=PARAMS)


def policy(**rules: object) -> None:
    MessagePolicy.objects.update_or_create(pk=1, defaults=rules)


def test_codes_leave_before_everything_else(kept) -> None:
    news("A1")
    news("A2")
    code()

    send_texts()

    assert [message.text[:4] for message in kept] == ["验证码4", "您的补助", "您的补助"]


def test_what_was_sent_is_not_sent_again(kept) -> None:
    news()

    send_texts()
    send_texts()

    assert len(kept) == 1
    assert TextMessage.objects.get().state == SendState.SENT


def test_quiet_hours_keep_everything_but_codes(kept) -> None:
    policy(quiet_from="21:30", quiet_until="07:30")
    with time_machine.travel(NIGHT):
        waiting = news()
        code()

        send_texts()

        assert [message.phone for message in kept] == ["13900000002"]
        waiting.refresh_from_db()
        assert (waiting.state, waiting.tries) == (SendState.QUEUED, 0)
    with time_machine.travel(NIGHT + timedelta(hours=8, minutes=30)):
        send_texts()
        assert len(kept) == 2


@pytest.mark.parametrize(
    ("at", "is_quiet"), [("21:29", False), ("21:30", True), ("00:00", True), ("07:29", True), ("07:30", False)]
)
def test_quiet_hours_pass_midnight(at: str, is_quiet: bool) -> None:
    rules = MessagePolicy(quiet_from=time(21, 30), quiet_until=time(7, 30))

    assert rules.is_quiet(time.fromisoformat(at)) is is_quiet


def test_what_is_over_the_budget_waits_for_tomorrow_and_codes_have_a_reserve(kept) -> None:
    policy(daily_budget=4, reserve=2)
    with time_machine.travel(NIGHT.replace(hour=10)):
        for number in range(5):
            news(f"A{number}")
        send_texts()
        assert len(kept) == 2
        for number in range(3):
            code(f"1390000001{number}")
        send_texts()
        assert [message.template_code for message in kept] == [""] * 4
        assert len(kept) == 4
    with time_machine.travel(NIGHT.replace(hour=10) + timedelta(days=1)):
        send_texts()
        assert len(kept) == 6


def test_tries_of_one_message_count_once_in_the_budget(kept) -> None:
    policy(daily_budget=1, reserve=0)
    Keeping.errors.extend([TryLater("busy"), TryLater("busy")])
    news()

    with time_machine.travel(NIGHT.replace(hour=10)) as traveller:
        for _try in range(3):
            send_texts()
            traveller.shift(timedelta(minutes=10))

    assert len(kept) == 1


def test_code_that_has_expired_is_not_sent(kept) -> None:
    late = code()

    with time_machine.travel(clock.machine_now() + timedelta(minutes=5)):
        send_texts()

    late.refresh_from_db()
    assert (kept, late.state, late.answer, late.params) == ([], SendState.FAILED, "expired", None)


def test_claim_of_a_dead_worker_runs_out(kept) -> None:
    news()
    claim_texts()
    send_texts()
    assert kept == []

    with time_machine.travel(clock.machine_now() + timedelta(minutes=11)):
        send_texts()

    assert len(kept) == 1
    assert TextMessage.objects.get().tries == 2


def test_error_that_nobody_foresaw_tells_its_name_only(kept, caplog) -> None:
    Keeping.errors.append(RuntimeError("13900000001 482913"))
    message = news()

    send_texts()

    message.refresh_from_db()
    assert (message.state, message.answer) == (SendState.QUEUED, "RuntimeError")
    assert "13900000001" not in caplog.text


def test_message_without_a_fact_fails_by_name(kept) -> None:
    message = queue_text(phone="13900000001", template="case.submit", params={"label": "补助"})

    send_texts()

    message.refresh_from_db()
    assert (message.state, "number" in message.answer) == (SendState.FAILED, True)


def test_without_a_gateway_messages_wait(settings) -> None:
    settings.SMS_GATEWAY = ""
    news()

    assert send_texts() == 0

    assert TextMessage.objects.get().state == SendState.QUEUED


def test_facts_go_with_the_delivery_and_in_demo_mode_they_stay(settings) -> None:
    settings.SMS_GATEWAY = "accounts.sms.DemoGateway"
    first = code()
    send_texts()
    settings.DEMO = True
    second = code()
    send_texts()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.params, second.params) == (None, PARAMS)


def test_facts_of_old_messages_are_forgotten(kept) -> None:
    old, queued = news("A1"), news("A2")
    TextMessage.objects.filter(pk=old.pk).update(state=SendState.FAILED)
    TextMessage.objects.update(created_at=clock.now() - timedelta(days=8))

    assert forget_params(TextMessage) == 1

    assert set(TextMessage.objects.filter(params__isnull=True)) == {old}
    assert send_again(TextMessage.objects.all()) == 0
    assert queued.params is not None


def test_phone_is_stored_encrypted_and_found_by_its_hash() -> None:
    message = queue_text(phone="+86 139-0000-0001", template="code", params=PARAMS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, params FROM accounts_textmessage")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"13900000001" not in stored
    assert b"482913" not in stored
    assert (message.phone, message.phone_masked) == ("13900000001", "139****0001")
    assert TextMessage.objects.filter(phone_hash=code("13900000001").phone_hash).count() == 2


def test_console_gateway_writes_the_text(capsys) -> None:
    ConsoleGateway().send(Outgoing("k", "13900000001", "验证码482913", "通办", "", {}))

    assert capsys.readouterr().out == "SMS 13900000001: 验证码482913\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.services
def test_workers_at_once_share_the_budget_and_send_each_message_once(kept) -> None:
    policy(daily_budget=30, reserve=0)
    for number in range(60):
        news(f"A{number}")
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        sms_sending.send_texts()
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(kept) == 30
    assert len({message.key for message in kept}) == 30


@pytest.mark.services
def test_celery_sends_what_a_transaction_has_queued(worker) -> None:
    message = code()

    deadline = monotonic() + 30
    while message.state == SendState.QUEUED and monotonic() < deadline:
        sleep(0.1)
        message.refresh_from_db()

    # The worker's own settings have the demo's gateway.
    assert (message.state, message.tries, message.params) == (SendState.DELIVERED, 1, None)
