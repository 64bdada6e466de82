"""What the SMS provider reports later: whether a message reached the phone. Repeated reports change nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.enums import SendState
from accounts.models import TextMessage
from accounts.services.sending import scrub
from workflow import clock

logger = logging.getLogger(__name__)

FIELDS = ("biz_id", "out_id", "phone_number", "err_code")


@dataclass(frozen=True, slots=True)
class Receipt:
    provider_id: str
    key: str
    phone: str
    code: str
    is_delivered: bool


class NotAReceipt(ValueError):
    """The provider never sends this."""


def read_receipts(body: Any) -> list[Receipt]:
    """Raises NotAReceipt. SmsReport of Dysmsapi 2017-05-25: a JSON array."""
    if not isinstance(body, list) or not body:
        raise NotAReceipt("an array of reports is expected")
    return [_read(row) for row in body]


def _read(row: Any) -> Receipt:
    if not isinstance(row, Mapping) or not isinstance(row.get("success"), bool):
        raise NotAReceipt("a report without success")
    values = [row.get(name, "") for name in FIELDS]
    if not all(isinstance(value, str) for value in values) or not values[0]:
        raise NotAReceipt("a report without number")
    provider_id, key, phone, code = values
    return Receipt(provider_id, key, phone, code, is_delivered=row["success"])


def take_receipts(receipts: Sequence[Receipt]) -> int:
    """Answers how many belong to no message of ours: those are forged, or another system's."""
    unknown = [receipt for receipt in receipts if not _take(receipt)]
    if unknown:
        logger.warning("%s of %s SMS receipts belong to no message that was sent", len(unknown), len(receipts))
    return len(unknown)


@transaction.atomic
def _take(receipt: Receipt) -> bool:
    message = _message_of(receipt)
    if message is None or not _same_phone(message.phone, receipt.phone):
        return False
    if message.state not in (SendState.SENT, SendState.QUEUED):
        # Delivered or failed already: it came before.
        return True
    now = clock.now()
    message.provider_id, message.retry_at, message.unsure_since = receipt.provider_id[:64], None, None
    message.sent_at = message.sent_at or now
    message.answer = scrub(receipt.code)
    message.state = SendState.DELIVERED if receipt.is_delivered else SendState.FAILED
    if receipt.is_delivered:
        message.delivered_at = now
        message.params = message.params if settings.DEMO else None
    message.save()
    return True


def _message_of(receipt: Receipt) -> TextMessage | None:
    """By the provider's number; by our own key only where the answer with the number was lost."""
    messages = TextMessage.objects.select_for_update()
    if found := messages.filter(provider_id=receipt.provider_id).first():
        return found if receipt.key in ("", str(found.key)) else None
    try:
        key = UUID(receipt.key)
    except ValueError:
        return None
    return messages.filter(key=key, provider_id="", tries__gt=0).first()


def _same_phone(phone: str, told: str) -> bool:
    """Providers may report it with stars in the middle."""
    told = told.removeprefix("+86")
    return len(told) == len(phone) and all(
        ours == theirs or theirs == "*" for ours, theirs in zip(phone, told, strict=True)
    )
