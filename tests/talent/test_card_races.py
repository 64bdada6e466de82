"""Cards that are issued, lost and handed out at the same moment, on a real PostgreSQL."""

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, transaction

from talent import change_effects
from talent.enums import ChangeKind
from talent.models import Card, CardEvent, CardPrint, HandOut, SigningKey
from talent.services import issuing
from talent.services.card_prints import hand_out, make_run, print_again
from talent.services.cards import cancel_card, report_loss
from talent.services.issuing import issue_cards
from talent.services.signing import signing_key
from tests.talent.cards import approved_application, holder_actor, make_card, officer_actor
from tests.talent.change_factories import approve, decider_of, file_change, make_change
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import Action, Role
from workflow.models import NumberCounter
from workflow.services import Seen, perform

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
HANDS = 6


def together(*tasks: Callable[[], Any]) -> list[str]:
    """The outcome of each task, all begun at one signal: "", or the name of what was raised."""
    start, outcomes = threading.Barrier(len(tasks)), []

    def work(task: Callable[[], Any]) -> None:
        try:
            start.wait()
            task()
            outcomes.append("")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def issue(case: Any, *, fails: bool = False) -> None:
    with transaction.atomic():
        issue_cards([case], SYSTEM, at=clock.now())
        transaction.set_rollback(fails)


def issue_together() -> list[str]:
    cases = [approved_application(level="A").case for _ in range(HANDS)]
    tasks = [lambda case=case, fails=place % 3 == 2: issue(case, fails=fails) for place, case in enumerate(cases)]
    return together(*tasks)


def sequences() -> list[int]:
    return sorted(int(number[-5:]) for number in Card.objects.values_list("number", flat=True))


def test_numbers_have_neither_gaps_nor_doubles_where_many_are_issued_at_once() -> None:
    """Every third transaction is rolled back, and its number goes to another."""
    outcomes = issue_together()

    assert outcomes == [""] * HANDS
    assert sequences() == list(range(1, HANDS - HANDS // 3 + 1))


def test_control_a_number_read_before_it_is_written_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lock of the counter is for: without it the same number is given to several, and the table refuses."""
    met = threading.Barrier(HANDS)

    def read_then_write(_model: Any, _key: str, _counter: str, wanted: dict[str, int]) -> dict[str, int]:
        last = {prefix: NumberCounter.objects.filter(prefix=prefix).values_list("last", flat=True).first() or 0
                for prefix in wanted}  # fmt: skip
        met.wait()
        for prefix, count in wanted.items():
            NumberCounter.objects.update_or_create(prefix=prefix, defaults={"last": last[prefix] + count})
        return {prefix: last[prefix] + count for prefix, count in wanted.items()}

    monkeypatch.setattr(issuing, "count_up", read_then_write)

    assert "IntegrityError" in issue_together()


def test_two_presses_issue_one_card_of_one_case() -> None:
    case = approved_application().case

    outcomes = together(lambda: issue(case), lambda: issue(case))

    assert outcomes == ["", "IntegrityError"]
    assert Card.objects.count() == 1


def test_loss_reported_twice_at_once_is_recorded_once() -> None:
    card = make_card()
    holder = holder_actor(card)

    outcomes = together(*[lambda: report_loss(card, actor=holder)] * 3)

    assert outcomes == ["", "Refused", "Refused"]
    assert CardEvent.objects.filter(kind="lost").count() == 1


def printed_card(actor: Actor) -> Card:
    card = make_card()
    with transaction.atomic():
        make_run([card], actor, at=clock.now(), token=uuid.uuid4())
    return card


def test_card_is_handed_out_once() -> None:
    actor = officer_actor()
    card = printed_card(actor)
    facts = {"recipient": card.name, "is_holder": True, "recipient_number": "", "received_on": clock.today()}

    outcomes = together(*[lambda: hand_out(card, actor=actor, **facts)] * 3)

    assert outcomes == ["", "Refused", "Refused"]
    assert HandOut.objects.count() == 1


def test_reprints_at_once_are_all_counted() -> None:
    actor = officer_actor()
    card = printed_card(actor)
    tasks: Sequence[Callable[[], Any]] = [
        lambda: print_again([card], reason="打印不清", actor=actor, token=uuid.uuid4()) for _ in range(3)
    ]

    assert together(*tasks) == [""] * 3
    assert sorted(CardPrint.objects.values_list("copy", flat=True)) == [1, 2, 3, 4]


def test_first_key_is_made_once() -> None:
    SigningKey.objects.all().delete()

    assert together(*[signing_key] * HANDS) == [""] * HANDS
    assert SigningKey.objects.count() == 1


def test_same_press_prints_once() -> None:
    actor, token = officer_actor(), uuid.uuid4()
    card = printed_card(actor)

    outcomes = together(*[lambda: print_again([card], reason="打印不清", actor=actor, token=token)] * 3)

    assert outcomes == [""] * 3
    assert sorted(CardPrint.objects.values_list("copy", flat=True)) == [1, 2]


def cancel_while_renewing(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Card]:
    """The city cancels a card between the question whether it may be renewed and its renewal."""
    case = approve(approve(file_change(make_change(ChangeKind.RENEW))))
    decider, canceller, asked = decider_of(case), officer_actor(Role.LEADER), threading.Event()
    why_closed = change_effects.why_closed

    def ask(*facts: Any) -> Any:
        answer = why_closed(*facts)
        asked.set()
        time.sleep(0.7)
        return answer

    def cancel() -> None:
        assert asked.wait(20)
        cancel_card(Card.objects.get(), reason="不再符合条件", actor=canceller)

    monkeypatch.setattr(change_effects, "why_closed", ask)
    outcomes = together(lambda: perform(Action.APPROVE, [Seen(case.pk, case.revision)], decider), cancel)
    return outcomes, Card.objects.get()


def test_card_is_cancelled_before_or_after_its_renewal_and_never_between(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes, card = cancel_while_renewing(monkeypatch)

    assert outcomes == ["", ""]
    assert (card.edition, card.state) == (2, "cancelled")


def test_control_without_the_lock_the_renewal_breaks_down(monkeypatch: pytest.MonkeyPatch) -> None:
    lock_cards, calls = change_effects.lock_cards, []

    def late(keys: Any) -> Any:
        """The first call is the gate's."""
        calls.append(1)
        return {} if len(calls) == 1 else lock_cards(keys)

    monkeypatch.setattr(change_effects, "lock_cards", late)

    outcomes, card = cancel_while_renewing(monkeypatch)

    assert outcomes == ["", "Refused"]
    assert (card.edition, card.state) == (1, "cancelled")
