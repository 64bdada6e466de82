"""One new edition of one card, as the effect of a change writes many of them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from talent.models import Card
from talent.services import editions
from workflow import clock
from workflow.actors import Actor


def renew_card(card: Card, *, actor: Actor, **facts: Any) -> Card:
    return _written(editions.renewed, card, actor, facts)


def move_card(card: Card, *, actor: Actor, **facts: Any) -> Card:
    return _written(editions.moved, card, actor, facts)


def replace_card(card: Card, *, actor: Actor, **facts: Any) -> Card:
    return _written(editions.replaced, card, actor, facts)


@transaction.atomic
def _written(make: Callable[..., editions.Edition], card: Card, actor: Actor, facts: dict[str, Any]) -> Card:
    edition = make(editions.lock_cards([card.pk])[card.pk], **facts)
    editions.write_editions([edition], actor, at=clock.now())
    return edition.card
