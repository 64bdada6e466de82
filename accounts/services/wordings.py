"""The words of a message, as the administrator's template or, without one, the code has them."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.enums import Channel
from accounts.message_kinds import Words, kind_of
from accounts.models import MailMessage, MessageTemplate, TextMessage
from accounts.wording import MissingFact, fill, with_hotline

# Facts that open something: whoever reads over a shoulder, or an export, could use them.
SECRETS = frozenset({"code", "link"})


def seed_templates(keys: list[str]) -> None:
    """A row for each kind and channel that has none; what administrators wrote stays."""
    MessageTemplate.objects.bulk_create(
        [_template(key, channel) for key in keys for channel in kind_of(key).channels], ignore_conflicts=True
    )


def _template(key: str, channel: Channel) -> MessageTemplate:
    kind = kind_of(key)
    chinese, english = kind.words_in("zh-hans"), kind.words_in("en")
    return MessageTemplate(
        key=key,
        channel=channel,
        title=chinese.title,
        body=chinese.body,
        title_en=english.title,
        body_en=english.body,
        preset=channel in kind.preset,
    )


def word(
    key: str, channel: Channel, language: str, facts: Mapping[str, str], template: MessageTemplate | None = None
) -> Words:
    """Titles stay on one line, whatever the facts hold."""
    words = template.words_in(language) if template is not None else kind_of(key).words_in(language)
    return Words(" ".join(fill(words.title, facts).split()), fill(with_hotline(words.body), facts))


def word_now(key: str, channel: Channel, language: str, facts: Mapping[str, str]) -> Words:
    return word(key, channel, language, facts, MessageTemplate.objects.for_kind(key).get(channel))


def kind_shown(key: str) -> str:
    """Of messages that nobody describes any more, the key."""
    try:
        return str(kind_of(key))
    except KeyError:
        return key


def text_shown(sent: TextMessage | MailMessage) -> str:
    """What was written, for its reader; empty where that is gone, or opens something."""
    facts = sent.params
    if not facts or facts.keys() & SECRETS:
        return ""
    channel = Channel.SMS if isinstance(sent, TextMessage) else Channel.EMAIL
    try:
        return word_now(sent.template, channel, sent.language, facts).body
    except (KeyError, MissingFact):
        return ""
