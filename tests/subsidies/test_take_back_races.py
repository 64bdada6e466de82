"""The take-back of a rejection beside a submission of the same person, on a real PostgreSQL: one of them stands."""

import uuid
from collections.abc import Callable, Iterable

import pytest
from django.db import transaction

from subsidies import months
from subsidies.models import MonthClaim, RentApplication
from subsidies.services.submission import submit_application
from talent.services.refusals import NotReady
from tests.subsidies.factories import (
    RentApplicationFactory,
    actor_of,
    add_required_papers,
    make_draft_case,
    make_submitted_application,
)
from tests.subsidies.test_application import county_actor, stand_before_review
from tests.talent.factories import months_ahead
from tests.workflow.test_act_races import run_until_blocked
from workflow.enums import Action
from workflow.models import Case
from workflow.services import Refused, perform_one

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

Deed = Callable[[], object]


def twenty_months_until(end: int) -> dict[str, object]:
    start = months_ahead(end - 19)
    return {
        "start": start,
        "end": months_ahead(end),
        "lease_start": start,
        "insured_from": start,
        "insured_months": 20 - end,
        "came_on": start,
    }


def take_back_and_submission() -> tuple[RentApplication, Deed, Deed]:
    """A rejected application for twenty months, and another one for the twenty before: 36 are allowed."""
    first = make_submitted_application(**twenty_months_until(-1), work__contract_start=months_ahead(-40))
    case, officer = stand_before_review(first.case), county_actor(first.case)
    perform_one(Action.REJECT, case, officer, opinion="评审不通过")
    other: RentApplication = RentApplicationFactory(
        person=first.person,
        case=make_draft_case(first.person),
        education=first.education,
        work=False,
        **twenty_months_until(-21),
    )
    add_required_papers(other)
    return (
        first,
        lambda: perform_one(Action.TAKE_BACK, Case.objects.get(pk=first.pk), officer),
        lambda: submit_application(other, actor_of(other), token=uuid.uuid4(), pledged=True),
    )


def one_beside_the_other(*deeds: Deed) -> list[bool]:
    """Whether each passed; the second begins before the transaction of the first has ended."""
    passed: list[bool] = []

    def attempt(deed: Deed) -> None:
        try:
            deed()
        except (Refused, NotReady):
            passed.append(False)
        else:
            passed.append(True)

    with transaction.atomic():
        attempt(deeds[0])
        thread = run_until_blocked(lambda: attempt(deeds[1]))
    thread.join(timeout=30)
    return passed


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_take_back_of_a_rejection_and_a_submission_do_not_pass_the_cap_together(order: tuple[int, int]) -> None:
    application, *deeds = take_back_and_submission()

    passed = one_beside_the_other(*[deeds[number] for number in order])

    assert passed == [True, False]
    assert MonthClaim.objects.filter(person=application.person_id).count() == 20


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_control_without_the_lock_shows_forty_months(order: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def lock_nobody(case_ids: Iterable[int]) -> None: ...

    monkeypatch.setattr(months, "lock_persons", lock_nobody)
    application, *deeds = take_back_and_submission()

    passed = one_beside_the_other(*[deeds[number] for number in order])

    assert passed == [True, True]
    assert MonthClaim.objects.filter(person=application.person_id).count() == 40
