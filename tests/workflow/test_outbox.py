"""The outbox: every message at least once, the failing ones later and later, none holding up another."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from tests.workflow.toy import Town
from workflow import clock, outbox
from workflow.models import OutboxMessage
from workflow.outbox import LEASE, LONGEST_DELAY, MAX_ATTEMPTS, claim_messages, delay_after, deliver_pending


class Post:
    """Delivers, unless a message's kind stands among the broken ones."""

    def __init__(self) -> None:
        self.delivered: list[int] = []
        self.broken: set[str] = set()

    def __call__(self, message: OutboxMessage) -> None:
        if message.kind in self.broken:
            raise ConnectionError("the gateway does not answer")
        self.delivered.append(message.pk)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    monkeypatch.setattr(outbox, "_deliverers", [post])
    return post


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with time_machine.travel("2026-11-16T10:00:00+08:00", tick=False):
        yield


def message(kind: str = "case.approve") -> OutboxMessage:
    return OutboxMessage.objects.create(kind=kind, created_at=clock.now())


@pytest.mark.django_db
def test_messages_are_delivered_in_order_and_once(post: Post) -> None:
    waiting = [message(), message()]

    assert deliver_pending() == 2
    assert deliver_pending() == 0
    assert post.delivered == [one.pk for one in waiting]
    assert OutboxMessage.objects.get(pk=waiting[0].pk).delivered_at == clock.now()


def test_move_tells_the_applicant(town: Town, post: Post) -> None:
    case = town.at("county")
    deliver_pending()

    told = OutboxMessage.objects.filter(pk__in=post.delivered, case=case, recipient=town.person)
    assert [one.kind for one in told] == ["case.approve", "case.approve"]


@pytest.mark.django_db
def test_failing_message_holds_up_no_other(post: Post) -> None:
    bad, good = message("bad"), message("good")
    post.broken = {"bad"}

    assert deliver_pending() == 1

    bad.refresh_from_db()
    assert post.delivered == [good.pk]
    assert (bad.attempts, bad.error, bad.delivered_at) == (1, "ConnectionError: the gateway does not answer", None)
    assert bad.retry_at == clock.machine_now() + delay_after(1)


@pytest.mark.django_db
def test_failed_message_is_tried_again_after_its_delay(post: Post) -> None:
    bad = message("bad")
    post.broken = {"bad"}
    deliver_pending()
    post.broken = set()

    assert deliver_pending() == 0
    with time_machine.travel(clock.machine_now() + delay_after(1), tick=False):
        assert deliver_pending() == 1
    assert post.delivered == [bad.pk]


@pytest.mark.django_db
def test_hopeless_message_waits_for_a_person(post: Post) -> None:
    OutboxMessage.objects.create(kind="bad", created_at=clock.now(), attempts=MAX_ATTEMPTS)

    assert deliver_pending() == 0
    assert post.delivered == []


@pytest.mark.django_db
def test_message_of_a_dead_worker_is_delivered_by_another(post: Post) -> None:
    lost = message()
    claim_messages()

    assert deliver_pending() == 0
    with time_machine.travel(clock.machine_now() + LEASE, tick=False):
        assert deliver_pending() == 1
    assert post.delivered == [lost.pk]


def test_delays_double_up_to_an_hour() -> None:
    delays = [delay_after(attempt) for attempt in range(1, MAX_ATTEMPTS + 1)]

    assert delays[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert max(delays) == LONGEST_DELAY


# SQLite has one writer at a time: this is about two.
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same_message() -> None:
    for _number in range(200):
        message()
    claims: list[int] = []

    def claim() -> None:
        while claimed := claim_messages():
            claims.extend(one.pk for one in claimed)
        connection.close()

    threads = [threading.Thread(target=claim) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claims) == sorted(OutboxMessage.objects.values_list("pk", flat=True))
