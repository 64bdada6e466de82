"""Who asks for a code: the browser, known by a random value in its session, and the address."""

from __future__ import annotations

import secrets

from django.http import HttpRequest

from accounts.forms.codes import BUTTON
from accounts.services.codes import Visitor
from workflow.visitors import address_of

BROWSER = "browser"


def visitor_of(request: HttpRequest) -> Visitor:
    """Whoever only looks at a form gets no session for it."""
    if request.method == "POST" and BROWSER not in request.session:
        request.session[BROWSER] = secrets.token_urlsafe(32)
    return Visitor(request.session.get(BROWSER, ""), address_of(request))


def asks_for_code(request: HttpRequest) -> str:
    """The name of the code's field whose button was pressed; empty where the form itself was sent."""
    return request.POST.get(BUTTON, "")
