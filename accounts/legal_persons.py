"""What the first two characters of a unified social credit code say of a legal person (GB 32100-2015)."""

from __future__ import annotations

from typing import cast

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import LegalPersonKind
from workflow.identifiers import normalise_code

# Who registered it, and as what. Other beginnings say nothing about the kinds that a form offers.
KINDS = {
    "11": LegalPersonKind.GOVERNMENT,
    "12": LegalPersonKind.INSTITUTION,
    "51": LegalPersonKind.SOCIAL,
    "52": LegalPersonKind.SOCIAL,
    "53": LegalPersonKind.SOCIAL,
    "91": LegalPersonKind.ENTERPRISE,
    "92": LegalPersonKind.SELF_EMPLOYED,
}


def kind_warning(kind: str, uscc: str) -> Promise | None:
    """Old codes and reorganised bodies exist, so a difference is no error."""
    begins = normalise_code(uscc)[:2]
    told = KINDS.get(begins)
    if not kind or told is None or told == kind:
        return None
    said = format_lazy(
        _("A credit code that begins with {begins} belongs to this kind: {kind}. Compare the kind with the licence."),
        begins=begins,
        kind=told.label,
    )
    return cast("Promise", said)
