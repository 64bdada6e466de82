"""The facts of the messages that only the rent subsidy sends; their words stand in data/messages.yaml."""

from __future__ import annotations

from pathlib import Path

from accounts.delivery import Told, renders
from accounts.message_kinds import load_kinds
from workflow.models import OutboxMessage
from workflow.templatetags.tongban import money

load_kinds(Path(__file__).parent / "data" / "messages.yaml")


def _number(message: OutboxMessage) -> str:
    return message.case.number if message.case is not None else ""


@renders("subsidies.city_confirmed")
def city_confirmed(message: OutboxMessage) -> Told:
    """市组织部确认通过后通知市财政局."""
    return Told(message.kind, {"count": str(message.context["count"]), "total": money(message.context["total"])})


@renders("subsidies.bounced")
def bounced(message: OutboxMessage) -> Told:
    return Told(message.kind, {"number": _number(message), "reason": message.context["reason"]})


@renders("subsidies.account_corrected")
def account_corrected(message: OutboxMessage) -> Told:
    return Told(message.kind, {"number": _number(message)})


@renders("subsidies.paid_again")
def paid_again(message: OutboxMessage) -> Told:
    return Told(message.kind, {"number": _number(message), "last4": message.context["last4"]})
