"""Canonical JSON and the digests that chain case events together."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


def canonical_decimal(value: Decimal) -> str:
    """Digits without exponent or trailing zeros, so that 1, 1.00 and a reloaded 1.0000 agree."""
    if not value.is_finite():
        raise ValueError(f"{value} has no canonical form.")
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def canonical_scalar(value: object) -> str:
    """Decimals as strings, times as UTC with microseconds, dates and identifiers as text."""
    match value:
        case Decimal():
            return canonical_decimal(value)
        case datetime():
            if value.tzinfo is None:
                raise ValueError("A time without a zone has no canonical form.")
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case UUID() | Promise():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def canonical_json(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        value, default=canonical_scalar, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def event_digest(previous: str, body: Mapping[str, Any]) -> str:
    """Digest (64 hex characters) of one event and of all that came before it; ``previous`` is "" at the start."""
    return sha256_hex(canonical_json({"body": body, "previous": previous}))


class EventSpelling:
    """The digests of events that differ in a few keys only: what they share is written as JSON once.

    ``digest`` equals ``event_digest`` of the whole body; a property test holds the two together.
    """

    def __init__(self, shared: Mapping[str, Any], *, numbers: Sequence[str], texts: Sequence[str]) -> None:
        """The keys whose values differ: integers, and texts without characters that JSON escapes."""
        marks = {key: f"\0{key}" for key in (*numbers, *texts, "previous")}
        body = {**shared, **{key: marks[key] for key in (*numbers, *texts)}}
        text = canonical_json({"body": body, "previous": marks["previous"]}).decode().replace("%", "%%")
        for key, mark in marks.items():
            place = f"%({key})s" if key in numbers else f'"%({key})s"'
            text = text.replace(canonical_json(mark).decode(), place)
        self._form = text

    def digest(self, values: Mapping[str, int | str]) -> str:
        """``values``: one for each key, and "previous"."""
        return sha256_hex((self._form % values).encode())


def salted_digest(text: str, salt: str | None = None) -> tuple[str, str]:
    """(salt, digest) of a personal text; with text and salt erased, the digest betrays nothing."""
    salt = secrets.token_hex(16) if salt is None else salt
    return salt, sha256_hex(canonical_json([salt, text]))


def is_digest_of(text: str, salt: str, digest: str) -> bool:
    return secrets.compare_digest(salted_digest(text, salt)[1], digest)
