"""The change of a card as filed: what it is about, the card, the employment, the explanation."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from talent.change_eligibility import assess_change, days_late, work_of
from talent.enums import CardLevel, ChangeKind
from talent.filing import CHINESE
from talent.models import Card, CardChange
from talent.services.card_expiry import report_by
from workflow import clock
from workflow.codelists import CONTRACT_KIND
from workflow.lookup_keys import identity_key, tail_key
from workflow.masking import mask_number, mask_phone
from workflow.sections import Section, row, secret, section
from workflow.services.filings import FilingDraft
from workflow.services.materials import describe_materials


def build_change_filing(change: CardChange) -> FilingDraft:
    """What is frozen by a submission; always in Chinese."""
    person = change.card.person
    with translation.override(CHINESE):
        content = {
            "sections": build_change_sections(change),
            "checks": [
                {"key": c.rule, "rule": c.label, "passed": c.passed, "reason": c.reason, "clause": c.basis}
                for c in assess_change(change)
            ],
            "materials": describe_materials(change.case),
        }
        summary = _summary(change)
    return FilingDraft(
        content=content,
        summary=summary,
        subject=person.name,
        subject_key=identity_key(person.number),
        # Another contract goes through all offices again.
        entitlement={"contract_end": change.contract_end.isoformat() if change.contract_end else ""},
    )


def _summary(change: CardChange) -> dict[str, Any]:
    card, unit = change.card, change.case.unit
    return {
        "id_masked": mask_number(card.person.number),
        "tail_key": tail_key(card.person.number),
        "card_number": card.number,
        "kind": str(ChangeKind(change.kind).label),
        "valid_until": card.valid_until.isoformat(),
        "unit": unit.name if unit else "",
        "county": change.case.region.name,
    }


def build_change_sections(change: CardChange) -> list[Section]:
    """Labels in the language in force."""
    found = [_change(change), _card(change.card)]
    if change.kind != ChangeKind.REPLACE:
        found.append(_work(change))
    return found


def _change(change: CardChange) -> Section:
    person = change.card.person
    return section(
        "change",
        _("What is to change"),
        row("kind", _("Kind of change"), ChangeKind(change.kind).label),
        row("name", _("Chinese name"), person.name),
        secret("number", _("Document number"), person.number, mask_number(person.number)),
        secret("phone", _("Telephone"), person.phone, mask_phone(person.phone)),
        row("statement", _("Explanation"), change.statement),
    )


def _card(card: Card) -> Section:
    return section(
        "card",
        _("Talent card"),
        row("card_number", _("Card number"), card.number),
        row("level", _("Type of card"), CardLevel(card.level).label),
        row("valid_until", _("Valid until"), card.valid_until, "date"),
        row("card_unit", _("Employer on the card"), card.unit_name),
    )


def _work(change: CardChange) -> Section:
    work, unit = work_of(change.card), change.card.person.unit
    rows = [
        row("unit", _("Present employer"), unit.name if unit else ""),
        row("position", _("Position held"), work.position if work else ""),
        row("contract_kind", _("Kind of labour contract"), _kind(work.contract_kind) if work else ""),
        row("contract_start", _("Labour contract from"), work.contract_start if work else None, "date"),
        row("contract_end", _("Labour contract until"), work.contract_end if work else None, "date"),
    ]
    if change.kind == ChangeKind.MOVE:
        rows.append(row("report_by", _("To be reported by"), _report_by(change.card)))
    return section("work", _("Present work"), *rows)


def _kind(code: str) -> str:
    return CONTRACT_KIND.label(code) if code else ""


def _report_by(card: Card) -> str:
    """Late reports are taken, and the offices see that they are."""
    last = report_by(card)
    if last is None:
        return ""
    late = days_late(card, clock.today())
    if not late:
        return last.isoformat()
    return _("%(day)s (reported %(count)s days late)") % {"day": last.isoformat(), "count": late}
