"""A card is not printed with an empty box in the place of a character that no font has."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from talent.models import Card
from workflow.glyphs import missing_from_fonts
from workflow.services import Refused


def why_unprintable(*texts: str) -> str:
    """Names the characters and what to do; "" where a font has each of them."""
    missing = missing_from_fonts("".join(texts))
    if not missing:
        return ""
    named = _(", ").join(f"“{character}” (U+{ord(character):04X})" for character in missing)
    reason = _(
        "No font of this portal has %(characters)s, so the card would show an empty box. "
        "Have the operator install a font that has it (docs/operations.md), then try again."
    )
    return reason % {"characters": named}


def unprintable_cards(cards: Iterable[Card]) -> dict[int, str]:
    """{card: why it is not printed}"""
    found = ((card.pk, why_unprintable(card.name, card.name_latin, card.unit_name)) for card in cards)
    return {pk: reason for pk, reason in found if reason}


def refuse_unprintable(cards: Iterable[Card]) -> None:
    """Raises Refused, naming each card and its characters."""
    cards = list(cards)
    if reasons := unprintable_cards(cards):
        numbers = {card.pk: card.number for card in cards}
        raise Refused("\n".join(f"{numbers[pk]}: {reason}" for pk, reason in reasons.items()))
