"""Where somebody may be sent on to: addresses of ours, and nothing that a link from elsewhere brings."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, target: str) -> str:
    """The page that was asked for before signing in, if it is one of ours."""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else ""
