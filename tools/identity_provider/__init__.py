"""A demo of 中国政务服务平台: a real OpenID provider (allauth's) with invented people, for `make run` and the tests.

Never part of a deployment: it knows nobody and lets in everybody.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who has an account there; ``claims``: what it tells a portal of them."""

    account: str
    label: str
    claims: dict[str, Any]


class ProviderProcess:
    """The process beside ours. It lives as long as the pipe that it reads from: whoever holds that end keeps it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tools.identity_provider"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.issuer = ""

    def serve(
        self,
        *,
        host: str,
        port: int,
        client_id: str,
        secret: str,
        callbacks: Sequence[str],
        citizens: Sequence[Citizen],
    ) -> str:
        """Answers the issuer when the first request may come. Any free port where ``port`` is taken."""
        facts = {"host": host, "port": port, "client_id": client_id, "secret": secret, "callbacks": list(callbacks)}
        line = json.dumps(facts | {"citizens": [asdict(citizen) for citizen in citizens]})
        print(line, file=self.lifeline, flush=True)
        assert self.process.stdout is not None
        self.issuer = self.process.stdout.readline().strip()
        return self.issuer

    @property
    def lifeline(self) -> IO[str]:
        assert self.process.stdin is not None
        return self.process.stdin

    def stop(self) -> None:
        self.lifeline.close()
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()
