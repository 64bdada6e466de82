"""Two officers at the same moment, on a real PostgreSQL."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import CounterEvent, CounterOpening, CounterReset, CounterSheet, User
from accounts.services.accounts import Taken
from accounts.services.counter_log import CounterRefused
from accounts.services.counter_openings import open_account
from accounts.services.counter_resets import confirm_reset, end_reset
from tests.accounts.counters import Counter, asked, facts, make_counter, opened
from tests.accounts.factories import PersonFactory
from tests.accounts.test_counter_sheets import password_on

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def together(*works: Callable[[], Any]) -> list[Any]:
    """What each answered or raised, all begun at one signal."""
    start, answers = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers.append(work())
        except Exception as error:
            answers.append(error)
        connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_notice_is_printed_once_however_many_ask_at_once(counter: Counter) -> None:
    opening = opened(counter)
    address = f"/counter/sheets/{opening.sheet.token}/"
    clients = [counter.client(user) for user in (counter.first, counter.second, counter.first)]

    answers = together(*(lambda client=client: client.post(address) for client in clients))

    papers = [answer.content for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert User.objects.get(pk=opening.user_id).check_password(password_on(papers[0]))
    deeds = list(CounterEvent.objects.of_opening(opening).values_list("deed", flat=True))
    assert sorted(deeds) == ["opened", "printed", "refused", "refused"]


def test_confirmation_and_cancellation_at_once_leave_one_of_them(counter: Counter) -> None:
    person = PersonFactory()
    reset = asked(counter, person.users.get(), person.number)

    answers = together(
        lambda: confirm_reset(reset, counter.other), lambda: end_reset(reset, counter.actor, reason="申请人放弃")
    )

    state = CounterReset.objects.get().state
    assert sum(isinstance(answer, CounterRefused) for answer in answers) == 1
    assert CounterSheet.objects.filter(reset=reset).exists() is (state == "confirmed")


def test_two_requests_for_one_account_at_once_leave_one(counter: Counter) -> None:
    person = PersonFactory()
    user = person.users.get()

    answers = together(*[lambda: asked(counter, user, person.number)] * 2)

    assert CounterReset.objects.count() == 1
    assert sum(isinstance(answer, CounterRefused) for answer in answers) == 1


def test_one_of_two_openings_with_the_same_number_is_refused_with_its_reason(counter: Counter) -> None:
    first, second = facts(1), facts(2, number=facts(1).number)

    answers = together(
        *(lambda one=one: open_account(one, counter.actor, token=uuid.uuid4()) for one in (first, second))
    )

    (refused,) = (answer for answer in answers if isinstance(answer, Taken))
    assert list(refused.errors) == ["number"]
    assert CounterOpening.objects.count() == 1


def test_same_form_twice_at_once_opens_one_account(counter: Counter) -> None:
    form, token = facts(1), uuid.uuid4()
    again = facts(1)

    answers = together(*(lambda one=one: open_account(one, counter.actor, token=token) for one in (form, again)))

    assert {answer.pk for answer in answers} == {CounterOpening.objects.get().pk}
