"""两要素核验 over HTTP: a signed question, a signed answer (docs/real-name.md has the interface).

What cannot be trusted or understood is no answer: only a rightly signed "agree" or "disagree" is one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import HTTPError

from accounts.verifiers import RESIDENT_ID, Claim, PersonClaim, Unavailable, Verdict
from workflow import clock

LONGEST_ANSWER = 16 * 1024
# Answers after which another try makes sense.
PASSING = frozenset({HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)})
ANSWERS = {"agree": True, "disagree": False}


class _TryAgain(Exception):
    """This try led to nothing, the next one may."""


class TwoElementVerifier:
    """Keys and address come from the settings, which the start looks at."""

    key = "two_element"
    label = _("Two-element check")
    notice = ""

    def __init__(
        self,
        *,
        connect: float = 3,
        read: float = 5,
        deadline: float = 15,
        pauses: Sequence[float] = (0.5, 1.5),
    ) -> None:
        """Seconds: to connect, to wait for each part of an answer, for everything; and between the tries."""
        self.connect, self.read, self.deadline, self.pauses = connect, read, deadline, pauses

    def takes(self, claim: Claim) -> bool:
        """The registers know resident identity cards; whoever has another document shows it at a counter."""
        kind = claim.document_kind if isinstance(claim, PersonClaim) else claim.principal_document_kind
        return kind == RESIDENT_ID

    def check(self, claim: Claim) -> Verdict:
        kind = "person" if isinstance(claim, PersonClaim) else "legal_person"
        body = json.dumps({"kind": kind} | asdict(claim), ensure_ascii=False).encode()
        until, failure = time.monotonic() + self.deadline, ""
        for pause in (0, *self.pauses):
            if time.monotonic() + pause >= until:
                break
            time.sleep(pause)
            try:
                return self._ask(body, until)
            except _TryAgain as again:
                failure = str(again)
        raise Unavailable(failure or "no answer in time")

    def _ask(self, body: bytes, until: float) -> Verdict:
        nonce = secrets.token_hex(16)
        try:
            status, signature, answer = self._send(body, nonce, until)
        except (requests.RequestException, HTTPError, OSError) as error:
            # Its text may repeat what was sent: only its name is told.
            raise _TryAgain(f"no answer ({type(error).__name__})") from None
        if status in PASSING:
            raise _TryAgain(f"HTTP {status}")
        if status != HTTPStatus.OK:
            raise Unavailable(f"HTTP {status}")
        if not hmac.compare_digest(sign("answer", nonce, answer).encode(), signature.lower().encode()):
            raise Unavailable("an answer that is not signed by the verifier")
        return _read(answer)

    def _send(self, body: bytes, nonce: str, until: float) -> tuple[int, str, bytes]:
        """(status, signature, body) of the answer."""
        with requests.Session() as session:
            # No proxy and no .netrc of the environment: the question carries numbers.
            session.trust_env = False
            response = session.post(
                settings.REAL_NAME_ENDPOINT,
                data=body,
                headers=_headers(body, nonce),
                timeout=(self.connect, min(self.read, max(until - time.monotonic(), 0.1))),
                allow_redirects=False,
                stream=True,
            )
            return response.status_code, response.headers.get("X-Signature", ""), _read_within(response, until)


def _read_within(response: requests.Response, until: float) -> bytes:
    """A time-out of reading begins anew with every byte; this one does not."""
    answer = b""
    while len(answer) < LONGEST_ANSWER and (part := response.raw.read1(LONGEST_ANSWER)):
        answer += part
        if time.monotonic() > until:
            raise _TryAgain("an answer that does not end")
    return answer


def _headers(body: bytes, nonce: str) -> Mapping[str, str]:
    stamp = str(int(clock.machine_now().timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "X-App-Id": settings.REAL_NAME_APP_ID,
        "X-Timestamp": stamp,
        "X-Nonce": nonce,
        "X-Signature": sign(stamp, nonce, body),
    }


def sign(first: str, nonce: str, body: bytes) -> str:
    """``first``: the time of a question, the word "answer" of an answer."""
    text = "\n".join((first, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(settings.REAL_NAME_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def _read(answer: bytes) -> Verdict:
    try:
        said: Any = json.loads(answer)
    except ValueError:
        said = None
    if not isinstance(said, dict) or said.get("result") not in ANSWERS:
        raise Unavailable("an answer that cannot be read")
    return Verdict(ANSWERS[said["result"]], str(said.get("serial", ""))[:64])
