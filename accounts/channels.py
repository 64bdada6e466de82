"""By which ways a message reaches somebody: what is in use, what the person chose, what cannot be switched off."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.enums import Channel
from accounts.message_kinds import kind_of
from accounts.models import MessageSettings, MessageTemplate, User


def channels_of(
    key: str, templates: Mapping[str, MessageTemplate], choice: MessageSettings | None
) -> frozenset[Channel]:
    kind = kind_of(key)
    in_use = {channel for channel in kind.channels if channel not in templates or templates[channel].active}
    if choice is not None and key in choice.choices:
        wanted = {Channel(channel) for channel in choice.choices[key]}
    else:
        preset = {channel for channel in in_use if channel in templates and templates[channel].preset}
        wanted = preset if templates else set(kind.preset)
    compulsory = {Channel.STATION} if kind.compulsory else set()
    return frozenset(wanted & in_use | compulsory)


def mail_address(user: User) -> str:
    """The address of the account if its owner has proved it; else, or where no mail is sent, nothing."""
    if not settings.MAIL_ENABLED or not user.email:
        return ""
    proved = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return user.email if proved.exists() else ""
