"""The portal in a gunicorn of its own for each database, and a signed-in officer who asks it for pages over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from accounts.models import User
from tools.services import free_port, stop

PATIENCE = 60


@contextmanager
def serve(settings_module: str) -> Iterator[int]:
    """The portal on the database that this process uses now; answers the port. One process, for one asks at a time."""
    port, used = free_port(), connection.settings_dict
    place = f"{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings_module,
        "DATABASE_URL": f"postgres://{place}/{used['NAME']}",
        "WEB_CONCURRENCY": "1",
        "WEB_THREADS": "1",
    }
    command = [
        sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "docker/gunicorn_config.py",
        "--bind", f"127.0.0.1:{port}", "--max-requests", "0", "--access-logfile", "/dev/null", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        _wait(port, process)
        yield port
    finally:
        stop(process, signal.SIGTERM)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            probe = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            probe.request("GET", "/livez")
            if probe.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("gunicorn does not answer.")


def sign_in(user: User) -> str:
    """The session's cookie; the row stands in the database that this process uses now."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Officer:
    """Asks one server with one session, over a connection that stays open."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._headers = {"Cookie": cookie, "Accept-Language": "zh-CN"}

    def ask(self, address: str) -> tuple[bytes, dict[str, str]]:
        """(the page, its headers); raises RuntimeError for anything but a page."""
        self._connection.request("GET", address, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{address}: {response.status}")
        return body, dict(response.getheaders())
