"""An identity service on this machine that lies in every way that a test asks for; honest unless asked."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from accounts.enums import RealNameLevel
from accounts.models import Person
from accounts.services.real_name import raise_level
from tests.accounts.factories import PersonFactory

CLIENT_ID, SECRET = "tongban", "between-the-two-of-us"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _key in range(2))
PUBLIC = json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one", "use": "sig", "alg": "RS256"}


@dataclass
class Service:
    """``token``: claims that replace those of an honest ID token (None: left out); ``facts``: what userinfo tells."""

    issuer: str = ""
    named: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"kid": "one"})
    key: Any = KEY
    algorithm: str = "RS256"
    keys: list[dict[str, Any]] = field(default_factory=lambda: [PUBLIC])
    facts: dict[str, Any] = field(default_factory=dict)
    subject: str = "subject-1"
    # {path: (status, body)} in the place of the honest answer; {path: seconds} before it.
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def configuration(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "/go", "token_endpoint": "/token", "jwks_uri": "/keys"}
        paths |= {"userinfo_endpoint": "/facts"}
        return {"issuer": self.issuer} | {name: self.issuer + path for name, path in paths.items()} | self.named

    def agree(self, request: dict[str, str]) -> str:
        """What pressing the button there does; answers the code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = request
        return code

    def tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        request = self.codes.pop(form.get("code", ""), None)
        if request is None or (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, SECRET):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if proof != request["code_challenge"] or form["redirect_uri"] != request["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self.id_token(request)}

    def id_token(self, request: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": request["nonce"]} | self.token
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm=self.algorithm, headers=self.header)


def natural(**facts: Any) -> dict[str, Any]:
    return {"user_kind": "natural", "real_name_level": 2} | facts


def legal(**facts: Any) -> dict[str, Any]:
    return {"user_kind": "legal", "real_name_level": 2} | facts


@contextmanager
def service_running(settings: Any) -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            found: dict[str, Any] = {
                "/.well-known/openid-configuration": service.configuration,
                "/keys": {"keys": service.keys},
                "/facts": {"sub": service.subject} | service.facts,
            }
            self.say(path, 200, found.get(path, {}))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            status, body = service.tokens({name: values[0] for name, values in form.items()})
            self.say(urlsplit(self.path).path, status, body)

        def say(self, path: str, status: int, body: dict[str, Any]) -> None:
            service.asked.append(path)
            time.sleep(service.pauses.get(path, 0))
            status, content = service.answers.get(path, (status, json.dumps(body).encode()))
            try:
                self.send_response(307 if path in service.moved else status)
                if path in service.moved:
                    self.send_header("location", service.moved[path])
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                # The other side has given up waiting.
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    configure(settings, service.issuer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def configure(settings: Any, issuer: str, *, client_id: str = CLIENT_ID, secret: str = SECRET) -> None:
    settings.IDENTITY_SERVICE = {
        "name": "中国政务服务平台",
        "issuer": issuer,
        "client_id": client_id,
        "secret": secret,
        "scopes": ["openid", "profile"],
        "claims": {},
        "values": {},
    }


def leave(client: Client, *, entry: str = "person", target: str = "", **more: str) -> dict[str, str]:
    """Press the button; the parameters with which the browser arrives at the service."""
    page = client.post(reverse("accounts:identity_start"), {"entry": entry, "next": target, **more})
    assert page.status_code == 200, page.text
    address = re.fullmatch(r"0; url=(.+)", page.headers["Refresh"])
    assert address is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(address[1]).query).items()}


def come_back(client: Client, **parameters: str) -> Any:
    return client.get(reverse("accounts:identity_return"), parameters)


def sign_in(client: Client, service: Service, *, entry: str = "person", target: str = "") -> Any:
    """The whole way; answers the last response of the portal, not followed."""
    request = leave(client, entry=entry, target=target)
    return come_back(client, code=service.agree(request), state=request["state"])


def verified_person(**facts: Any) -> Person:
    """With an account at 中级 that a check of name and number has raised; an employer's review alone links nothing."""
    person = PersonFactory(user__real_name_level=RealNameLevel.BASIC, **facts)
    raise_level(person.users.all(), level=RealNameLevel.MIDDLE, verifier="register")
    return person
