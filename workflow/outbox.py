"""Delivery of the outbox: claimed, delivered, marked; at least once, so deliverers know messages by their key."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from workflow import clock
from workflow.models import OutboxMessage

logger = logging.getLogger(__name__)

Deliverer = Callable[[OutboxMessage], None]
Sender = Callable[[], int]

CLAIMED_AT_ONCE = 50
# A claim runs out after this time: the worker that made it is dead.
LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# After about five hours a person must look: the administrator's page lists what is stuck and sends it again.
MAX_ATTEMPTS = 12

_deliverers: list[Deliverer] = []
_senders: list[Sender] = []


def register_deliverer(deliverer: Deliverer) -> Deliverer:
    """Every message goes to every deliverer; a repeated message must not be delivered twice (look at its ``pk``)."""
    _deliverers.append(deliverer)
    return deliverer


def register_sender(sender: Sender) -> Sender:
    """Called before and after each claim of messages: it sends what was queued, and answers how much that was."""
    _senders.append(sender)
    return sender


def deliver_pending() -> int:
    """Deliver what waits; answers how many messages were delivered. One failing message holds up no other."""
    send_queued()
    delivered = 0
    while claimed := claim_messages():
        delivered += sum(_deliver(message) for message in claimed)
        send_queued()
    return delivered


def send_queued() -> None:
    """A sender that fails is tried again in the next round, and holds up neither the others nor the outbox."""
    for sender in _senders:
        try:
            sender()
        except Exception as error:
            # The text of the error may hold what was to be sent.
            logger.error("Sender %s failed: %s", sender.__name__, type(error).__name__)


@transaction.atomic
def claim_messages() -> list[OutboxMessage]:
    """The oldest messages that nobody else has; each is ours until its lease runs out."""
    now = clock.machine_now()
    due = Q(retry_at=None) | Q(retry_at__lte=now)
    messages = list(
        OutboxMessage.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .filter(due, delivered_at=None, attempts__lt=MAX_ATTEMPTS)
        .order_by("id")[:CLAIMED_AT_ONCE]
    )
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        attempts=F("attempts") + 1, retry_at=now + LEASE
    )
    for message in messages:
        message.attempts += 1
    return messages


def delay_after(attempts: int) -> timedelta:
    """Half a minute after the first failure, doubling up to an hour."""
    doublings: int = 2 ** (attempts - 1)
    return min(FIRST_DELAY * doublings, LONGEST_DELAY)


def _deliver(message: OutboxMessage) -> bool:
    try:
        for deliverer in _deliverers:
            deliverer(message)
    except Exception as error:
        logger.exception("Message %s was not delivered (attempt %s)", message.pk, message.attempts)
        retry_at = clock.machine_now() + delay_after(message.attempts)
        _mark(message, error=f"{type(error).__name__}: {error}"[:1000], retry_at=retry_at)
        return False
    _mark(message, error="", delivered_at=clock.now(), retry_at=None)
    return True


def _mark(message: OutboxMessage, **values: object) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(**values)
