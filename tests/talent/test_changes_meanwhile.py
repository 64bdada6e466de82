"""What happens to a card, its holder or its application while a change or a second card is under way."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from talent.enums import ChangeKind
from talent.models import Card, CardChange, CardEvent
from talent.services.card_expiry import notice_leavers, notice_returners, report_by
from talent.services.cards import report_found
from talent.services.change import submit_change
from talent.services.issuing import issue_cards
from talent.services.refusals import NotReady
from tests.accounts.factories import UnitFactory
from tests.talent.cards import approved_application, holder_actor, make_card, officer_actor, standing_at
from tests.talent.change_factories import (
    approve,
    decider_of,
    file_change,
    make_change,
    make_holder,
    moved_card,
    renewable_card,
)
from workflow import clock
from workflow.actors import SYSTEM
from workflow.enums import Action, Role, State
from workflow.models import Act, Case
from workflow.services import Refused, Seen, perform, perform_one

pytestmark = pytest.mark.django_db


def at_the_city(change: CardChange) -> Case:
    return approve(approve(file_change(change)))


def decide(*cases: Case) -> Act:
    return perform(Action.APPROVE, [Seen(case.pk, case.revision) for case in cases], decider_of(cases[0]))


def reason_of(act: Act) -> str:
    (row,) = act.refused
    return str(row["reason"])


def test_change_returned_to_who_works_elsewhere_by_now_is_filed_anew() -> None:
    """The employer that has confirmed it is not the one that would stand on the card."""
    change = make_change(ChangeKind.MOVE, moved_card(UnitFactory()))
    case = approve(file_change(change))
    perform_one(Action.SEND_BACK, case, decider_of(case), opinion="合同不清晰", target="person")
    person, third = change.card.person, UnitFactory()
    person.unit = third
    person.save()
    person.work_experiences.filter(left_on=None).update(unit=third, unit_name=third.name)

    with pytest.raises(NotReady, match="撤回"):
        submit_change(
            CardChange.objects.whole().get(pk=change.pk), holder_actor(change.card), token=uuid.uuid4(), pledged=True
        )

    assert Case.objects.get(pk=change.pk).state == State.RETURNED


def test_card_does_not_name_an_employer_that_the_holder_has_left_again() -> None:
    change = make_change(ChangeKind.MOVE, moved_card(UnitFactory()))
    case = at_the_city(change)
    change.card.person.unit = UnitFactory()
    change.card.person.save()

    assert "已不在" in reason_of(decide(case))
    assert Card.objects.get(pk=change.card_id).edition == 1


def test_card_that_was_found_again_is_not_replaced() -> None:
    change = make_change(ChangeKind.REPLACE)
    case = at_the_city(change)
    report_found(change.card, actor=holder_actor(change.card))

    assert "解除挂失" in reason_of(decide(case))


def two_renewals() -> tuple[Case, Case]:
    """The first was refused, the second filed, and the refusal taken back."""
    card = renewable_card()
    card.person.work_experiences.update(contract_kind="2", contract_end=None)
    first = at_the_city(make_change(ChangeKind.RENEW, card))
    officer = decider_of(first)
    perform_one(Action.REJECT, first, officer, opinion="材料不符")
    second = at_the_city(make_change(ChangeKind.RENEW, card))
    perform_one(Action.TAKE_BACK, Case.objects.get(pk=first.pk), officer)
    return Case.objects.get(pk=first.pk), second


def test_card_is_renewed_once_though_two_renewals_are_under_way() -> None:
    first, second = two_renewals()

    done, again = decide(first), decide(second)

    assert (done.done, reason_of(again)) == (1, "此卡已经续期。")
    assert Card.objects.get().edition == 2


def test_one_decision_changes_a_card_once() -> None:
    first, second = two_renewals()

    act = decide(first, second)

    assert (act.done, act.refused[0]["case"]) == (1, second.pk)
    assert CardEvent.objects.filter(kind="renewed").count() == 1


@pytest.mark.parametrize("count", [1, 4])
def test_many_changes_are_written_with_the_statements_of_one(count: int, django_assert_max_num_queries: Any) -> None:
    cases = [at_the_city(make_change(kind)) for kind in [*ChangeKind, ChangeKind.MOVE][:count]]

    with django_assert_max_num_queries(45):
        act = decide(*cases)

    assert act.done == count
    assert set(Card.objects.values_list("edition", flat=True)) == {2}


def test_higher_card_alone_is_issued_beside_one_that_is_in_force() -> None:
    application = standing_at("city_lead")
    card = make_card(application.person, level="C")
    case, lead = Case.objects.get(pk=application.pk), officer_actor(Role.LEADER)

    with pytest.raises(Refused, match=card.number):
        perform_one(Action.APPROVE, case, lead)
    case.summary = case.summary | {"card_level": "B"}
    case.save(update_fields=["summary"])
    perform_one(Action.APPROVE, Case.objects.get(pk=case.pk), lead)

    assert list(Card.objects.order_by("pk").values_list("level", "state")) == [("C", "cancelled"), ("B", "valid")]


def test_card_that_ran_out_today_holds_nothing_back() -> None:
    application = standing_at("city_lead")
    yesterday = clock.today() - timedelta(days=1)
    make_card(application.person, level="C", valid_from=yesterday, valid_until=yesterday)

    perform_one(Action.APPROVE, Case.objects.get(pk=application.pk), officer_actor(Role.LEADER))

    assert Card.objects.filter(state="valid").count() == 1


def test_two_applications_of_one_person_are_not_decided_together() -> None:
    first = standing_at("city_lead")
    second = approved_application(first.person)
    Case.objects.filter(pk=second.pk).update(
        state=State.IN_REVIEW, stage="city_lead", holder=first.case.holder_id, due_on=clock.today()
    )
    cases = [Case.objects.get(pk=pk) for pk in (first.pk, second.pk)]

    seen = [Seen(case.pk, case.revision) for case in cases]
    act = perform(Action.APPROVE, seen, officer_actor(Role.LEADER))

    assert (act.done, act.refused[0]["case"]) == (1, second.pk)
    assert Card.objects.count() == 1


def test_card_has_the_type_that_was_filed_whatever_the_category_says_by_now() -> None:
    application = approved_application(level="C")
    application.case.summary = {"card_level": "B"}
    application.case.save(update_fields=["summary"])

    (card,) = issue_cards([application.case], SYSTEM, at=clock.now())

    assert (card.level, card.number[:5]) == ("B", "BHYCB")


def test_who_is_back_with_the_employer_has_nothing_to_report() -> None:
    card = make_card(make_holder())
    person, unit = card.person, card.unit
    person.unit = UnitFactory()
    person.save()
    notice_leavers()
    person.unit = unit
    person.save()

    assert (notice_returners(), notice_returners()) == (1, 0)
    card = Card.objects.whole().get(pk=card.pk)
    assert report_by(card) is None
    assert list(CardEvent.objects.order_by("pk").values_list("kind", flat=True))[-2:] == ["left_unit", "came_back"]
