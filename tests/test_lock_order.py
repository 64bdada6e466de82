"""Submissions beside the erasure of their account, on a real PostgreSQL: one order of locks (docs/decisions/0012)."""

import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.utils.module_loading import import_string

from accounts.models import DataRequest, Person, User
from accounts.services import data_requests, erasing
from accounts.services.closing import lock_units_kept_by
from accounts.services.data_requests import answer
from subsidies.services.submission import submit_application
from talent.enums import ChangeKind
from talent.models import Card
from talent.services.card_expiry import expire_cards
from talent.services.change import submit_change
from talent.services.request import submit_request
from talent.services.submission import submit_card_application
from talent.wallet_messages import warn_of_papers
from tests.accounts.factories import UserFactory
from tests.subsidies.factories import actor_of, make_submittable_application
from tests.talent.card_factories import card_actor_of, make_submittable_card_application
from tests.talent.cards import holder_actor, holder_of, make_card
from tests.talent.change_factories import make_change
from tests.talent.test_services_by_card import make_request
from tests.talent.test_wallet_warnings import keep
from tests.workflow.test_act_races import run_until_blocked
from workflow import clock
from workflow.models import Case
from workflow.services import Refused

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

Deed = Callable[[], object]
# The deed, whose account it is, and what locks the person once the case is locked.
Filing = tuple[Deed, User, str]


def rent() -> Filing:
    draft = make_submittable_application()
    deed = lambda: submit_application(draft, actor_of(draft), token=uuid.uuid4(), pledged=True)  # noqa: E731
    return deed, draft.case.applicant, "subsidies.services.submission.lock_persons"


def card() -> Filing:
    draft = make_submittable_card_application()
    deed = lambda: submit_card_application(draft, card_actor_of(draft), token=uuid.uuid4(), pledged=True)  # noqa: E731
    return deed, draft.case.applicant, "talent.services.submission.lock_papers"


def change() -> Filing:
    draft = make_change(ChangeKind.RENEW)
    deed = lambda: submit_change(draft, holder_actor(draft.card), token=uuid.uuid4(), pledged=True)  # noqa: E731
    return deed, draft.case.applicant, "talent.services.change.lock_papers"


def request() -> Filing:
    draft = make_request()
    deed = lambda: submit_request(draft, holder_actor(draft.card), token=uuid.uuid4())  # noqa: E731
    return deed, draft.case.applicant, "talent.services.request.lock_papers"


def erasure_of(user: User) -> Deed:
    asked = DataRequest.objects.create(user=user, kind="deletion", asked_at=clock.now(), due_on=clock.today())
    officer = UserFactory(administrator=True)
    return lambda: answer(asked, by=officer, granted=True, words="依据第四十七条")


def person_first(users: Sequence[User]) -> None:
    """The order that erasures had."""
    for user in users:
        lock_units_kept_by(user)
        Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.person_id or 0).first()
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def race(monkeypatch: pytest.MonkeyPatch, first: Deed, midway: str, second: Deed) -> list[str]:
    """What both end with; ``second`` begins when ``first`` comes to ``midway``."""
    ends: list[str] = []
    threads: list[threading.Thread] = []

    def run(deed: Deed) -> None:
        try:
            with transaction.atomic():
                deed()
            ends.append("done")
        except Refused:
            ends.append("refused")
        except OperationalError as error:
            ends.append("deadlock" if "deadlock" in str(error) else str(error))

    real = import_string(midway)

    def then(*args: Any, **kwargs: Any) -> Any:
        if not threads:
            threads.append(run_until_blocked(lambda: run(second)))
        return real(*args, **kwargs)

    monkeypatch.setattr(midway, then)
    run(first)
    for thread in threads:
        thread.join(timeout=30)
    return sorted(ends)


@pytest.mark.parametrize("filing", [rent, card, change, request])
def test_submission_and_erasure_never_wait_for_each_other(
    filing: Callable[[], Filing], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, user, midway = filing()

    ends = race(monkeypatch, submit, midway, erasure_of(user))

    assert ends == ["done", "refused"]
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize("filing", [rent, card, change, request])
def test_control_person_before_case_is_a_deadlock(
    filing: Callable[[], Filing], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (data_requests, erasing):
        monkeypatch.setattr(module, "lock_to_erase", person_first)
    submit, user, midway = filing()

    ends = race(monkeypatch, submit, midway, erasure_of(user))

    assert "deadlock" in ends


def expiry() -> Filing:
    """A timer that locks cards and then tells their holders."""
    made = make_card()
    Card.objects.filter(pk=made.pk).update(valid_from="2020-01-01", valid_until="2020-12-31")
    return expire_cards, holder_of(made), "talent.services.card_expiry.tell_holders"


def warning() -> Filing:
    """A timer that locks papers and then tells their owners."""
    paper = keep(10)
    return warn_of_papers, paper.person.users.get(), "talent.wallet_messages._message"


@pytest.mark.parametrize("timer", [expiry, warning])
def test_timer_and_erasure_never_wait_for_each_other(
    timer: Callable[[], Filing], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, user, midway = timer()

    ends = race(monkeypatch, tell, midway, erasure_of(user))

    assert ends == ["done", "done"]
    assert not User.objects.get(pk=user.pk).is_active


def test_control_account_before_its_cards_is_a_deadlock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (data_requests, erasing):
        monkeypatch.setattr(module, "lock_to_erase", person_first)
    tell, user, midway = expiry()

    assert "deadlock" in race(monkeypatch, tell, midway, erasure_of(user))


def test_case_that_was_begun_while_the_locks_were_taken_stops_the_erasure(monkeypatch: pytest.MonkeyPatch) -> None:
    _submit, user, _midway = rent()
    begun: list[Case] = []

    def begin(keys: Sequence[int]) -> None:
        begun.append(make_change(ChangeKind.RENEW, make_card(user.person)).case)

    monkeypatch.setattr(erasing, "_lockers", [begin])

    with pytest.raises(Refused):
        erasure_of(user)()

    assert User.objects.get(pk=user.pk).is_active
