"""The life of a card: lost and found by its holder, frozen and cancelled by the city, and what a change case does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from talent.enums import CardEventKind, CardState
from talent.models import Card
from talent.services.card_record import card_event, tell_holders
from talent.services.issuing import end_of_validity
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case, Organisation
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


@transaction.atomic
def renew_card(card: Card, *, contract_end: date | None, actor: Actor, case: Case | None = None) -> Card:
    """续期: a new edition, valid from the end of the old time on. Raises Refused."""
    card = _locked(card)
    _refuse_unchangeable(card)
    before, today = card.valid_until, clock.today()
    until = end_of_validity(card.scheme, max(today, before + timedelta(days=1)), contract_end)
    if until <= before or until < today:
        raise Refused(_("The labour contract does not last longer than the card: renew the contract first."))
    if card.state == CardState.EXPIRED and Card.objects.of(card.person_id).living().exists():
        raise Refused(_("You hold another card that is valid."))
    card.valid_until, card.contract_end = until, contract_end
    details = {"until": [before.isoformat(), until.isoformat()]}
    return _new_edition(card, CardEventKind.RENEWED, actor, case, details, ["valid_until", "contract_end"])


@transaction.atomic
def move_card(
    card: Card,
    *,
    unit: Organisation,
    supervisor: Organisation | None,
    contract_end: date | None,
    actor: Actor,
    case: Case | None = None,
) -> Card:
    """变更单位: a new edition with the new employer, valid no longer than the new contract. Raises Refused."""
    card = _locked(card)
    _refuse_unchangeable(card)
    until = card.valid_until if contract_end is None else min(card.valid_until, contract_end)
    if until < clock.today():
        raise Refused(_("The card or the labour contract has run out."))
    details = {
        "unit": [card.unit_name, unit.name],
        "until": [card.valid_until.isoformat(), until.isoformat()],
    }
    card.unit, card.unit_name, card.supervisor, card.region = unit, unit.name, supervisor, unit.region
    card.valid_until, card.contract_end, card.left_unit_on = until, contract_end, None
    fields = ["unit", "unit_name", "supervisor", "region", "valid_until", "contract_end", "left_unit_on"]
    return _new_edition(card, CardEventKind.MOVED, actor, case, details, fields)


@transaction.atomic
def replace_card(card: Card, *, actor: Actor, case: Case | None = None) -> Card:
    """补发: a new edition; whoever finds the lost card finds a void one. Raises Refused."""
    card = _locked(card)
    _refuse_unchangeable(card)
    if card.valid_until < clock.today():
        raise Refused(_("This card has run out: renew it."))
    return _new_edition(card, CardEventKind.REPLACED, actor, case, {}, [])


def _locked(card: Card) -> Card:
    return Card.objects.select_for_update(of=("self",)).select_related("scheme", "person").get(pk=card.pk)


def _refuse_void(card: Card) -> None:
    if card.cancelled_at is not None:
        raise Refused(_("This card is cancelled."))
    if card.valid_until < clock.today():
        raise Refused(_("This card has run out."))


def _refuse_unchangeable(card: Card) -> None:
    if card.cancelled_at is not None:
        raise Refused(_("This card is cancelled."))
    if card.frozen_at is not None:
        raise Refused(_("This card is frozen. Ask the office that issued it."))


def _refuse_own(card: Card, actor: Actor) -> None:
    """Four eyes beside the chain too: an officer's own card, or that of whom he stands in for."""
    if card.person.number_hash in (actor.identity_key, actor.absent_identity_key):
        raise Refused(_("Nobody decides on the own card."))


def _new_edition(
    card: Card,
    kind: CardEventKind,
    actor: Actor,
    case: Case | None,
    details: Mapping[str, Any],
    fields: list[str],
) -> Card:
    """Whatever was lost is void with the edition before."""
    details = {**details, "edition": [card.edition, card.edition + 1]}
    card.edition, card.lost_at = card.edition + 1, None
    fields = [*fields, "edition", "lost_at"]
    return _settle(card, kind, actor, fields=fields, case=case, details=details, told=f"talent.card_{kind}")


def _settle(
    card: Card,
    kind: CardEventKind,
    actor: Actor,
    *,
    fields: list[str],
    told: str,
    reason: str = "",
    case: Case | None = None,
    details: Mapping[str, Any] | None = None,
) -> Card:
    """Write the state that follows, the event and the message."""
    card.state = card.state_on(clock.today())
    card.save(update_fields=[*fields, "state"])
    card_event(card, kind, actor, reason=reason, case=case, details=details).save()
    tell_holders(told, [(card, {"reason": reason, "until": card.valid_until.isoformat()})])
    return card
