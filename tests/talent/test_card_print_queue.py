"""渤海英才卡打印: the queue of who prints issued cards, by their numbers; and where the holder collects one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import MessageTemplate, Notification
from talent.models import Card
from tests.talent.cards import holder_of, make_card, officer_actor, standing_at
from tests.talent.test_card_desk import print_once
from workflow.enums import Action, Role
from workflow.models import Case, OutboxMessage
from workflow.outbox import deliver_pending
from workflow.services import perform_one

pytestmark = pytest.mark.django_db


def issued() -> Card:
    """By the head of the city bureau, as in life."""
    application = standing_at("city_lead")
    perform_one(Action.APPROVE, application.case, officer_actor(Role.LEADER))
    return Card.objects.get(case=application.case)


def queue(query: str = "", stage: str = "print") -> Any:
    client = Client()
    role = Role.LEADER if stage == "city_lead" else Role.SPECIALIST
    client.force_login(officer_actor(role).user)  # type: ignore[arg-type]
    return client.get(reverse("workflow:queue", args=["bohai_card", stage]) + query).context["page"]


def numbers(query: str = "") -> list[str]:
    page = queue(query)
    place = [head.label for head in page.heads].index("卡号")
    return [row.texts[place] for row in page.rows]


def test_card_stands_with_its_number_beside_the_name() -> None:
    card = issued()

    assert numbers() == [card.number]
    assert [head.label for head in queue().heads][:2] == ["中文名", "卡号"]


def test_no_office_before_it_has_an_empty_column_for_the_number() -> None:
    standing_at("city_lead")

    assert "卡号" not in [head.label for head in queue(stage="city_lead").heads]


@pytest.mark.parametrize("written", [str, str.lower, lambda number: f" {number[:4]} {number[4:9]} {number[9:]}"])
def test_card_is_found_by_its_number_however_it_is_written(written: Any) -> None:
    wanted, _other = issued(), issued()

    assert numbers(f"?card_number={written(wanted.number)}") == [wanted.number]


def test_number_is_asked_for_only_where_it_is_shown() -> None:
    issued()
    standing_at("city_lead")

    asked = {stage: [one.name for one in queue(stage=stage).filter.conditions()] for stage in ("print", "city_lead")}

    assert "card_number" in asked["print"]
    assert "card_number" not in asked["city_lead"]


def test_printed_card_is_still_found_by_its_number() -> None:
    card, _other = issued(), issued()
    for case in Case.objects.filter(stage="print"):
        perform_one(Action.APPROVE, case, officer_actor())

    assert numbers(f"?tab=approved&card_number={card.number}") == [card.number]


def test_cards_that_were_issued_before_are_named_in_their_queue() -> None:
    card = issued()
    bare = {key: text for key, text in card.case.summary.items() if key != "card_number"}
    Case.objects.filter(pk=card.case_id).update(summary=bare)

    import_module("talent.migrations.0013_card_numbers_and_words").name_cards(apps, None)

    assert numbers() == [card.number]


@pytest.mark.parametrize(("phone", "said"), [("0317-1234567", "（电话 0317-1234567）领取"), ("", "领取")])
def test_holder_is_told_which_office_has_the_card(phone: str, said: str) -> None:
    card, actor = make_card(), officer_actor()
    office = actor.organisation
    assert office is not None
    office.phone = phone
    office.save()

    print_once(card, actor)
    deliver_pending()

    told = Notification.objects.get(recipient=holder_of(card), title="渤海英才卡可以领取")
    assert f"请携带本人证件到{office.name}{said}。" in told.body


def test_message_that_was_written_before_offices_were_named_is_delivered() -> None:
    card = make_card()
    print_once(card, officer_actor())
    OutboxMessage.objects.filter(kind="talent.card_printed").update(context={"number": card.number})

    deliver_pending()

    told = Notification.objects.get(recipient=holder_of(card), title="渤海英才卡可以领取")
    assert "请携带本人证件到制发机构领取。" in told.body


def test_words_as_shipped_come_to_name_the_office_and_those_of_an_administrator_stay() -> None:
    migration = import_module("talent.migrations.0013_card_numbers_and_words")
    templates = MessageTemplate.objects.filter(key="talent.card_printed")
    shipped, own = templates.get(channel="station"), templates.get(channel="sms")
    now = shipped.body
    MessageTemplate.objects.filter(pk=shipped.pk).update(body=migration.WORDS["body"][0])
    MessageTemplate.objects.filter(pk=own.pk).update(body="请到二楼领卡。")

    migration.reword(apps, None)

    shipped.refresh_from_db()
    own.refresh_from_db()
    assert (shipped.body, own.body) == (now, "请到二楼领卡。")
    assert "{office}" in now
