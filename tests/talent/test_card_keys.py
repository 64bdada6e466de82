"""A revoked key: which cards its codes stand on, and how they come to new ones."""

import io
import uuid
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.administrators import SYSTEM as SYSTEM_ROLE
from talent.enums import CardState
from talent.models import Card, CardEvent, SignedCode, SigningKey
from talent.services.card_prints import hand_out, make_run, print_again
from talent.services.cards import cancel_card
from talent.services.reissue import cards_of_key, reissue_cards
from talent.services.signing import RevokedKeyError, card_code, check_code, revoke_key, rotate_key, signing_key
from tests.accounts.factories import UserFactory
from tests.talent.cards import city_officer, holder_of, make_card, officer_actor
from tests.talent.editions import replace_card
from workflow import clock
from workflow.actors import SYSTEM
from workflow.models import OutboxMessage
from workflow.services import Refused

pytestmark = pytest.mark.django_db


def desk() -> Client:
    client = Client()
    client.force_login(city_officer())
    return client


def run_pdf(card: Card) -> Any:
    """Printed, and the file for the card printer fetched."""
    run = make_run([card], officer_actor(), at=clock.now(), token=uuid.uuid4())
    return desk().post(reverse("talent:print_run_pdf", args=[run.token]))


def shown(card: Card) -> None:
    client = Client()
    client.force_login(holder_of(card))
    client.get(reverse("talent:cards"))


def revoked(key: SigningKey) -> SigningKey:
    revoke_key(key)
    key.refresh_from_db()
    return key


def numbers(key: SigningKey) -> dict[str, bool]:
    return {one.card.number: one.printed for one in cards_of_key(key)}


def test_key_knows_the_cards_that_it_has_signed_on_plastic_and_on_screens() -> None:
    printed, seen, _unseen = make_card(), make_card(), make_card()
    run_pdf(printed)
    shown(seen)
    shown(seen)
    key = signing_key()
    rotate_key()
    shown(make_card())

    assert numbers(key) == {printed.number: True, seen.number: False}
    assert SignedCode.objects.filter(key=key).count() == 2


def test_cards_that_are_void_or_have_a_newer_edition_are_not_concerned() -> None:
    cancelled, newer = make_card(), make_card()
    for card in (cancelled, newer):
        run_pdf(card)
    cancel_card(cancelled, reason="不再符合条件", actor=officer_actor())
    replace_card(newer, actor=SYSTEM)

    assert numbers(signing_key()) == {}


def test_reissue_makes_new_editions_of_the_plastic_cards_alone() -> None:
    printed, seen = make_card(), make_card()
    run_pdf(printed)
    shown(seen)
    old, key = card_code(printed), revoked(signing_key())

    done = reissue_cards(key)

    printed.refresh_from_db()
    seen.refresh_from_db()
    assert [card.number for card in done] == [printed.number]
    assert (printed.edition, seen.edition) == (2, 1)
    event = CardEvent.objects.get(kind="replaced")
    assert (event.reason, event.actor, event.details["edition"]) == ("签名密钥停用，换发新卡", None, [1, 2])
    assert OutboxMessage.objects.filter(kind="talent.card_replaced").count() == 1
    assert check_code(card_code(printed)).edition == 2
    with pytest.raises(RevokedKeyError):
        check_code(old)
    assert reissue_cards(key) == []


def test_reissued_card_is_printed_and_handed_out_again() -> None:
    card, actor = make_card(), officer_actor()
    run_pdf(card)
    facts = {"recipient": card.name, "is_holder": True, "recipient_number": "", "received_on": clock.today()}
    hand_out(card, actor=actor, **facts)
    key = revoked(signing_key())

    (again,) = reissue_cards(key)
    found = desk().get(reverse("talent:cards_manage"), {"paper": "not_printed"}).context["page"].rows
    print_again([again], reason="换发", actor=actor, token=uuid.uuid4())

    assert [row.number for row in found] == [card.number]
    assert hand_out(again, actor=actor, **facts).edition == 2


def test_lost_and_frozen_cards_stay_so() -> None:
    now = clock.now()
    lost = make_card(state=CardState.LOST, lost_at=now)
    frozen = make_card(state=CardState.FROZEN, frozen_at=now)
    for card in (lost, frozen):
        run_pdf(card)
    key = revoked(signing_key())

    reissue_cards(key)

    states = dict(Card.objects.values_list("pk", "state"))
    assert states == {lost.pk: CardState.LOST, frozen.pk: CardState.FROZEN}
    assert set(Card.objects.values_list("edition", flat=True)) == {2}


