"""Queued text messages go to the gateway: codes first, the rest outside the quiet hours and within the day's budget."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.enums import Channel, SendState
from accounts.message_kinds import kind_of
from accounts.models import MessagePolicy, MessageTemplate, TextMessage
from accounts.services.sending import (
    CLAIMED_AT_ONCE,
    drain,
    forget_params,
    locked,
    mark_claimed,
    mark_failed,
    mark_later,
    mark_taken,
)
from accounts.sms import Outgoing, Refused, SmsGateway, TryLater, gateway
from accounts.wording import MissingFact, fill, names_in, with_hotline
from workflow import clock
from workflow.outbox import register_sender
from workflow.timers import register_timer


@register_sender
def send_texts() -> int:
    """Answers how many were handed over, taken or not."""
    sender = gateway()
    if sender is None:
        return 0
    return drain(claim_texts, lambda message: _hand_over(message, sender), TextMessage)


@register_timer
def forget_texts() -> int:
    return forget_params(TextMessage)


def claim_texts() -> list[TextMessage]:
    """Ours until the lease runs out; each counts once in the budget of its day."""
    now = clock.machine_now()
    if not TextMessage.objects.due(now).exists():
        return []
    with transaction.atomic():
        # Whoever holds the row counts alone: two workers never spend the same room.
        policy, _made = MessagePolicy.objects.select_for_update().get_or_create(pk=1)
        _expire(now)
        claimed = _within_rules(policy, now)
        mark_claimed(TextMessage, claimed, counted_on=clock.today())
    return claimed


def _expire(now: datetime) -> None:
    """A code that nobody can use any more is not worth its text message."""
    late = TextMessage.objects.due(now).order_by().filter(expires_at__lte=now)
    late.update(state=SendState.FAILED, answer="expired", params=None, retry_at=None)


def _within_rules(policy: MessagePolicy, now: datetime) -> list[TextMessage]:
    today = clock.today()
    used = TextMessage.objects.counted_on(today)
    due = TextMessage.objects.due(now)
    if policy.is_quiet(timezone.localtime(clock.now()).time()):
        due = due.filter(urgent=True)
    if policy.room(used, urgent=False) == 0:
        due = due.filter(Q(urgent=True) | Q(counted_on=today))
    claimed = []
    for message in locked(due)[:CLAIMED_AT_ONCE]:
        if message.counted_on != today:
            if policy.room(used, urgent=message.urgent) == 0:
                continue
            used += 1
        claimed.append(message)
    return claimed


def _hand_over(message: TextMessage, sender: SmsGateway) -> bool:
    """False where the provider is out: the others need not try now."""
    try:
        outgoing = _outgoing(message)
        # A try without an answer is looked up before it is made again.
        found = sender.find(outgoing, message.unsure_since) if message.unsure_since else None
        taken = found or sender.send(outgoing)
    except TryLater as later:
        mark_later(message, later)
        return not later.outage
    except (Refused, MissingFact) as refused:
        mark_failed(message, str(refused))
        return True
    except Exception as error:
        # Whatever a gateway lets through may carry the phone in its text: only its name is told.
        mark_later(message, TryLater(type(error).__name__, outage=True, unsure=True))
        return False
    known = {"provider_id": taken.provider_id, "delivered_at": clock.now() if taken.is_delivered else None}
    mark_taken(message, taken, **{name: value for name, value in known.items() if value})
    return True


def _outgoing(message: TextMessage) -> Outgoing:
    template = MessageTemplate.objects.for_kind(message.template).get(Channel.SMS)
    facts = message.params or {}
    wording = (template or kind_of(message.template)).words_in(message.language).body
    return Outgoing(
        key=str(message.key),
        phone=message.phone,
        text=fill(with_hotline(wording), facts),
        signature=(template.signature if template else "") or settings.SMS_SIGNATURE,
        template_code=template.provider_code if template else "",
        params={name: facts[name] for name in names_in(wording)},
    )
