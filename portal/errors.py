"""The page for what should not have happened: 503 while the database or the cache is away, 500 for the rest."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from redis.exceptions import RedisError

# Tries of signing in are counted in the cache: without it nobody gets in, for nobody could be kept from guessing.
AWAY = (OperationalError, InterfaceError, RedisError)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render without context processors: whatever is broken, these pages are not."""
    if isinstance(sys.exc_info()[1], AWAY):
        return HttpResponse(loader.render_to_string("503.html"), status=503, headers={"Retry-After": "120"})
    return HttpResponse(loader.render_to_string("500.html"), status=500)
