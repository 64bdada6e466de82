"""Text messages leave through one gateway; which one is named in ``settings.SMS_GATEWAY``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``key`` is the same at every try; ``text`` is what our template says, for gateways that send texts."""

    key: str
    phone: str
    text: str
    signature: str
    template_code: str
    # Only the placeholders that the text uses.
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What the provider said: its number of the message, and whether the phone has it already."""

    provider_id: str = ""
    answer: str = ""
    is_delivered: bool = False


class TryLater(Exception):
    """Not taken now. ``outage``: nothing else will be taken either; ``unsure``: perhaps it was taken after all."""

    def __init__(
        self, reason: str, *, after: timedelta | None = None, outage: bool = False, unsure: bool = False
    ) -> None:
        super().__init__(reason)
        self.after, self.outage, self.unsure = after, outage, unsure


class Refused(Exception):
    """Never to be taken as it is; the message is the provider's reason."""


class SmsGateway(Protocol):
    def send(self, message: Outgoing) -> Taken:
        """Hand one message over. Raises TryLater or Refused."""
        ...

    def find(self, message: Outgoing, since: datetime) -> Taken | None:
        """What became of a try without an answer; None where the provider knows nothing of it. Raises TryLater."""
        ...


class DemoGateway:
    """Nothing leaves the machine: the row of the message is what the demo inbox shows."""

    def send(self, message: Outgoing) -> Taken:
        return Taken(provider_id=message.key, answer="demo", is_delivered=True)

    def find(self, message: Outgoing, since: datetime) -> Taken | None:
        return None


class ConsoleGateway:
    """For developers: writes to the terminal, phone and code included, so production refuses it."""

    def send(self, message: Outgoing) -> Taken:
        sys.stdout.write(f"SMS {message.phone}: {message.text}\n")
        sys.stdout.flush()
        return Taken(provider_id=message.key, answer="console", is_delivered=True)

    def find(self, message: Outgoing, since: datetime) -> Taken | None:
        return None


@lru_cache(maxsize=4)
def _gateway(path: str) -> SmsGateway:
    gateway: SmsGateway = import_string(path)()
    return gateway


def gateway() -> SmsGateway | None:
    """None where no provider is configured: then people get station messages and e-mails only."""
    return _gateway(settings.SMS_GATEWAY) if settings.SMS_GATEWAY else None
