"""Where a visitor of a public page comes from, and how often from there."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.http import HttpRequest


class Count(Protocol):
    """Counts one try of ``name``; False where there were ``tries`` within ``seconds`` already."""

    def __call__(self, kind: str, name: str, *, tries: int, seconds: int) -> bool: ...


_counts: list[Count] = []


def counter(function: Count) -> Count:
    """The floor above keeps the counts in the database: they hold when the cache is away."""
    _counts.append(function)
    return function


def address_of(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; what a visitor writes into the header is further left."""
    hops: int = settings.TRUSTED_PROXIES
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return seen[-hops] if 0 < hops <= len(seen) else str(request.META.get("REMOTE_ADDR", ""))


def comes_too_often(request: HttpRequest, what: str, *, tries: int, seconds: int) -> bool:
    """Count this try of ``what``; whether there were more than ``tries`` from this address in that time."""
    return not all(count(what, address_of(request), tries=tries, seconds=seconds) for count in _counts)
