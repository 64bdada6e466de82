"""The table of 消息设置: what can reach this account, by which ways, and what it has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.channels import channels_of
from accounts.enums import Channel
from accounts.message_kinds import MessageKind, kinds_for
from accounts.models import MessageSettings, MessageTemplate, User


@dataclass(frozen=True, slots=True)
class Box:
    value: str
    label: str
    is_checked: bool
    # What must reach people stays ticked.
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """``boxes``: one for each channel in the order of ``Channel``; None where the message does not go there."""

    kind: MessageKind
    boxes: Sequence[Box | None]


def language_of(user: User) -> str:
    """In which the messages come; the pages have a choice of their own."""
    chosen = MessageSettings.objects.filter(user=user).first()
    return chosen.language if chosen else settings.LANGUAGE_CODE


def offers_to(user: User) -> list[Offer]:
    kinds = kinds_for(user.kind)
    templates = MessageTemplate.objects.by_kind(kind.key for kind in kinds)
    choice = MessageSettings.objects.filter(user=user).first()
    return [_offer(kind, _of(kind, templates), choice) for kind in kinds]


def _of(kind: MessageKind, templates: dict[tuple[str, str], MessageTemplate]) -> dict[str, MessageTemplate]:
    return {channel: template for (key, channel), template in templates.items() if key == kind.key}


def _offer(kind: MessageKind, templates: dict[str, MessageTemplate], choice: MessageSettings | None) -> Offer:
    chosen = channels_of(kind.key, templates, choice)
    return Offer(kind, [_box(kind, channel, templates, channel in chosen) for channel in Channel])


def _box(kind: MessageKind, channel: Channel, templates: dict[str, MessageTemplate], is_checked: bool) -> Box | None:
    is_fixed = kind.compulsory and channel == Channel.STATION
    is_off = channel in templates and not templates[channel].active
    if channel not in kind.channels or (is_off and not is_fixed):
        return None
    return Box(f"{kind.key}:{channel}", f"{kind} · {channel.label}", is_checked, is_fixed)
