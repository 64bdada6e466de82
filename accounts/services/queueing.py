"""What text messages and e-mails have in common: queued in the transaction of what they tell, sent by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, TypeVar

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import Sending, User
from workflow import clock
from workflow.models import Case, OutboxMessage
from workflow.worker_wake import wake_workers


class About(TypedDict, total=False):
    """Whom a message is for and what it tells of; ``language``: where it is not that of the page."""

    user: User | None
    case: Case | None
    source: OutboxMessage | None
    language: str


SendingT = TypeVar("SendingT", bound=Sending)


@transaction.atomic
def queue(message: SendingT, params: Mapping[str, str], about: About) -> SendingT:
    """Delivered after the caller's transaction; if that is taken back, nothing is sent."""
    message.user, message.case, message.source = about.get("user"), about.get("case"), about.get("source")
    message.language = about.get("language") or get_language() or "zh-hans"
    message.params, message.created_at = dict(params), clock.now()
    message.save(force_insert=True)
    if message.source is None:
        # What the outbox queues is sent in the same round.
        transaction.on_commit(wake_workers)
    return message
