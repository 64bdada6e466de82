"""A browser without a screen: cookies, forms, one connection per request, so that either web process may answer."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

TOKEN = "t" * 32
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    location: str
    text: str

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields of the page's forms: token, revision, what was selected."""
        reader = _Hidden()
        reader.feed(self.text)
        return reader.found


class NoAnswer(Exception):
    """The server went away before it had answered."""


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if (
            tag == "input"
            and facts.get("type") == "hidden"
            and facts.get("name")
            and facts.get("name") != "csrfmiddlewaretoken"
        ):
            self.found[str(facts["name"])] = facts.get("value") or ""


class Browser:
    """Somebody who has signed in."""

    def __init__(self, port: int, user: object) -> None:
        client = Client()
        client.force_login(user)
        self.port = port
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> Page:
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        return self._ask("POST", path, urlencode([*pairs, ("csrfmiddlewaretoken", TOKEN)]))

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookies, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Page(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
