"""E-mails are queued in the transaction of what they tell; a worker hands them to the mail server."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import MailMessage, User
from workflow import clock
from workflow.masking import mask_mail
from workflow.models import Case, OutboxMessage
from workflow.worker_wake import wake_workers


@transaction.atomic
def queue_mail(
    *,
    address: str,
    template: str,
    params: Mapping[str, str],
    user: User | None = None,
    case: Case | None = None,
    source: OutboxMessage | None = None,
) -> MailMessage:
    """Delivered after the caller's transaction; if that is taken back, nothing is sent."""
    message = MailMessage.objects.create(
        user=user,
        case=case,
        source=source,
        template=template,
        language=get_language() or "zh-hans",
        params=dict(params),
        address=address,
        address_masked=mask_mail(address),
        created_at=clock.now(),
    )
    if source is None:
        # What the outbox queues is sent in the same round.
        transaction.on_commit(wake_workers)
    return message
