"""Per request: the business clock and the actor (user in the chosen duty)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from workflow import clock
from workflow.actors import Actor
from workflow.models import Duty
from workflow.seats import Seat, seats_of, waiting_counts

if TYPE_CHECKING:

    class ActorRequest(HttpRequest):
        """A request of somebody signed in; the floor above knows what a user is."""

        user: Any
        actor: Actor
        duties: list[Duty]
        seats: list[Seat]
        # {(case type, stage): cases waiting}
        waiting: dict[tuple[str, str], int]

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
    """Sets ``request.actor``, its duties, seats and waiting counts; each is read once, when a page asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.duties = SimpleLazyObject(lambda: _duties(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        request.seats = SimpleLazyObject(lambda: seats_of(request.actor))  # type: ignore[attr-defined]
        request.waiting = SimpleLazyObject(lambda: waiting_counts(request.actor))  # type: ignore[attr-defined]
        return self.get_response(request)


def _duties(request: HttpRequest) -> list[Duty]:
    if not request.user.is_authenticated:
        return []
    return list(Duty.objects.of(request.user.pk).on(clock.today()))


def _actor(request: HttpRequest) -> Actor:
    duties: list[Duty] = request.duties  # type: ignore[attr-defined]
    if not duties:
        return Actor(user=request.user)
    chosen = request.session.get(DUTY_KEY)
    duty = next((duty for duty in duties if duty.pk == chosen), duties[0])
    return Actor.in_duty(duty, request.user)  # type: ignore[arg-type]
