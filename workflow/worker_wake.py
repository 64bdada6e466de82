"""Telling the workers that rows wait; losing the call loses nothing, the rows are the queue."""

from __future__ import annotations

from collections.abc import Callable

_wakers: list[Callable[[], None]] = []


def on_wake(waker: Callable[[], None]) -> None:
    _wakers.append(waker)


def wake_workers() -> None:
    for waker in _wakers:
        waker()
