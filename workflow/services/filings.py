"""Freezing what was filed, and comparing two filings field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflow.models import Case, Filing


@dataclass(frozen=True, slots=True)
class FilingDraft:
    """What a service hands over with a submission; see ``Filing`` for the shape of ``content``."""

    content: dict[str, Any]
    summary: dict[str, Any]
    subject: str
    subject_key: str = ""
    entitlement: dict[str, Any] | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two filings; ``key`` is "section.row", "materials.kind" for papers."""

    key: str
    section: str
    label: str
    before: str
    after: str

    @property
    def is_masked(self) -> bool:
        """What changed stands wholly behind the mask: both sides read the same."""
        return self.before == self.after


def freeze(cases: Sequence[Case], drafts: Mapping[int, FilingDraft], at: datetime) -> dict[int, Filing]:
    """Make the filings of a submission (unsaved: a refused case files nothing) and put them on the lists' columns.

    Whoever files is the applicant: the machine lets nobody else submit.
    """
    if not drafts:
        return {}
    latest = _latest([case for case in cases if case.seq])
    frozen: dict[int, Filing] = {}
    for case in cases:
        draft = drafts.get(case.pk)
        if draft is None:
            continue
        number, case.previous_entitlement = latest.get(case.pk, (0, None))
        case.subject, case.subject_key = draft.subject, draft.subject_key
        case.summary, case.amount = draft.summary, draft.amount
        filing = Filing(
            case=case,
            number=number + 1,
            content=draft.content,
            entitlement=draft.entitlement or {},
            amount=draft.amount,
            filed_by_id=case.applicant_id,
            filed_at=at,
        )
        filing.digest = filing.compute_digest()
        frozen[case.pk] = filing
    return frozen


def _latest(cases: Sequence[Case]) -> dict[int, tuple[int, dict[str, Any]]]:
    """{case: (number, entitlement) of its last filing}"""
    rows = Filing.objects.filter(case__in=cases).order_by("number") if cases else Filing.objects.none()
    return {case: (number, owed) for case, number, owed in rows.values_list("case", "number", "entitlement")}


def _fields(filing: Filing) -> dict[tuple[str, str], tuple[str, str, str]]:
    """{(section key, row key): (section title, label, value)}"""
    return {
        (section["key"], row["key"]): (section["title"], row["label"], str(row["value"]))
        for section in filing.content.get("sections", [])
        for row in section["rows"]
    }


def _masked_fields(filing: Filing) -> dict[tuple[str, str], str]:
    """{(section key, row key): what stands behind the mask}: a change there may leave the mask as it was."""
    return {
        (section["key"], row["key"]): str(row["full"])
        for section in filing.content.get("sections", [])
        for row in section["rows"]
        if "full" in row
    }


def _differ(was: str | None, now: str | None) -> bool:
    """Two masks tell of a change only where both filings keep what stands behind them."""
    return was is not None and now is not None and was != now


def _material_fields(filing: Filing) -> dict[tuple[str, str], tuple[str, str, str]]:
    names: dict[tuple[str, str], list[str]] = {}
    labels: dict[tuple[str, str], str] = {}
    for paper in filing.content.get("materials", []):
        key = ("materials", paper["kind"])
        names.setdefault(key, []).append(f"{paper['name']} ({paper['sha256'][:8]})")
        labels[key] = paper.get("label", paper["kind"])
    return {key: ("", labels[key], "、".join(sorted(value))) for key, value in names.items()}


def compare(before: Filing, after: Filing) -> list[Change]:
    """What changed from one filing to the next, materials included, in the order of the form."""
    old = _fields(before) | _material_fields(before)
    new = _fields(after) | _material_fields(after)
    hidden_old, hidden_new = _masked_fields(before), _masked_fields(after)
    changes = []
    for key in dict.fromkeys([*new, *old]):
        section, label, _value = new.get(key) or old[key]
        was, now = old.get(key, ("", "", ""))[2], new.get(key, ("", "", ""))[2]
        if was != now or _differ(hidden_old.get(key), hidden_new.get(key)):
            changes.append(Change(".".join(key), section, label, was, now))
    return changes
