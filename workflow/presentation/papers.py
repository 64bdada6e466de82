"""A filing as it was made, its checks, and what changed from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workflow.models import Filing
from workflow.presentation.materials import Paper as File
from workflow.presentation.materials import paper_of as file_of
from workflow.presentation.times import minute_text, text_of
from workflow.services.filings import Change, compare
from workflow.services.own_papers import filed_materials, own_lines


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    text: str
    wide: bool = False
    # What looks unusual in it and wants a second look.
    doubt: str = ""
    # What it is to take the place of.
    before: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of eligibility and how it came out when the form was filed."""

    rule: str
    passed: bool
    reason: str
    clause: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A paper of the person's own as this filing froze it; the person may have another one by now."""

    label: str
    file: File
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One filing on the page."""

    number: int
    title: str
    sections: list[Section]
    checks: list[Check]
    changes: list[Change]
    changed_since: str
    proofs: list[Proof]

    @property
    def doubts(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines if line.doubt]


WIDE = 24


def choose(filings: Sequence[Filing], wanted: str) -> int | None:
    """Index of the filing asked for, else of the latest; None where nothing was filed."""
    if not filings:
        return None
    numbers = [str(filing.number) for filing in filings]
    return numbers.index(wanted) if wanted in numbers else len(filings) - 1


def title_of(filing: Filing) -> str:
    return _("Submission %(number)s of %(time)s") % {"number": filing.number, "time": minute_text(filing.filed_at)}


def paper_of(filings: Sequence[Filing], index: int) -> Paper:
    filing = filings[index]
    before = filings[index - 1] if index else None
    return Paper(
        number=filing.number,
        title=title_of(filing),
        sections=[_section(section) for section in filing.content.get("sections", [])],
        checks=[_check(check) for check in filing.content.get("checks", [])],
        changes=compare(before, filing) if before is not None else [],
        changed_since=title_of(before) if before is not None else "",
        proofs=_proofs(filing),
    )


def _proofs(filing: Filing) -> list[Proof]:
    """In the order of the filing; none where a file is gone against all locks."""
    materials = {material.pk: material for material in filed_materials([filing]).get(filing.pk, [])}
    lines = [line for line in own_lines(filing) if line["id"] in materials]
    return [Proof(line["label"], file_of(materials[line["id"]]), line["kind"]) for line in lines]


def unfiled_paper(content: dict[str, Any]) -> Paper:
    """What a case that is open to its applicant would file now; it bears no number yet."""
    sections = [_section(section) for section in content["sections"]]
    return Paper(0, _("As saved, not submitted yet"), sections, checks=[], changes=[], changed_since="", proofs=[])


def _section(section: dict[str, Any]) -> Section:
    lines = [_line(row) for row in section["rows"]]
    return Section(str(section["title"]), lines)


def _line(row: dict[str, Any]) -> Line:
    text = text_of(row["value"], row.get("kind", "text"))
    if row.get("kind") == "money" and text:
        text = _("%(amount)s yuan") % {"amount": text}
    doubt = str(row.get("doubt", ""))
    before = str(row.get("before", ""))
    return Line(str(row["label"]), text, len(text) > WIDE or bool(doubt or before), doubt, before)


def _check(check: dict[str, Any]) -> Check:
    return Check(
        rule=str(check.get("rule", "")),
        passed=bool(check.get("passed")),
        reason=str(check.get("reason", "")),
        clause=str(check.get("clause", "")),
    )
