"""/livez and /readyz for load balancers and container engines: asked by address, so no host name is checked."""

from collections.abc import Callable, Iterator, Mapping

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse

from workflow.typesetting import has_fast_fonts, why_unavailable


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")


def _ask_cache() -> None:
    cache.get("readyz")


def _ask_files() -> None:
    default_storage.exists("readyz")


PARTS: Mapping[str, Callable[[], None]] = {"database": _ask_database, "cache": _ask_cache, "files": _ask_files}


class HealthMiddleware:
    """Stands before everything else: it must answer without a session, a redirect to https, or a known host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return _plain("ok")
        if request.path == "/readyz":
            return _ready()
        return self.get_response(request)


def _ready() -> HttpResponse:
    broken = [name for name, ask in PARTS.items() if not _works(ask)]
    if broken:
        return _plain(f"not reachable: {', '.join(broken)}", 503)
    # What is slow or missing keeps no visitors away.
    return _plain("\n".join(["ok", *_limits()]))


def _limits() -> Iterator[str]:
    if why_unavailable():
        yield "limited: PDF documents cannot be printed"
    elif not has_fast_fonts():
        yield "limited: PDF documents are slow without libharfbuzz-subset0"


def _works(ask: Callable[[], None]) -> bool:
    # Whatever goes wrong behind a part, the answer is that this server should get no visitors now.
    try:
        ask()
    except Exception:
        return False
    return True


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
