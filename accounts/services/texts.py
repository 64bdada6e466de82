"""Text messages are queued in the transaction of what they tell; a worker hands them to the provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Unpack

from accounts.hashes import phone_key
from accounts.models import TextMessage
from accounts.services.queueing import About, queue
from workflow import clock
from workflow.identifiers import normalise_mobile
from workflow.masking import mask_phone

# Sent at any hour, before all others, out of the reserve of the day.
URGENT = frozenset({"code"})


def queue_text(*, phone: str, template: str, params: Mapping[str, str], **about: Unpack[About]) -> TextMessage:
    """``params``: {placeholder: text} of the template; ``minutes`` of a code is also how long it is worth sending."""
    phone = normalise_mobile(phone)
    lasts = timedelta(minutes=int(params["minutes"])) if template in URGENT else None
    message = TextMessage(
        template=template,
        phone=phone,
        phone_masked=mask_phone(phone),
        phone_hash=phone_key(phone),
        urgent=template in URGENT,
        expires_at=clock.machine_now() + lasts if lasts else None,
    )
    return queue(message, params, about)
