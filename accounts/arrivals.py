"""Floors above hear when registrations have become persons, and before such an approval is taken back. Sets in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from accounts.models import PersonRegistration

Listener = Callable[[Sequence[PersonRegistration]], None]

_arrived: list[Listener] = []
_leaving: list[Listener] = []


def when_arrived(listener: Listener) -> Listener:
    """Called in the transaction of the approval, with a fixed number of statements for however many."""
    _arrived.append(listener)
    return listener


def before_leaving(listener: Listener) -> Listener:
    """Called while the accounts still are those of their persons."""
    _leaving.append(listener)
    return listener


def tell_arrived(registrations: Sequence[PersonRegistration]) -> None:
    for listener in _arrived:
        listener(registrations)


def tell_leaving(registrations: Sequence[PersonRegistration]) -> None:
    for listener in _leaving:
        listener(registrations)
