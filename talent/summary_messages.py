"""The facts of the messages about summary tables; their words stand in data/summary_messages.yaml."""

from __future__ import annotations

from pathlib import Path

from accounts.delivery import Told, renders
from accounts.message_kinds import load_kinds
from workflow.models import OutboxMessage

load_kinds(Path(__file__).parent / "data" / "summary_messages.yaml")


@renders("talent.summary_returned")
def summary_returned(message: OutboxMessage) -> Told:
    # The reason stands in brackets before the full stop of the sentence.
    reason = str(message.context["reason"]).rstrip("。.；; ")
    return Told(message.kind, {"number": str(message.context["number"]), "reason": reason})
