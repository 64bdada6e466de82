"""The facts of the messages about summary tables; their words stand in data/summary_messages.yaml."""

from __future__ import annotations

from pathlib import Path

from accounts.delivery import Told, renders
from accounts.message_kinds import load_kinds
from workflow.models import OutboxMessage

load_kinds(Path(__file__).parent / "data" / "summary_messages.yaml")


@renders("talent.summary_returned")
def summary_returned(message: OutboxMessage) -> Told:
    return Told(message.kind, {key: str(message.context[key]) for key in ("number", "reason")})
