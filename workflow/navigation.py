"""Menu entries that are pages and not queues; services register theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from workflow.actors import Actor
from workflow.addresses import address_of
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class Page:
    group: Text
    label: Text
    url_name: str
    visible: Callable[[Actor], bool]
    order: int


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Todo:
    text: str
    url: str
    count: int
    overdue: int


_pages: list[Page] = []
_todos: list[Callable[[Actor], Iterable[Todo]]] = []
_home_todos: list[Callable[[Actor], Iterable[Todo]]] = []


def register_todos(function: Callable[[Actor], Iterable[Todo]]) -> Callable[[Actor], Iterable[Todo]]:
    """What waits for somebody outside the queues; asked on every page, so of nobody whom it cannot concern."""
    _todos.append(function)
    return function


def register_home_todos(function: Callable[[Actor], Iterable[Todo]]) -> Callable[[Actor], Iterable[Todo]]:
    """What there is to do beside the own cases and the queues; asked on the home page alone."""
    _home_todos.append(function)
    return function


def home_todos(actor: Actor) -> list[Todo]:
    return [todo for asked in _home_todos for todo in asked(actor)]


def other_todos(actor: Actor) -> list[Todo]:
    return [todo for asked in _todos for todo in asked(actor)]


def register_page(
    group: Text, label: Text, url_name: str, *, visible: Callable[[Actor], bool], order: int = 100
) -> None:
    """``order`` sorts groups and entries: 100-199 业务办理, 200-299 查询统计, 300-399 信息维护."""
    _pages.append(Page(group, label, url_name, visible, order))


def menu_items(actor: Actor, path: str) -> Iterator[tuple[str, list[MenuItem]]]:
    shown = sorted((page for page in _pages if page.visible(actor)), key=lambda page: page.order)
    for group, pages in groupby(shown, key=lambda page: str(page.group)):
        yield group, [MenuItem(str(p.label), (url := address_of(p.url_name)), url == path) for p in pages]
