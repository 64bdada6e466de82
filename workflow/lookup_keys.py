"""Keyed hashes by which an identity number finds its rows; the number itself is never stored in the clear."""

from __future__ import annotations

from workflow.encryption import keyed_hash
from workflow.identifiers import normalise_code

ID_NUMBER = "id_number"
ID_TAIL = "id_tail"
TAIL_LENGTH = 6


def identity_key(number: str) -> str:
    """For ``Case.subject_key`` and every other unique or searchable column of an identity number."""
    return keyed_hash(ID_NUMBER, normalise_code(number))


def tail_key(number: str) -> str:
    """For ``Case.summary["tail_key"]``: the public progress query asks for the last six characters."""
    return keyed_hash(ID_TAIL, normalise_code(number)[-TAIL_LENGTH:])
