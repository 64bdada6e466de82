"""The demo's stand-in for phones and mailboxes: what would have gone out by SMS and by e-mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter

from accounts.enums import Channel, SendState
from accounts.models import MailMessage, MessageTemplate, TextMessage
from accounts.services.wordings import word
from accounts.wording import MissingFact
from workflow.presentation.times import minute_text

SHOWN = 100
# Chinese has no white space before an address, and without it the page makes no link of one.
ADDRESS = re.compile(r"(?<=\S)(?=https?://)")


@dataclass(frozen=True, slots=True)
class Line:
    recipient: str
    address: str
    when: str
    channel: str
    title: str
    body: str
    is_waiting: bool


def latest() -> list[Line]:
    """The newest of both, in one list."""
    texts = TextMessage.objects.select_related("user").order_by("-id")[:SHOWN]
    mails = MailMessage.objects.select_related("user").order_by("-id")[:SHOWN]
    both: list[TextMessage | MailMessage] = [*texts, *mails]
    newest = sorted(both, key=attrgetter("created_at"), reverse=True)[:SHOWN]
    templates = MessageTemplate.objects.by_kind({sending.template for sending in newest})
    return [_line(sending, templates) for sending in newest]


def _line(sending: TextMessage | MailMessage, templates: dict[tuple[str, str], MessageTemplate]) -> Line:
    is_text = isinstance(sending, TextMessage)
    masked = sending.phone_masked if isinstance(sending, TextMessage) else sending.address_masked
    channel = Channel.SMS if is_text else Channel.EMAIL
    template = templates.get((sending.template, channel))
    try:
        words = word(sending.template, channel, sending.language, sending.params or {}, template)
        title, body = ("" if is_text else words.title), words.body
    except MissingFact as missing:
        title, body = "", str(missing)
    return Line(
        recipient=str(sending.user or ""),
        address=masked,
        when=minute_text(sending.created_at),
        channel=str(channel.label),
        title=title,
        body=ADDRESS.sub(" ", body),
        is_waiting=sending.state == SendState.QUEUED,
    )
