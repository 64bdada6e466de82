"""What every change of a card leaves behind: its event, and a message to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.enums import UserKind
from accounts.models import User
from talent.enums import CardEventKind
from talent.models import Card, CardEvent
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case, OutboxMessage
from workflow.worker_wake import wake_workers


def card_event(
    card: Card,
    kind: CardEventKind,
    actor: Actor,
    *,
    at: datetime | None = None,
    reason: str = "",
    case: Case | None = None,
    details: Mapping[str, Any] | None = None,
) -> CardEvent:
    """Unsaved, so that many are written at once."""
    return CardEvent(
        card=card,
        kind=kind,
        at=at or clock.now(),
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        case=case,
        reason=reason,
        details=dict(details or {}),
    )


def tell_holders(kind: str, told: Iterable[tuple[Card, Mapping[str, str]]]) -> None:
    """A message for every open account of each holder; the number of the card goes with it."""
    facts = {card.person_id: {"number": card.number} | dict(more) for card, more in told}
    users = User.objects.filter(person__in=facts, kind=UserKind.PERSON, is_active=True).order_by("pk")
    now = clock.now()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind=kind, recipient=user, context=facts[person_id], created_at=now)
        for user in users
        if (person_id := user.person_id) is not None
    )
    transaction.on_commit(wake_workers)
