"""我的信息: what is held about an account, by kind. Floors above register what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.enums import UserKind
from workflow.registry import Text

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Fact:
    """``masked``: what pages show in its place; exports and the owner's own look have the value."""

    label: Text
    value: str
    masked: str = ""

    @property
    def shown(self) -> str:
        return self.masked or self.value


@dataclass(frozen=True, slots=True)
class Group:
    """One row of what is held: an education, a case, a message."""

    title: str
    facts: list[Fact]

    @property
    def is_masked(self) -> bool:
        return any(fact.masked for fact in self.facts)


@dataclass(frozen=True, slots=True)
class DataSection:
    key: str
    title: Text
    # Newest first; a generator, so that a page reads no more than it shows.
    read: Callable[[User], Iterable[Group]]
    # Name of the page on which it is changed by whoever it is about.
    change_url: str = ""
    # An office or employer has looked at it: a change is asked for, with a reason.
    on_request: bool = False
    # Kinds of accounts of which such a thing can be held; empty: all.
    kinds: tuple[UserKind, ...] = ()
    order: int = 100


_sections: dict[str, DataSection] = {}


def register_data_section(section: DataSection) -> None:
    _sections[section.key] = section


def sections_for(user: User) -> list[DataSection]:
    concern = [section for section in _sections.values() if not section.kinds or user.kind in section.kinds]
    return sorted(concern, key=lambda section: section.order)


def data_section(key: str) -> DataSection | None:
    return _sections.get(key)


def facts_of(*pairs: tuple[Text, object] | tuple[Text, object, str]) -> list[Fact]:
    """(label, value) or (label, value, masked); what is empty is left out."""
    return [Fact(pair[0], str(pair[1]), pair[2] if len(pair) == 3 else "") for pair in pairs if pair[1]]


def groups_of(section: DataSection, user: User) -> Iterator[Group]:
    return (group for group in section.read(user) if group.facts)
