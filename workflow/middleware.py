"""Per request: the business clock and the actor (user in the chosen duty)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from workflow import clock
from workflow.actors import Actor
from workflow.models import Duty
from workflow.seats import Post, Seat, Waiting, posts_of

if TYPE_CHECKING:

    class ActorRequest(HttpRequest):
        """A request of somebody signed in; the floor above knows what a user is."""

        user: Any
        actor: Actor
        duties: list[Duty]
        seats: list[Seat]
        # {(case type, stage): cases waiting}
        waiting: dict[tuple[str, str], Waiting]

else:
    ActorRequest = HttpRequest

DUTY_KEY = "duty"


class ClockMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clock.read()
        return self.get_response(request)


class ActorMiddleware:
    """Sets ``request.actor``, its duties, seats and waiting counts; one statement reads them when a page asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        posts: Any = SimpleLazyObject(lambda: _posts(request))
        post: Any = SimpleLazyObject(lambda: _chosen(request, posts))
        request.duties = SimpleLazyObject(lambda: [post.duty for post in posts])  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request, post))  # type: ignore[attr-defined]
        request.seats = SimpleLazyObject(lambda: post.seats if post else [])  # type: ignore[attr-defined]
        request.waiting = SimpleLazyObject(lambda: post.waiting if post else {})  # type: ignore[attr-defined]
        return self.get_response(request)


def _posts(request: HttpRequest) -> list[Post]:
    return posts_of(request.user.pk, clock.today()) if request.user.is_authenticated else []


def _chosen(request: HttpRequest, posts: list[Post]) -> Post | None:
    chosen = request.session.get(DUTY_KEY) if posts else None
    return next((post for post in posts if post.duty.pk == chosen), posts[0] if posts else None)


def _actor(request: HttpRequest, post: Post | None) -> Actor:
    if not post:
        return Actor(user=request.user)
    return replace(Actor.in_duty(post.duty, request.user), also_manages=post.also_manages)  # type: ignore[arg-type]
