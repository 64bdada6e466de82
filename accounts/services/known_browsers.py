"""Browsers in which somebody has signed in before: who guesses elsewhere does not lock them out.

A failure counts against the name at strange browsers, or at this one known browser; so whoever wants to lock a victim
out locks the strangers only (OWASP: device cookies).
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE, SALT = "known", "accounts.known_browsers"
DAYS = 180
# A counter's computer is shared; whoever used it longest ago is a stranger again.
ACCOUNTS_KEPT = 5
TRIES, SECONDS = 5, 15 * 60


def _read(request: HttpRequest) -> dict[str, str]:
    """{user name: nonce} of this browser; empty where nothing valid was sent."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return {}
    return dict(found)


def known_names(request: HttpRequest) -> list[str]:
    """User names of those who have signed in here, as far as this browser still says so."""
    return list(_read(request))


def lock_name(request: HttpRequest, username: str) -> str:
    """What failures of this user name at this browser are counted under."""
    return f"{username.lower()}/{_read(request).get(username.lower(), 'stranger')}"


def know_browser(request: HttpRequest, user: User) -> None:
    """The answer to this request will carry the cookie (``keep``)."""
    known = _read(request)
    nonce = known.pop(user.username, None) or secrets.token_urlsafe(12)
    kept = dict(list(known.items())[-(ACCOUNTS_KEPT - 1) :])
    request.known_browser = signing.dumps(kept | {user.username: nonce}, salt=SALT)  # type: ignore[attr-defined]


def keep(request: HttpRequest, response: HttpResponse) -> None:
    value: str = getattr(request, "known_browser", "")
    if value:
        response.set_cookie(
            COOKIE, value, max_age=DAYS * 86400, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
