"""A provider of text messages on this machine that behaves as badly as a test asks it to."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY_ID, SECRET = "provider-key", "provider-secret"


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    # Seconds before the first byte; the request has been taken by then.
    pause: float = 0


def ok(**values: Any) -> Answer:
    return Answer(body=json.dumps({"Code": "OK", "Message": "OK", "RequestId": "1"} | values).encode())


def refusal(code: str, message: str, status: int = 200) -> Answer:
    return Answer(status, json.dumps({"Code": code, "Message": message}).encode())


@dataclass
class Provider:
    """``answers``: what it says to the next calls, in their order; afterwards it takes everything."""

    address: str = ""
    answers: list[Answer] = field(default_factory=list)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forged: int = 0

    @property
    def sent(self) -> list[dict[str, str]]:
        return [params for action, params in self.calls if action == "SendSms"]

    def answer(self, action: str) -> Answer:
        if self.answers:
            return self.answers.pop(0)
        return ok(BizId=f"biz-{len(self.calls)}") if action == "SendSms" else details()


def details(*rows: dict[str, Any]) -> Answer:
    return ok(TotalCount=len(rows), SmsSendDetailDTOs={"SmsSendDetailDTO": list(rows)})


def _is_signed(method: str, path: str, headers: Any) -> bool:
    """Written from the provider's side: reads the header instead of making it."""
    scheme, _space, rest = headers.get("authorization", "").partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    names = parts["SignedHeaders"].split(";")
    lines = [method, urlsplit(path).path, urlsplit(path).query]
    lines += [
        *(f"{name}:{headers[name]}" for name in names),
        "",
        parts["SignedHeaders"],
        hashlib.sha256(b"").hexdigest(),
    ]
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256("\n".join(lines).encode()).hexdigest()
    expected = hmac.new(SECRET.encode(), to_sign.encode(), "sha256").hexdigest()
    is_complete = set(names) >= {"host", *(name.lower() for name in headers if name.lower().startswith("x-acs-"))}
    return (
        scheme == "ACS3-HMAC-SHA256"
        and parts["Credential"] == KEY_ID
        and is_complete
        and expected == parts["Signature"]
    )


@contextmanager
def provider_running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            action = self.headers["x-acs-action"]
            provider.calls.append((action, dict(parse_qsl(urlsplit(self.path).query))))
            provider.forged += not _is_signed("POST", self.path, self.headers)
            answer = provider.answer(action)
            time.sleep(answer.pause)
            try:
                self.send_response(answer.status)
                self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                # The other side has given up waiting.
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
