"""Everything about issued cards that is registered by being imported; ``chains`` imports this."""

from __future__ import annotations

from talent import card_data, card_effects, card_menu, card_messages
from talent.documents import card_list
from talent.services import card_expiry

__all__ = ["card_data", "card_effects", "card_expiry", "card_list", "card_menu", "card_messages"]
