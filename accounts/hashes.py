"""Which keyed hash each kind of identifier has."""

from __future__ import annotations

from accounts.enums import IdentifierKind
from workflow.encryption import keyed_hash
from workflow.identifiers import normalise_code, normalise_mobile
from workflow.lookup_keys import identity_key


def phone_key(phone: str) -> str:
    return keyed_hash(IdentifierKind.PHONE, normalise_mobile(phone))


def identifier_keys(*, number: str = "", phone: str = "", uscc: str = "") -> dict[str, str]:
    """{kind: hash} of what is given."""
    keys = {}
    if number:
        keys[str(IdentifierKind.ID_NUMBER)] = identity_key(number)
    if phone:
        keys[str(IdentifierKind.PHONE)] = phone_key(phone)
    if uscc:
        keys[str(IdentifierKind.CREDIT_CODE)] = keyed_hash(IdentifierKind.CREDIT_CODE, normalise_code(uscc))
    return keys
