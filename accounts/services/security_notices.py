"""What is told to whom when an account changes: by text message to the phone concerned, and as a station message."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language

from accounts.enums import Channel
from accounts.message_kinds import load_kinds
from accounts.models import Notification, User
from accounts.services.texts import queue_text
from accounts.services.wordings import word_now
from workflow import clock

PHONE_CHANGED, PASSWORD_CHANGED = "phone_changed", "password_changed"

load_kinds(Path(__file__).parent.parent / "data" / "security_messages.yaml")


def tell_of_change(user: User, kind: str, *, phone: str) -> None:
    """Nobody can switch these off; an account without a phone has the station message alone."""
    params = {"name": str(user)}
    if phone:
        queue_text(phone=phone, template=kind, params=params, user=user)
    words = word_now(kind, Channel.STATION, get_language() or "zh-hans", params)
    Notification.objects.create(
        recipient=user,
        channel=Channel.STATION,
        title=words.title,
        body=words.body,
        created_at=clock.now(),
    )
