"""The left rail of every signed-in page: to-dos with live counts, and the menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from workflow.actors import Actor
from workflow.addresses import address_of
from workflow.navigation import MenuItem, Todo, menu_items, other_todos
from workflow.registry import why_limited
from workflow.seats import Seat, Waiting


@dataclass(frozen=True, slots=True)
class MenuGroup:
    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    todos: list[Todo]
    menu: tuple[MenuGroup, ...]
    # Those of the to-dos that no queue holds.
    others: list[Todo]


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


def open_seats(actor: Actor, seats: Iterable[Seat]) -> list[Seat]:
    """Without the queues in which this account may do nothing."""
    return [seat for seat in seats if not why_limited(actor, seat.case_type)]


def rail_of(actor: Actor, seats: list[Seat], waiting: Mapping[tuple[str, str], Waiting], path: str) -> Rail:
    seats = open_seats(actor, seats)
    todos = [
        Todo(seat.stage.todo_text(here.count), queue_url(seat), here.count, here.overdue)
        for seat in seats
        if (here := waiting[seat.key]).count
    ]
    others = other_todos(actor)
    return Rail(todos + others, tuple(_groups(actor, seats, path)), others)


def rail(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}

    def read() -> Rail:
        return rail_of(actor, request.seats, request.waiting, request.path)  # type: ignore[attr-defined]

    return {"rail": SimpleLazyObject(read), "actor": actor}
