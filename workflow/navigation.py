"""Menu entries that are pages and not queues; services register theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


_pages: list[Page] = []


def register_page(
    group: Text, label: Text, url_name: str, *, visible: Callable[[Actor], bool], order: int = 100
) -> None:
    """``order`` sorts groups and entries: 100-199 业务办理, 200-299 查询统计, 300-399 信息维护."""
    _pages.append(Page(group, label, url_name, visible, order))


def menu_items(actor: Actor, path: str) -> Iterator[tuple[str, list[MenuItem]]]:
    shown = sorted((page for page in _pages if page.visible(actor)), key=lambda page: page.order)
    for group, pages in groupby(shown, key=lambda page: str(page.group)):
        yield group, [MenuItem(str(p.label), (url := address_of(p.url_name)), url == path) for p in pages]
