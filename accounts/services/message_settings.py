"""What somebody wants to be told, and by which ways."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.enums import Channel
from accounts.message_kinds import kinds_for
from accounts.models import MessageSettings, User


@transaction.atomic
def choose_messages(user: User, *, language: str, wanted: Collection[tuple[str, Channel]]) -> MessageSettings:
    """``wanted``: (kind, channel); what cannot be switched off is delivered all the same."""
    choices = {
        kind.key: [channel for channel in kind.channels if (kind.key, channel) in wanted]
        for kind in kinds_for(user.kind)
    }
    chosen, _made = MessageSettings.objects.update_or_create(
        user=user, defaults={"language": language, "choices": choices}
    )
    return chosen


def follow_presets(user: User) -> None:
    """Forget the choices: what the administrator presets holds from now on. The language stays."""
    MessageSettings.objects.filter(user=user).update(choices={})


def choose_language(user: User, language: str) -> None:
    """The language of the pages, switched while signed in: messages follow. What was chosen beside it stays."""
    MessageSettings.objects.update_or_create(user=user, defaults={"language": language})
