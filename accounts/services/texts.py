"""Text messages are queued in the transaction of what they tell; a worker hands them to the provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import get_language

from accounts.hashes import phone_key
from accounts.models import TextMessage, User
from workflow import clock
from workflow.identifiers import normalise_mobile
from workflow.masking import mask_phone
from workflow.models import Case, OutboxMessage
from workflow.worker_wake import wake_workers

# Sent at any hour, before all others, out of the reserve of the day.
URGENT = frozenset({"code"})


@transaction.atomic
def queue_text(
    *,
    phone: str,
    template: str,
    params: Mapping[str, str],
    user: User | None = None,
    case: Case | None = None,
    source: OutboxMessage | None = None,
) -> TextMessage:
    """``params``: {placeholder: text} of the template; ``minutes`` of a code is also how long it is worth sending.

    Delivered after the caller's transaction; if that is taken back, nothing is sent.
    """
    phone = normalise_mobile(phone)
    lasts = timedelta(minutes=int(params["minutes"])) if template in URGENT else None
    message = TextMessage.objects.create(
        user=user,
        case=case,
        source=source,
        template=template,
        language=get_language() or "zh-hans",
        params=dict(params),
        phone=phone,
        phone_masked=mask_phone(phone),
        phone_hash=phone_key(phone),
        urgent=template in URGENT,
        expires_at=clock.machine_now() + lasts if lasts else None,
        created_at=clock.now(),
    )
    if source is None:
        # What the outbox queues is sent in the same round.
        transaction.on_commit(wake_workers)
    return message
