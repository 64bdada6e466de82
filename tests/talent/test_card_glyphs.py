"""A character that no font has: named and refused wherever a card would be issued or drawn, never printed as a box."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from talent.models import Card, CardPrint
from talent.services.card_prints import make_run, print_again
from tests.talent.cards import city_officer, holder_of, make_card, officer_actor, standing_at
from workflow import clock
from workflow.enums import Action, Role
from workflow.models import Case
from workflow.services import Refused, perform_one

# Just behind the last of the CJK extensions: a place without a character, which no font draws.
RARE = "\U0003347b"


@pytest.mark.django_db
def test_card_is_not_issued_to_a_name_that_cannot_be_printed() -> None:
    application = standing_at("city_lead")
    Case.objects.filter(pk=application.pk).update(subject=f"李{RARE}")
    case = Case.objects.get(pk=application.pk)

    with pytest.raises(Refused) as refused:
        perform_one(Action.APPROVE, case, officer_actor(Role.LEADER))

    assert f"“{RARE}” (U+3347B)" in str(refused.value)
    assert "字库" in str(refused.value)
    assert not Card.objects.exists()


@pytest.mark.django_db
def test_printing_stage_keeps_the_case_until_a_font_has_it() -> None:
    application = standing_at("print")
    card = make_card(application.person, name=f"李{RARE}")
    Card.objects.filter(pk=card.pk).update(case=application.case)

    with pytest.raises(Refused, match="U\\+3347B"):
        perform_one(Action.APPROVE, application.case, officer_actor())

    assert not CardPrint.objects.exists()


@pytest.mark.django_db
def test_reprint_names_the_card() -> None:
    good, bad = make_card(), make_card(unit_name=f"{RARE}材料公司")

    with pytest.raises(Refused, match=f"{bad.number}.*U\\+3347B"):
        print_again([good, bad], reason="打印不清", actor=officer_actor(), token=uuid.uuid4())

    assert not CardPrint.objects.exists()


@pytest.mark.django_db
def test_run_and_own_files_say_why_there_is_none(client: Client) -> None:
    card, officer = make_card(name=f"李{RARE}"), city_officer()
    run = make_run([card], officer_actor(), at=clock.now(), token=uuid.uuid4())

    client.force_login(officer)
    of_run = client.post(reverse("talent:print_run_pdf", args=[run.token]), follow=True)
    client.force_login(holder_of(card))
    own = [
        client.get(reverse(f"talent:{name}", args=[card.number]), follow=True) for name in ("card_pdf", "card_image")
    ]

    for answer in (of_run, *own):
        assert answer.status_code == 200
        assert "U+3347B" in answer.content.decode()
