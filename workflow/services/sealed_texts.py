"""Sealed numbers in addresses that were kept: the filters of selections and of tasks. Keys rotate there too."""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

from workflow.encryption import DecryptionError, default_cipher
from workflow.keyset import POSITION
from workflow.models import Job, Selection
from workflow.sealing import CONTEXT, MARK
from workflow.services.rotation import Hidden, Renew, register_hidden

# Key id, nonce and tag alone are 29 bytes; an address writes "=" as %3D.
SEALED = re.compile(rf"{MARK}([A-Za-z0-9_-]{{39,}}(?:=|%3[Dd]){{0,2}})")


def _stored(letters: str) -> bytes:
    try:
        return urlsafe_b64decode(re.sub("%3[Dd]", "=", letters))
    except (binascii.Error, ValueError):
        return b""


def _context_of(stored: bytes) -> str:
    """Which kind of seal it is; "" for what nobody here has sealed, or whose key is gone: it finds nobody."""
    for context in (CONTEXT, POSITION):
        try:
            default_cipher().decrypt(stored, context)
        except DecryptionError:
            continue
        return context
    return ""


def find_seals(text: str) -> Iterator[tuple[bytes, str]]:
    for match in SEALED.finditer(text):
        stored = _stored(match[1])
        if context := _context_of(stored):
            yield stored, context


def replace_seals(text: str, renew: Renew) -> str:
    def replaced(match: re.Match[str]) -> str:
        stored = _stored(match[1])
        context = _context_of(stored)
        if not context:
            return match[0]
        letters = urlsafe_b64encode(renew(stored, context)).decode()
        return MARK + (letters.replace("=", "%3D") if "%" in match[1] else letters)

    return SEALED.sub(replaced, text)


def _find_in_params(params: dict[str, Any]) -> Iterator[tuple[bytes, str]]:
    return find_seals(json.dumps(params))


def _replace_in_params(params: dict[str, Any], renew: Renew) -> dict[str, Any]:
    replaced: dict[str, Any] = json.loads(replace_seals(json.dumps(params), renew))
    return replaced


register_hidden(Hidden("workflow.selection (criteria)", Selection, "criteria", find_seals, replace_seals))
register_hidden(Hidden("workflow.job (params)", Job, "params", _find_in_params, _replace_in_params))
