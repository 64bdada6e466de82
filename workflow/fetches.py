"""Services hear when somebody takes the file of one of their tasks: it lies there until it expires."""

from __future__ import annotations

from collections.abc import Callable

from workflow.actors import Actor
from workflow.models import Job

Listener = Callable[[Job, Actor], None]

_listeners: dict[str, Listener] = {}


def when_fetched(kind: str) -> Callable[[Listener], Listener]:
    def register(listener: Listener) -> Listener:
        _listeners[kind] = listener
        return listener

    return register


def tell_fetched(job: Job, actor: Actor) -> None:
    if (listener := _listeners.get(job.kind)) is not None:
        listener(job, actor)
