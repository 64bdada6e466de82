"""The left rail of every signed-in page: to-dos with live counts, and the menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from workflow.actors import Actor
from workflow.addresses import address_of
from workflow.navigation import MenuItem, menu_items
from workflow.seats import Seat, Waiting


@dataclass(frozen=True, slots=True)
class Todo:
    text: str
    url: str
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class MenuGroup:
    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    todos: list[Todo]
    menu: tuple[MenuGroup, ...]


def queue_url(seat: Seat) -> str:
    return address_of("workflow:queue", *seat.key)


def _groups(actor: Actor, seats: list[Seat], path: str) -> Iterator[MenuGroup]:
    """Queues and pages of the same group stand under one heading."""
    groups: dict[str, list[MenuItem]] = {}
    for seat in seats:
        if seat.stage.menu_label:
            url = queue_url(seat)
            groups.setdefault(_("Business handling"), []).append(MenuItem(seat.stage.menu_label, url, path == url))
    for label, items in menu_items(actor, path):
        groups.setdefault(label, []).extend(items)
    yield from (MenuGroup(label, tuple(items)) for label, items in groups.items())


def rail_of(actor: Actor, seats: list[Seat], waiting: Mapping[tuple[str, str], Waiting], path: str) -> Rail:
    todos = [
        Todo(seat.stage.todo_text(here.count), queue_url(seat), here.count, here.overdue)
        for seat in seats
        if (here := waiting[seat.key]).count
    ]
    return Rail(todos, tuple(_groups(actor, seats, path)))


def rail(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}

    def read() -> Rail:
        return rail_of(actor, request.seats, request.waiting, request.path)  # type: ignore[attr-defined]

    return {"rail": SimpleLazyObject(read), "actor": actor}
