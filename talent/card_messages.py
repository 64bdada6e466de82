"""The messages about cards; their words stand in data/card_messages.yaml."""

from __future__ import annotations

from pathlib import Path

from accounts.delivery import Told, renders
from accounts.message_kinds import all_kinds, load_kinds
from workflow.models import OutboxMessage

PREFIX = "talent.card_"
load_kinds(Path(__file__).parent / "data" / "card_messages.yaml")


def _facts(message: OutboxMessage) -> Told:
    """The context of the row is what the words need."""
    return Told(message.kind, message.context)


for _kind in all_kinds():
    if _kind.key.startswith(PREFIX):
        renders(_kind.key)(_facts)
