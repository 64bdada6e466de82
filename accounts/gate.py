"""What must be done before anything else: no page leads around it, whichever way somebody came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from accounts.enums import SignInWay
from accounts.middleware import is_public, view_name
from accounts.models import User
from accounts.second_factor import has_second_factor
from accounts.services.entering import PENDING, PROVED, ask_second_factor, due_step
from accounts.services.known_browsers import keep
from accounts.targets import own_address

Respond = Callable[[HttpRequest], HttpResponse]

SECOND_FACTOR = "accounts:second_factor"
# May be used at every step.
ALWAYS = frozenset({"accounts:sign_out", "accounts:keep_alive", "set_language"})


class GateMiddleware:
    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        keep(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = view_name(request)
        if SESSION_KEY not in request.session or not isinstance(request.user, User):
            between = PENDING in request.session and not is_public(view)
            return _to(request, resolve_url(SECOND_FACTOR)) if between else None
        if name in ALWAYS:
            return None
        if has_second_factor(request.user) and not request.session.get(PROVED):
            # Signed in without it: by a way that forgot it, or before the account had one.
            return _to(request, _back_between(request, request.user))
        step = due_step(request.user)
        return None if step is None or name in step.pages else _to(request, resolve_url(step.page))


def _back_between(request: HttpRequest, user: User) -> str:
    target = own_address(request, request.get_full_path()) if request.method == "GET" else ""
    logout(request)
    return ask_second_factor(request, user, way=SignInWay.PASSWORD, target=target)


def _to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
