"""What holds for every address: no character that no database keeps, no copy of a private page in a shared browser."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]

NULL = "\x00"


class NullCharacterMiddleware:
    """Nobody types U+0000, and PostgreSQL stores none: such a request is no mistake of a visitor."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Raises SuspiciousOperation, which Django answers with 400. The CSRF check has read the form already."""
        sent = [value for data in (request.GET, request.POST) for _key, values in data.lists() for value in values]
        if any(NULL in str(text) for text in (*sent, *kwargs.values())):
            raise SuspiciousOperation("A null character was sent.")


class PrivatePagesMiddleware:
    """After signing out, the browser of a counter's computer shows nothing to whoever presses "back"."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = SESSION_KEY in request.session
        response = self.get_response(request)
        if is_signed_in or SESSION_KEY in request.session:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
