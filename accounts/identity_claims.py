"""What the identity service tells of somebody, in our words: which claim is which, and what its values mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.enums import RealNameLevel, UserKind
from accounts.identity_service import Disbelieved
from workflow.codelists import DOCUMENT_KINDS
from workflow.encryption import keyed_hash
from workflow.identifiers import (
    normalise_code,
    normalise_mobile,
    normalise_name,
    read_document,
    validate_document_number,
    validate_mobile,
    validate_person_name,
    validate_uscc,
)
from workflow.lookup_keys import identity_key

RESIDENT_ID = "01"
# Whoever holds a phone signs in by it: one that the service says nobody has proved is none.
UNPROVED = ("false", "0")
KINDS = {"natural": UserKind.PERSON, "legal": UserKind.UNIT}


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """``name``, ``number`` and ``phone`` are those of the human being, who acts for the employer ``uscc`` if any.

    ``subject``: a keyed hash of issuer and subject; some services make their subjects of ID numbers.
    """

    subject: str
    kind: UserKind
    level: RealNameLevel
    document_kind: str
    number: str
    name: str
    phone: str
    uscc: str
    unit_name: str

    @property
    def number_hash(self) -> str:
        return identity_key(self.number)

    @property
    def birth_date(self) -> date | None:
        card = read_document(self.document_kind, self.number)
        return card.birth_date if card is not None else None

    @property
    def sex(self) -> str:
        card = read_document(self.document_kind, self.number)
        return card.sex if card is not None else "0"


def read_identity(subject: str, claims: Mapping[str, Any]) -> VerifiedIdentity:
    """Raises Disbelieved where something is missing or no such number can exist."""
    fact = _Facts(claims)
    kind = KINDS.get(fact("user_kind"))
    if kind is None:
        raise Disbelieved("kind of account")
    identity = VerifiedIdentity(
        subject=keyed_hash("identity_subject", f"{settings.IDENTITY_SERVICE['issuer']}\0{subject}"),
        kind=kind,
        level=_level(fact("real_name_level")),
        document_kind=fact("document_kind") or RESIDENT_ID,
        number=normalise_code(fact("id_number")),
        name=normalise_name(fact("name")),
        phone=_phone(fact("phone_number")) if fact("phone_number_verified").lower() not in UNPROVED else "",
        uscc=normalise_code(fact("uscc")) if kind == UserKind.UNIT else "",
        unit_name=normalise_name(fact("unit_name")) if kind == UserKind.UNIT else "",
    )
    _check(identity)
    return identity


class _Facts:
    def __init__(self, claims: Mapping[str, Any]) -> None:
        self.claims = claims
        self.names: Mapping[str, str] = settings.IDENTITY_SERVICE["claims"]
        self.values: Mapping[str, str] = settings.IDENTITY_SERVICE["values"]

    def __call__(self, ours: str) -> str:
        """Of these three the values are a code of the service."""
        value = self.claims.get(self.names.get(ours, ours))
        text = str(value).strip() if isinstance(value, str | int) else ""
        is_code = ours in {"user_kind", "real_name_level", "document_kind"}
        return self.values.get(f"{ours}:{text}", text) if is_code else text


def _level(text: str) -> RealNameLevel:
    return RealNameLevel(int(text)) if text in {str(level.value) for level in RealNameLevel} else RealNameLevel.NONE


def _phone(text: str) -> str:
    """A number abroad or a landline receives none of our text messages: as if there were none."""
    phone = normalise_mobile(text)
    try:
        validate_mobile(phone)
    except ValidationError:
        return ""
    return phone


def _check(identity: VerifiedIdentity) -> None:
    if identity.level < RealNameLevel.MIDDLE:
        # Nothing of it has been verified there; whoever reads on knows what to say.
        return
    try:
        if identity.document_kind not in DOCUMENT_KINDS:
            raise Disbelieved("kind of document")
        validate_document_number(identity.document_kind, identity.number)
        validate_person_name(identity.name)
        if identity.kind == UserKind.UNIT:
            validate_uscc(identity.uscc)
    except ValidationError:
        raise Disbelieved("facts about the person") from None
