"""渤海英才卡变更: renewal, change of employer, replacement, from the holder's draft to the new edition."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from talent.enums import CardState, ChangeKind
from talent.models import Card, CardChange, CardEvent
from talent.services.cards import cancel_card, freeze_card
from talent.services.change import start_change, submit_change
from talent.services.refusals import NotReady
from tests.accounts.factories import UnitFactory
from tests.talent.card_factories import make_specialist
from tests.talent.cards import holder_actor, holder_of, make_card, officer_actor
from tests.talent.change_factories import (
    approve,
    decide_all,
    decider_of,
    file_change,
    lost_card,
    make_change,
    make_holder,
    moved_card,
    renewable_card,
    soon,
    years_ahead,
)
from workflow import clock
from workflow.enums import Action, State
from workflow.models import Case, Filing
from workflow.services import Refused, Seen, perform

pytestmark = pytest.mark.django_db


def again(card: Card) -> Card:
    return Card.objects.whole().get(pk=card.pk)


def browser(card: Card) -> Client:
    client = Client()
    client.force_login(holder_of(card))
    return client


def test_renewal_gives_the_card_a_new_edition_that_lasts_with_the_contract() -> None:
    change = make_change(ChangeKind.RENEW)

    case = decide_all(file_change(change))

    card = again(change.card)
    assert case.state == State.APPROVED
    assert (card.edition, card.valid_until, card.contract_end) == (2, years_ahead(3), years_ahead(3))
    assert CardEvent.objects.get(card=card, kind="renewed").case == case


def test_change_of_employer_is_reviewed_by_the_new_one_and_put_on_the_card() -> None:
    unit = UnitFactory(name="渤海新材料有限公司")
    change = make_change(ChangeKind.MOVE, moved_card(unit))

    case = file_change(change)
    first = case.holder
    decide_all(case)

    card = again(change.card)
    assert first == unit
    assert (card.unit, card.unit_name, card.edition, card.left_unit_on) == (unit, "渤海新材料有限公司", 2, None)


def test_card_that_moves_to_another_county_gets_a_specialist_there() -> None:
    unit = UnitFactory()
    card = moved_card(unit)
    Card.objects.filter(pk=card.pk).update(supervisor=None)
    specialist = make_specialist(unit.parent)

    decide_all(file_change(make_change(ChangeKind.MOVE, card)))

    assert again(card).specialist == specialist


def test_replacement_frees_the_holder_of_the_lost_edition() -> None:
    change = make_change(ChangeKind.REPLACE)

    decide_all(file_change(change))

    card = again(change.card)
    assert (card.edition, card.state, card.lost_at) == (2, CardState.VALID, None)


def test_nothing_is_changed_before_the_city_has_approved() -> None:
    change = make_change(ChangeKind.REPLACE)

    case = approve(approve(file_change(change)))

    assert case.stage == "city_specialist"
    assert (again(change.card).edition, again(change.card).state) == (1, CardState.LOST)


@pytest.mark.parametrize("deed", [freeze_card, cancel_card])
def test_city_cannot_change_a_card_that_was_stopped_meanwhile(deed: object) -> None:
    change = make_change(ChangeKind.RENEW)
    case = approve(approve(file_change(change)))
    deed(change.card, reason="核实", actor=officer_actor())  # type: ignore[operator]

    act = perform(Action.APPROVE, [Seen(case.pk, case.revision)], decider_of(case))

    # The row is refused by its gate, so that it blocks no other row of a selection.
    assert act.done == 0
    assert "卡" in act.refused[0]["reason"]
    assert again(change.card).edition == 1


@pytest.mark.parametrize(
    ("kind", "card", "said"),
    [
        (ChangeKind.RENEW, lambda: make_card(make_holder()), "起"),
        (ChangeKind.MOVE, lambda: make_card(make_holder()), "新单位"),
        (ChangeKind.REPLACE, lambda: make_card(make_holder()), "挂失"),
        (ChangeKind.REPLACE, lambda: make_card(make_holder(), valid_until=soon(-1), valid_from=soon(-9)), "过期"),
    ],
)
def test_change_that_is_not_due_cannot_be_begun(kind: ChangeKind, card: object, said: str) -> None:
    found = card()  # type: ignore[operator]

    with pytest.raises(Refused) as refused:
        start_change(again(found), kind, holder_actor(found))

    assert said in str(refused.value)
    assert not CardChange.objects.exists()


def test_contract_that_ends_with_the_card_renews_nothing() -> None:
    card = make_card(make_holder(contract_end=soon()), valid_until=soon(), contract_end=soon())
    change = make_change(ChangeKind.RENEW, card)

    with pytest.raises(NotReady, match=soon().isoformat()):
        submit_change(change, holder_actor(card), token=uuid.uuid4(), pledged=True)

    assert Case.objects.get(pk=change.pk).state == State.DRAFT


def test_papers_are_asked_for_where_the_employment_counts() -> None:
    change = make_change(ChangeKind.RENEW)
    change.case.materials.all().delete()

    with pytest.raises(NotReady, match="聘用"):
        submit_change(change, holder_actor(change.card), token=uuid.uuid4(), pledged=True)


def test_second_press_files_once() -> None:
    change = make_change(ChangeKind.REPLACE)
    # The second press comes from the same page: by then the case is newer than the page.
    press = {"token": uuid.uuid4(), "pledged": True, "revision": change.case.revision}

    first, second = (submit_change(change, holder_actor(change.card), **press) for _press in range(2))

    assert first.pk == second.pk
    assert Filing.objects.filter(case=change.case).count() == 1


def test_one_change_of_a_card_is_under_way_at_a_time() -> None:
    card = renewable_card(state=CardState.LOST, lost_at=clock.now())
    case = file_change(make_change(ChangeKind.RENEW, card))

    with pytest.raises(Refused, match=case.number):
        start_change(again(card), ChangeKind.REPLACE, holder_actor(card))


def test_draft_of_the_same_kind_is_found_again() -> None:
    card = again(lost_card())

    first, second = (start_change(card, ChangeKind.REPLACE, holder_actor(card)) for _press in range(2))

    assert first.pk == second.pk


def test_late_report_is_taken_and_the_offices_read_how_late() -> None:
    card = moved_card()
    Card.objects.filter(pk=card.pk).update(left_unit_on=clock.today() - timedelta(days=15))

    case = file_change(make_change(ChangeKind.MOVE, card))

    sections = {part["key"]: part for part in Filing.objects.get(case=case).content["sections"]}
    (reported,) = [row for row in sections["work"]["rows"] if row["key"] == "report_by"]
    assert "逾期5天" in reported["value"]


def test_holder_goes_from_the_page_to_the_confirmation() -> None:
    card = lost_card()
    client = browser(card)

    begun = client.post(reverse("talent:change_create"), {"kind": "replace"})
    change = CardChange.objects.get()
    client.post(reverse("talent:change_edit", args=[change.pk]), {"statement": "钱包被盗"})
    address = reverse("talent:change_check", args=[change.pk])
    form = client.get(address).context["form"]
    posted = {"token": form.initial["token"], "revision": form.initial["revision"], "pledged": "on"}
    answer = client.post(address, posted, follow=True)

    assert begun.url == reverse("talent:change_edit", args=[change.pk])
    change.case.refresh_from_db()
    assert change.case.stage == "unit"
    assert change.case.number in answer.content.decode()


def test_page_without_the_explanation_says_what_to_write() -> None:
    change = make_change(ChangeKind.REPLACE)

    answer = browser(change.card).post(reverse("talent:change_edit", args=[change.pk]), {"statement": ""})

    assert answer.context["form"].errors.keys() == {"statement"}


def test_pages_of_a_change_are_the_holder_s_alone() -> None:
    change, other = make_change(ChangeKind.RENEW), make_card(make_holder())
    pages = [reverse(f"talent:{name}", args=[change.pk]) for name in ("change_edit", "change_check")]

    own = [browser(change.card).get(page).status_code for page in pages]
    strange = [browser(other).get(page).status_code for page in pages]

    assert (own, strange) == ([200, 200], [404, 404])


def test_options_say_why_they_are_closed() -> None:
    card = make_card(make_holder())

    options = browser(card).get(reverse("talent:changes")).context["options"]

    assert [bool(option.closed) for option in options] == [True, True, True]
