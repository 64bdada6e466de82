"""New editions of cards: renewed, moved to another employer, replaced; whatever stood before is void with them.

The first step changes cards in memory, the second writes all of them: a few statements however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from talent.enums import CardEventKind, CardState
from talent.models import Card, CardEvent
from talent.services.card_record import card_event, tell_holders
from talent.services.issuing import end_of_validity
from workflow import clock
from workflow.actors import Actor
from workflow.bulk import update_rows
from workflow.models import Case, Organisation
from workflow.services import Refused

# What an edition may change.
FIELDS = (
    "id", "unit", "unit_name", "supervisor", "region", "specialist", "valid_until", "contract_end", "left_unit_on",
    "edition", "lost_at", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edition:
    """A locked card as it shall be, unwritten; ``case``: by which it was decided, where there is one."""

    card: Card
    kind: CardEventKind
    case: Case | None = None
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def lock_cards(keys: Iterable[int]) -> dict[int, Card]:
    """In the order of their keys: nobody waits in a circle."""
    rows = Card.objects.select_for_update(of=("self",)).select_related("scheme", "person").filter(pk__in=list(keys))
    return {card.pk: card for card in rows.order_by("pk")}


def renewed(card: Card, *, contract_end: date | None, case: Case | None = None) -> Edition:
    """续期: valid from the end of the old time on. Raises Refused."""
    _refuse_unchangeable(card)
    before, today = card.valid_until, clock.today()
    until = end_of_validity(card.scheme, max(today, before + timedelta(days=1)), contract_end)
    if until <= before or until < today:
        raise Refused(_("The labour contract does not last longer than the card: renew the contract first."))
    if card.state == CardState.EXPIRED and Card.objects.of(card.person_id).living().exists():
        raise Refused(_("You hold another card that is valid."))
    card.valid_until, card.contract_end = until, contract_end
    return Edition(card, CardEventKind.RENEWED, case, details={"until": [before.isoformat(), until.isoformat()]})


def moved(
    card: Card,
    *,
    unit: Organisation,
    supervisor: Organisation | None,
    contract_end: date | None,
    case: Case | None = None,
) -> Edition:
    """变更单位: with the new employer, valid no longer than the new contract. Raises Refused."""
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
    return Edition(card, CardEventKind.MOVED, case, details=details)


def replaced(card: Card, *, case: Case | None = None, reason: str = "") -> Edition:
    """补发: whoever finds the lost card finds a void one. Raises Refused."""
    _refuse_unchangeable(card)
    if card.valid_until < clock.today():
        raise Refused(_("This card has run out: renew it."))
    return Edition(card, CardEventKind.REPLACED, case, reason)


def _refuse_unchangeable(card: Card) -> None:
    if card.cancelled_at is not None:
        raise Refused(_("This card is cancelled."))
    if card.frozen_at is not None:
        raise Refused(_("This card is frozen. Ask the office that issued it."))


def write_editions(editions: Sequence[Edition], actor: Actor, *, at: datetime, keeps_loss: bool = False) -> None:
    """Whatever was lost is void with the edition before, unless ``keeps_loss``: then its report stands."""
    today = clock.today()
    for one in editions:
        card = one.card
        one.details["edition"] = [card.edition, card.edition + 1]
        card.edition += 1
        card.lost_at = card.lost_at if keeps_loss else None
        card.state = card.state_on(today)
    update_rows(Card, FIELDS, [_values(one.card) for one in editions])
    CardEvent.objects.bulk_create(
        card_event(one.card, one.kind, actor, at=at, case=one.case, reason=one.reason, details=one.details)
        for one in editions
    )
    for kind in sorted({one.kind for one in editions}):
        told = [(one.card, _facts(one)) for one in editions if one.kind == kind]
        tell_holders(f"talent.card_{kind}", told)


def _values(card: Card) -> list[Any]:
    """As ``FIELDS`` names them, references by their keys."""
    return [getattr(card, Card._meta.get_field(name).attname) for name in FIELDS]  # type: ignore[union-attr]


def _facts(one: Edition) -> dict[str, str]:
    return {"reason": one.reason, "until": one.card.valid_until.isoformat()}
