"""A two-element check on this machine that behaves as badly as a test asks it to. Written from its own side."""

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

APP_ID, SECRET = "tongban-test", "a-secret-of-the-test"


@dataclass
class Answer:
    status: int = 200
    body: bytes = b'{"result": "agree", "serial": "S-1"}'
    # Seconds before the first byte.
    pause: float = 0
    # One byte at a time, this many seconds apart.
    drip: float = 0
    # Instead of the right signature.
    signature: str | None = None
    # The signature of an answer to this question.
    nonce: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def said(result: str, **facts: Any) -> Answer:
    return Answer(body=json.dumps({"result": result, "serial": "S-1"} | facts).encode())


@dataclass
class Register:
    """``answers``: to the next questions, in their order; afterwards it agrees."""

    address: str = ""
    answers: list[Answer] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)
    forged: int = 0

    def answer(self) -> Answer:
        return self.answers.pop(0) if self.answers else Answer()


def _signature(*lines: str) -> str:
    return hmac.new(SECRET.encode(), "\n".join(lines).encode(), "sha256").hexdigest()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@contextmanager
def register_running() -> Iterator[Register]:
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            nonce = self.headers["x-nonce"]
            register.questions.append(json.loads(body))
            register.nonces.append(nonce)
            fresh = abs(time.time() - int(self.headers["x-timestamp"])) < 60
            right = _signature(self.headers["x-timestamp"], nonce, _digest(body)) == self.headers["x-signature"]
            register.forged += not (right and fresh and self.headers["x-app-id"] == APP_ID)
            self._say(register.answer(), nonce)

        def _say(self, answer: Answer, nonce: str) -> None:
            time.sleep(answer.pause)
            signature = answer.signature
            if signature is None:
                signature = _signature("answer", answer.nonce or nonce, _digest(answer.body))
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("x-signature", signature)
                self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                for byte in answer.body if answer.drip else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(answer.drip)
                if not answer.drip:
                    self.wfile.write(answer.body)
            except OSError:
                # The other side has given up waiting.
                self.close_connection = True

        def do_GET(self) -> None:
            register.questions.append({"followed": self.path})
            self._say(Answer(), "")

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    register.address = f"http://127.0.0.1:{server.server_address[1]}/check"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
