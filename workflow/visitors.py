"""Where a visitor of a public page comes from, and how often from there."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; what a visitor writes into the header is further left."""
    hops: int = settings.TRUSTED_PROXIES
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return seen[-hops] if 0 < hops <= len(seen) else str(request.META.get("REMOTE_ADDR", ""))


def comes_too_often(request: HttpRequest, what: str, *, tries: int, seconds: int) -> bool:
    """Count this try of ``what``; whether there were more than ``tries`` from this address in that time."""
    key = f"{what}/{address_of(request)}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return bool(cache.incr(key) > tries)
    except ValueError:
        # The time was over between the two calls.
        return False