def test_trusted_key_leaves_nothing_to_reissue() -> None:
    with pytest.raises(Refused):
        reissue_cards(signing_key())


def test_many_are_reissued_with_the_statements_of_one(django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        run_pdf(make_card())
    key = revoked(signing_key())

    with django_assert_max_num_queries(11):
        assert len(reissue_cards(key)) == 4


def statements_of_drawing(count: int) -> int:
    run = make_run([make_card() for _ in range(count)], officer_actor(), at=clock.now(), token=uuid.uuid4())
    client = desk()
    client.get(reverse("portal:home"))
    with CaptureQueriesContext(connection) as captured:
        client.post(reverse("talent:print_run_pdf", args=[run.token]))
    return len(captured)


def test_drawing_many_cards_takes_the_statements_of_one() -> None:
    signing_key()

    assert statements_of_drawing(1) == statements_of_drawing(5)
    assert SignedCode.objects.filter(printed=True).count() == 6


def test_command_lists_and_reissues() -> None:
    card, out = make_card(), io.StringIO()
    run_pdf(card)
    key = signing_key()

    with pytest.raises(CommandError):
        call_command("rotate_card_keys", reissue=key.pk)
    call_command("rotate_card_keys", revoke=key.pk, stdout=out)
    call_command("rotate_card_keys", reissue=key.pk, stdout=out)
    call_command("rotate_card_keys", cards=key.pk, stdout=out)

    told = out.getvalue()
    assert f"{card.number}, edition 1, {card.unit_name}: printed" in told
    assert "1 cards have a new edition" in told
    assert f"0 cards with a code of key {key.pk}" in told


def test_administration_shows_the_cards_and_never_the_private_half(client: Client) -> None:
    card = make_card()
    run_pdf(card)
    key = signing_key()
    officer = UserFactory(officer=True, is_staff=True)
    officer.groups.set([Group.objects.get(name=SYSTEM_ROLE)])
    client.force_login(officer)

    page = client.get(reverse("admin:talent_signingkey_change", args=[key.pk]))
    posted = client.post(reverse("admin:talent_signingkey_change", args=[key.pk]), {"state": "revoked"})

    assert page.status_code == 200
    assert card.number in page.content.decode()
    assert key.private not in page.content.decode()
    assert posted.status_code == 403


def assume() -> None:
    import_module("talent.migrations.0015_fetches_and_english").assume_keys(apps, None)


def print_unnoted(card: Card) -> SigningKey:
    """Printed while nobody wrote down with which key."""
    key = signing_key()
    run_pdf(card)
    SignedCode.objects.all().delete()
    return key


def test_cards_printed_before_keys_were_noted_are_listed_with_every_key_that_may_have_signed_them() -> None:
    retired = signing_key()
    rotate_key()
    SigningKey.objects.filter(pk=retired.pk).update(ended_at=clock.now() - timedelta(days=1))
    card, noted = make_card(), make_card()
    key = print_unnoted(card)
    run_pdf(noted)
    rotate_key()
    later = signing_key()

    assume()

    out = io.StringIO()
    call_command("rotate_card_keys", "--cards", str(key.pk), stdout=out)
    lines = {line.partition(",")[0]: "perhaps with this key" in line for line in out.getvalue().splitlines()[:2]}
    assert numbers(key) == {card.number: True, noted.number: True}
    assert lines == {card.number: True, noted.number: False}
    assert numbers(retired) == {}
    assert numbers(later) == {card.number: True}


def test_key_that_draws_the_card_again_is_known_from_then_on() -> None:
    card = make_card()
    key = print_unnoted(card)
    assume()
    assumed = [one.assumed for one in cards_of_key(key)]

    run = card.prints.get().run
    desk().post(reverse("talent:print_run_pdf", args=[run.token]), {"reason": "下载中断"})

    assert assumed == [True]
    assert [one.assumed for one in cards_of_key(key)] == [False]
    assert SignedCode.objects.count() == 1


def test_new_edition_is_not_assumed_of_an_older_print() -> None:
    card = make_card()
    key = print_unnoted(card)
    replace_card(card, actor=SYSTEM)

    assume()

    assert numbers(key) == {}
    assert not SignedCode.objects.exists()
