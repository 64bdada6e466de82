"""The demo's stand-in for a phone: the messages that would have gone out by SMS."""

from __future__ import annotations

from accounts.models import Notification


def latest() -> list[Notification]:
    return list(Notification.objects.sms().select_related("recipient").order_by("-id")[:100])
