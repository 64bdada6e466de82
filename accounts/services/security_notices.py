"""What is told to whom when an account changes: by text message to the phone concerned, and as a station message."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language

from accounts.enums import Channel
from accounts.message_kinds import kind_of, load_kinds
from accounts.models import Notification, User
from accounts.services.texts import queue_text
from workflow import clock

PHONE_CHANGED, PASSWORD_CHANGED = "phone_changed", "password_changed"

load_kinds(Path(__file__).parent.parent / "data" / "security_messages.yaml")


def tell_of_change(user: User, kind: str, *, phone: str) -> None:
    """Nobody can switch these off; an account without a phone has the station message alone."""
    params = {"name": str(user)}
    if phone:
        queue_text(phone=phone, template=kind, params=params, user=user)
    words = kind_of(kind).words_in(get_language() or "zh-hans")
    Notification.objects.create(
        recipient=user,
        channel=Channel.STATION,
        title=words.title,
        body=words.body.format(**params),
        created_at=clock.now(),
    )
