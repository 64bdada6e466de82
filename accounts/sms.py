"""Text messages leave through one gateway; which one is named in ``settings.SMS_GATEWAY``."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsGateway(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Hand one message over. Raises for what the outbox should try again."""
        ...


class DemoGateway:
    """Nothing leaves the machine: the row of the message is what the demo inbox shows."""

    def send(self, phone: str, text: str) -> None:
        return


@lru_cache(maxsize=4)
def _gateway(path: str) -> SmsGateway:
    gateway: SmsGateway = import_string(path)()
    return gateway


def gateway() -> SmsGateway | None:
    """None where no provider is configured: then people get station messages only."""
    return _gateway(settings.SMS_GATEWAY) if settings.SMS_GATEWAY else None
