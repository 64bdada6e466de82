"""How ID numbers and phones are looked up: normalised first, then a keyed hash."""

from __future__ import annotations

from accounts.enums import IdentifierKind
from workflow.encryption import keyed_hash
from workflow.identifiers import normalise_code, normalise_mobile


def hash_number(number: str) -> str:
    """Of a document number; also ``Case.subject_key``."""
    return keyed_hash(IdentifierKind.ID_NUMBER, normalise_code(number))


def hash_phone(phone: str) -> str:
    return keyed_hash(IdentifierKind.PHONE, normalise_mobile(phone))
