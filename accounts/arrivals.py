"""Floors above hear when registrations have become persons, and before such an approval is taken back. Sets in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.models import PersonRegistration
from workflow.models import Case

Listener = Callable[[Sequence[PersonRegistration]], None]
# Keys of papers of a person's own, to be asked within another statement.
Finder = Callable[[Sequence[Case]], QuerySet[Any, Any]]

_arrived: list[Listener] = []
_leaving: list[Listener] = []
_finders: list[Finder] = []


def when_arrived(listener: Listener) -> Listener:
    """Called in the transaction of the approval, with a fixed number of statements for however many."""
    _arrived.append(listener)
    return listener


def before_leaving(listener: Listener) -> Listener:
    """Called while the accounts still are those of their persons."""
    _leaving.append(listener)
    return listener


def finds_brought(finder: Finder) -> Finder:
    """Finds what the approvals of these registrations have put among the papers of their persons."""
    _finders.append(finder)
    return finder


def find_brought(cases: Sequence[Case]) -> Iterator[QuerySet[Any, Any]]:
    return (finder(cases) for finder in _finders)


def tell_arrived(registrations: Sequence[PersonRegistration]) -> None:
    for listener in _arrived:
        listener(registrations)


def tell_leaving(registrations: Sequence[PersonRegistration]) -> None:
    for listener in _leaving:
        listener(registrations)
