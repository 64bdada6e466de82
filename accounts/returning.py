"""Who comes signed out to a page that needs a sign-in goes on there afterwards, with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from accounts.models import User
from accounts.refill import Refilled, refill
from accounts.services.kept_forms import KEY, KeptForm, keep_form, kept_form, page_of, who_typed


class SignInMiddleware(LoginRequiredMiddleware):
    """As Django's, and a form that was sent too late is shown again after the sign-in; it is never sent by itself."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.method == "POST":
            keep_form(request, owner=who_typed(request))
        return to_sign_in(request, self.get_login_url(view_func))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if KEY not in request.session or SESSION_KEY not in request.session:
            return response
        user = request.user
        kept = kept_form(request, user) if isinstance(user, User) else None
        if kept is None or (request.method == "POST" and request.path == kept.address):
            # Over, or sent again by the person.
            del request.session[KEY]
        elif request.method == "GET" and request.path == kept.page.partition("?")[0] and _is_page(response):
            del request.session[KEY]
            _fill_in(request, response, kept)
        return response


def to_sign_in(request: HttpRequest, entry: str | None = None) -> HttpResponse:
    """A part of a page that asks for itself takes the whole page along; ``entry``: the door that the page names."""
    answer = redirect_to_login(page_of(request), entry)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


def _is_page(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and not response.streaming and is_html


def _fill_in(request: HttpRequest, response: HttpResponse, kept: KeptForm) -> None:
    found: Refilled = refill(response.text, kept.fields, path=request.path, address=kept.address)
    context = {"has_files": kept.has_files, "left": found.left}
    note = render_to_string("accounts/_kept_form.html", context, request)
    response.content = found.page[: found.start] + note + found.page[found.start :]
