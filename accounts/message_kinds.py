"""What people are told of: each kind with its placeholders, its words in both languages and its usual channels.

A service describes its kinds in a YAML file; administrators then edit the rows that were seeded from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from accounts.enums import Channel, UserKind


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class MessageKind:
    """``samples``: {placeholder: sample value}, and nothing else may stand in a text of this kind."""

    key: str
    name: str
    name_en: str
    samples: Mapping[str, str]
    words: Mapping[str, Words]
    channels: tuple[Channel, ...]
    # Of these channels, the ones that people have who never chose.
    preset: tuple[Channel, ...]
    # What must reach them by law: the station message can be switched off by nobody.
    compulsory: bool = False
    audience: tuple[UserKind, ...] = ()

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    def words_in(self, language: str) -> Words:
        return self.words["en" if language == "en" else "zh"]


_kinds: dict[str, MessageKind] = {}


def load_kinds(path: Path) -> None:
    for key, facts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        _kinds[key] = _read(key, facts)


def _read(key: str, facts: Mapping[str, Any]) -> MessageKind:
    return MessageKind(
        key=key,
        name=facts["name"],
        name_en=facts["name_en"],
        samples={name: str(sample) for name, sample in facts["samples"].items()},
        words={
            "zh": Words(facts["title"], facts["body"].strip()),
            "en": Words(facts["title_en"], facts["body_en"].strip()),
        },
        channels=tuple(Channel(channel) for channel in facts["channels"]),
        preset=tuple(Channel(channel) for channel in facts["preset"]),
        compulsory=facts.get("compulsory", False),
        audience=tuple(UserKind(kind) for kind in facts.get("audience", ())),
    )


def kind_of(key: str) -> MessageKind:
    """Raises KeyError for a kind that nobody has described."""
    return _kinds[key]


def all_kinds() -> list[MessageKind]:
    return list(_kinds.values())


def kinds_for(audience: str) -> list[MessageKind]:
    """The kinds that reach this kind of account, in the order of their description."""
    return [kind for kind in _kinds.values() if audience in kind.audience]


load_kinds(Path(__file__).parent / "data" / "messages.yaml")
