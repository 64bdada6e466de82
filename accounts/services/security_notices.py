"""What is told to whom when an account changes: by text message to the phone concerned, and as a station message."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from accounts.enums import Channel
from accounts.message_choices import language_of
from accounts.message_kinds import load_kinds
from accounts.models import Notification, User
from accounts.services.texts import queue_text
from accounts.services.wordings import word_now
from accounts.sms import gateway
from workflow import clock

PHONE_CHANGED = "phone_changed"
# By a code to the phone, by the owner who knew the old one, by the administration.
PASSWORD_CHANGED, PASSWORD_RENEWED, PASSWORD_GIVEN = "password_changed", "password_renewed", "password_given"
SECOND_FACTOR_SET_UP, SECOND_FACTOR_REMOVED = "second_factor_set_up", "second_factor_removed"
SECOND_FACTOR_GUESSED = "second_factor_guessed"
SESSIONS_ENDED = "sessions_ended"

load_kinds(Path(__file__).parent.parent / "data" / "security_messages.yaml")


@transaction.atomic
def tell_of_change(user: User, kind: str, *, phone: str) -> None:
    """Nobody can switch these off; without a phone or a provider the station message goes alone.

    In the language of the account, whoever made the change.
    """
    params, language = {"name": str(user)}, language_of(user)
    if phone and gateway() is not None:
        queue_text(phone=phone, template=kind, params=params, user=user, language=language)
    words = word_now(kind, Channel.STATION, language, params)
    Notification.objects.create(
        recipient=user,
        channel=Channel.STATION,
        title=words.title,
        body=words.body,
        created_at=clock.now(),
    )
