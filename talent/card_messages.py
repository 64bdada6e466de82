"""The messages about cards; their words stand in data/card_messages.yaml."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from accounts.delivery import Told, renders
from accounts.message_kinds import all_kinds, load_kinds
from workflow.models import OutboxMessage

PREFIX = "talent.card_"
PRINTED = "talent.card_printed"
load_kinds(Path(__file__).parent / "data" / "card_messages.yaml")


def _facts(message: OutboxMessage) -> Told:
    """The context of the row is what the words need, but for the office, which is told with its telephone."""
    facts = {key: str(value) for key, value in message.context.items() if key != "office_phone"}
    if message.kind == PRINTED:
        facts["office"] = _office(message)
    return Told(message.kind, facts)


def _office(message: OutboxMessage) -> str:
    """Of a message that was written before offices were named: whoever issued it."""
    name, phone = message.context.get("office", ""), message.context.get("office_phone", "")
    if not name:
        return _("the office that issued it")
    return _("%(name)s (telephone %(phone)s)") % {"name": name, "phone": phone} if phone else str(name)


for _kind in all_kinds():
    if _kind.key.startswith(PREFIX):
        renders(_kind.key)(_facts)
