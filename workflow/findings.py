"""What rules of eligibility answer: pass or fail, with the reason, the basis, and where it can be mended."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's answer. ``field`` is where the applicant can mend it; "" where the form cannot."""

    rule: str
    label: str
    passed: bool
    reason: str
    basis: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    passed: bool
    reason: str
    field: str = ""


def unknown(field: str) -> Finding:
    return Finding(False, _("Not filled in yet."), field)
