"""What the QR code of a card says, as bytes and as text; who signs and who believes it stands elsewhere.

version (1 byte) · key (2) · edition (2) · card number (ASCII) · Ed25519 signature (64), as base64url without padding.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from dataclasses import dataclass

VERSION = 1
HEAD = struct.Struct(">BHH")
SIGNATURE_BYTES = 64
# What is signed says for what it is signed: a signature from elsewhere is none for a card.
DOMAIN = b"tongban talent card\0"
NUMBER = re.compile(r"[A-Z]{2,8}[ABC][0-9]{9}")
ALPHABET = re.compile(r"[A-Za-z0-9_-]{80,160}")


class UnreadableCodeError(ValueError):
    """The text is no code of a card."""


@dataclass(frozen=True, slots=True)
class CardCode:
    key: int
    edition: int
    number: str

    @property
    def body(self) -> bytes:
        return HEAD.pack(VERSION, self.key, self.edition) + self.number.encode("ascii")

    @property
    def signed_bytes(self) -> bytes:
        return DOMAIN + self.body


def write_code(code: CardCode, signature: bytes) -> str:
    return base64.urlsafe_b64encode(code.body + signature).decode().rstrip("=")


def read_code(text: str) -> tuple[CardCode, bytes]:
    """(code, signature), neither believed yet. Raises UnreadableCodeError for what ``write_code`` never wrote."""
    if not ALPHABET.fullmatch(text):
        raise UnreadableCodeError
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise UnreadableCodeError from error
    body, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    if len(body) < HEAD.size:
        raise UnreadableCodeError
    version, key, edition = HEAD.unpack(body[: HEAD.size])
    number = body[HEAD.size :].decode("ascii", "replace")
    code = CardCode(key, edition, number)
    # The last character of base64 has bits to spare: one text alone stands for these bytes.
    if version != VERSION or not NUMBER.fullmatch(number) or write_code(code, signature) != text:
        raise UnreadableCodeError
    return code, signature
