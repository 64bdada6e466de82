"""Who says whether a name and a number belong together; which one is asked is named in ``REAL_NAME_VERIFIER``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from workflow.identifiers import validate_document_number, validate_uscc

RESIDENT_ID = "01"


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """两要素: name and document number."""

    name: str
    document_kind: str
    number: str


@dataclass(frozen=True, slots=True)
class UnitClaim:
    """Name and credit code of a legal person, and who represents it."""

    name: str
    uscc: str
    principal: str
    principal_document_kind: str
    principal_number: str


Claim = PersonClaim | UnitClaim


@dataclass(frozen=True, slots=True)
class Verdict:
    """``serial``: the number under which the verifier has kept its answer."""

    agrees: bool
    serial: str = ""


class Unavailable(Exception):
    """Nobody has said anything: neither that it agrees nor that it does not. The message is for the log."""


class Verifier(Protocol):
    """``key`` stands in the record of every check; ``notice`` on the page, where people must know what it does."""

    key: str
    label: str | Promise
    notice: str | Promise

    def takes(self, claim: Claim) -> bool:
        """Whether it knows this kind of document at all; what it does not take is looked at by an officer."""
        ...

    def check(self, claim: Claim) -> Verdict:
        """Raises Unavailable. Never called inside a transaction."""
        ...


class DemoVerifier:
    """Asks nobody. Two synthetic numbers let the other answers be seen (docs/real-name.md)."""

    key = "demo"
    label = _("Demo check")
    notice = _(
        "This is the check of the demonstration: it asks no register and agrees with every number whose check "
        "character is right. With the number 130902199001010043 or the credit code 91130902MA0FA1LE0G it does not "
        "agree; with 130902199001010019 it cannot be reached. Documents other than ID cards are shown at a counter."
    )
    disagreeing = frozenset({"130902199001010043", "91130902MA0FA1LE0G"})
    silent = "130902199001010019"

    def takes(self, claim: Claim) -> bool:
        """No other kind of document has a check character that could be looked at."""
        kind = claim.document_kind if isinstance(claim, PersonClaim) else claim.principal_document_kind
        return kind == RESIDENT_ID

    def check(self, claim: Claim) -> Verdict:
        number = claim.uscc if isinstance(claim, UnitClaim) else claim.number
        if number == self.silent:
            raise Unavailable("the demonstration's number of an outage")
        try:
            _check_characters(claim)
        except ValidationError:
            return Verdict(agrees=False)
        return Verdict(agrees=number not in self.disagreeing)


def _check_characters(claim: Claim) -> None:
    if isinstance(claim, PersonClaim):
        validate_document_number(claim.document_kind, claim.number)
        return
    validate_uscc(claim.uscc)
    validate_document_number(claim.principal_document_kind, claim.principal_number)


@lru_cache(maxsize=4)
def _verifier(path: str) -> Verifier:
    verifier: Verifier = import_string(path)()
    return verifier


def verifier() -> Verifier | None:
    """None where no verifier is configured: then an officer looks at the papers, at a counter."""
    return _verifier(settings.REAL_NAME_VERIFIER) if settings.REAL_NAME_VERIFIER else None
