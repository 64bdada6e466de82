"""One printing process: HTML comes in, PDF goes out. It has no settings, no keys and no database.

Frames on standard input and output: eight bytes of length, one byte of kind, content.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import BinaryIO

from workflow.typesetting import typeset

# To the printer: a page, and the answers to what it asks for. From it: a document, a question, why not.
PAGE, RESOURCE, NOTHING = b"P", b"R", b"N"
DOCUMENT, QUESTION, FAILURE = b"D", b"Q", b"F"
HEAD = 8
# Whoever waits for a page of the portal comes first.
NICENESS = 5


def send(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    stream.write(len(content).to_bytes(HEAD, "big") + kind)
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[bytes, bytes]:
    """(kind, content); raise EOFError where the other side has gone."""
    head = stream.read(HEAD + 1)
    if len(head) < HEAD + 1:
        raise EOFError
    length = int.from_bytes(head[:HEAD], "big")
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return head[HEAD:], content


class Printer:
    def __init__(self, pages: BinaryIO, documents: BinaryIO) -> None:
        self.pages, self.documents = pages, documents
        self.known: dict[str, tuple[bytes, str]] = {}

    def read(self, url: str) -> tuple[bytes, str]:
        """Asked of the portal once, and kept: style sheets do not change while a process lives."""
        if url not in self.known:
            send(self.documents, QUESTION, url.encode())
            kind, content = receive(self.pages)
            if kind == NOTHING:
                raise ValueError(content.decode())
            content_type, _newline, content = content.partition(b"\n")
            self.known[url] = content, content_type.decode()
        return self.known[url]

    def work(self) -> None:
        while True:
            _kind, page = receive(self.pages)
            try:
                document = typeset(page.decode(), self.read)
            except EOFError:
                raise
            except Exception as error:
                send(self.documents, FAILURE, f"{type(error).__name__}: {error}"[:500].encode())
            else:
                send(self.documents, DOCUMENT, document)


def main() -> None:
    os.nice(NICENESS)
    documents = sys.stdout.buffer
    # Nothing else may get between the frames.
    sys.stdout = sys.stderr
    with contextlib.suppress(EOFError, BrokenPipeError):
        Printer(sys.stdin.buffer, documents).work()


if __name__ == "__main__":
    main()
