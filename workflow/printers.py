"""Printing processes of a job: several documents at a time, and what they take goes back when the job ends."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from django.conf import settings

from workflow.printer import DOCUMENT, NOTHING, PAGE, QUESTION, RESOURCE, receive, send
from workflow.printing import read_resource

# Each takes about 130 MB.
MOST = 2
# Seconds for one document, after which its process is taken for stuck.
PATIENCE = 60
# What a process needs to find programs, fonts and its language; keys and passwords stay here.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_", "TMPDIR", "TZ", "XDG_", "FONTCONFIG_", "LD_LIBRARY_PATH", "PYTHON")


class PrintingFailedError(Exception):
    """A process could not print a document, or has died."""


class Printers:
    """A context: the processes start with their first pages and end with it, whatever happens."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or min(MOST, os.cpu_count() or 1)
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.communicate()

    def print(self, pages: Iterable[str]) -> Iterator[bytes]:
        """The documents in the order of their pages, of which one more is taken than there are processes."""
        waiting: deque[subprocess.Popen[bytes]] = deque()
        for number, page in enumerate(pages):
            if len(waiting) == self.count:
                yield _collect(waiting.popleft())
            process = self._process(number % self.count)
            _hand_over(process, PAGE, page.encode())
            waiting.append(process)
        while waiting:
            yield _collect(waiting.popleft())

    def _process(self, number: int) -> subprocess.Popen[bytes]:
        if number == len(self._processes):
            self._processes.append(_start())
        return self._processes[number]


def _start() -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
    return subprocess.Popen(
        [sys.executable, "-m", "workflow.printer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env=environment,
    )


def _hand_over(process: subprocess.Popen[bytes], kind: bytes, content: bytes) -> None:
    assert process.stdin is not None
    try:
        send(process.stdin, kind, content)  # type: ignore[arg-type]
    except BrokenPipeError as error:
        raise PrintingFailedError("A printing process has died.") from error


def _collect(process: subprocess.Popen[bytes]) -> bytes:
    """The document, after answering what the process asks for on the way."""
    while True:
        kind, content = _receive(process)
        if kind == DOCUMENT:
            return content
        if kind != QUESTION:
            raise PrintingFailedError(content.decode())
        try:
            found, content_type = read_resource(content.decode())
        except (ValueError, OSError) as error:
            _hand_over(process, NOTHING, str(error).encode())
        else:
            _hand_over(process, RESOURCE, content_type.encode() + b"\n" + found)


def _receive(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN)
    if not poll.poll(PATIENCE * 1000):
        raise PrintingFailedError(f"A document was not printed within {PATIENCE} seconds.")
    try:
        return receive(process.stdout)  # type: ignore[arg-type]
    except EOFError as error:
        raise PrintingFailedError("A printing process has died.") from error
