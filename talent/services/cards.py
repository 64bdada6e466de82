"""The life of a card: lost and found by its holder, frozen and cancelled by the city."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from talent.enums import CardEventKind
from talent.models import Card
from talent.services.card_record import card_event, tell_holders
from workflow import clock
from workflow.actors import Actor
from workflow.services import Refused


@transaction.atomic
def report_loss(card: Card, *, actor: Actor) -> Card:
    """挂失: it holds at once. Raises Refused where the card is void already."""
    card = _locked(card)
    _refuse_void(card)
    if card.lost_at is not None:
        raise Refused(_("This card is reported lost already."))
    card.lost_at = clock.now()
    return _settle(card, CardEventKind.LOST, actor, fields=["lost_at"], told="talent.card_lost")


@transaction.atomic
def report_found(card: Card, *, actor: Actor) -> Card:
    """解除挂失."""
    card = _locked(card)
    _refuse_void(card)
    if card.lost_at is None:
        raise Refused(_("This card is not reported lost."))
    card.lost_at = None
    return _settle(card, CardEventKind.FOUND, actor, fields=["lost_at"], told="talent.card_found")


@transaction.atomic
def freeze_card(card: Card, *, reason: str, actor: Actor) -> Card:
    card = _locked(card)
    _refuse_void(card)
    if card.frozen_at is not None:
        raise Refused(_("This card is frozen already."))
    _refuse_own(card, actor)
    card.frozen_at = clock.now()
    return _settle(card, CardEventKind.FROZEN, actor, fields=["frozen_at"], reason=reason, told="talent.card_frozen")


@transaction.atomic
def release_card(card: Card, *, reason: str, actor: Actor) -> Card:
    """解除冻结; a card that is reported lost stays so."""
    card = _locked(card)
    _refuse_void(card)
    if card.frozen_at is None:
        raise Refused(_("This card is not frozen."))
    _refuse_own(card, actor)
    card.frozen_at = None
    return _settle(
        card, CardEventKind.RELEASED, actor, fields=["frozen_at"], reason=reason, told="talent.card_released"
    )


@transaction.atomic
def cancel_card(card: Card, *, reason: str, actor: Actor) -> Card:
    """注销, for good; a card that has run out may be cancelled too."""
    card = _locked(card)
    if card.cancelled_at is not None:
        raise Refused(_("This card is cancelled already."))
    _refuse_own(card, actor)
    card.cancelled_at = clock.now()
    return _settle(
        card, CardEventKind.CANCELLED, actor, fields=["cancelled_at"], reason=reason, told="talent.card_cancelled"
    )


def _locked(card: Card) -> Card:
    return Card.objects.select_for_update(of=("self",)).select_related("scheme", "person").get(pk=card.pk)


def _refuse_void(card: Card) -> None:
    if card.cancelled_at is not None:
        raise Refused(_("This card is cancelled."))
    if card.valid_until < clock.today():
        raise Refused(_("This card has run out."))


def _refuse_own(card: Card, actor: Actor) -> None:
    """Four eyes beside the chain too: an officer's own card, or that of whom he stands in for."""
    if card.person.number_hash in (actor.identity_key, actor.absent_identity_key):
        raise Refused(_("Nobody decides on the own card."))


def _settle(
    card: Card,
    kind: CardEventKind,
    actor: Actor,
    *,
    fields: list[str],
    told: str,
    reason: str = "",
) -> Card:
    """Write the state that follows, the event and the message."""
    card.state = card.state_on(clock.today())
    card.save(update_fields=[*fields, "state"])
    card_event(card, kind, actor, reason=reason).save()
    tell_holders(told, [(card, {"reason": reason, "until": card.valid_until.isoformat()})])
    return card
