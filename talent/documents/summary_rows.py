"""The rows of the 汇总表, read from what each person has filed last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.codelists import EDUCATION
from workflow.models import Case, Filing

# 学历 as filings say it, the highest first: GB/T 4658 numbers it so.
BY_EDUCATION = {name.zh: place for place, name in enumerate(EDUCATION.codes.values())}
MONTH = len("2026-11")


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """``cells``: every column but the first, which numbers the rows."""

    case_id: int
    filing_id: int
    cells: tuple[str, ...]


def read_rows(cases: Sequence[Case]) -> list[SummaryRow]:
    """In the order of the cases; one query. Whoever has filed nothing has no row."""
    latest = {filing.case_id: filing for filing in Filing.objects.filter(case__in=cases).order_by("number")}
    filed = [(case, latest[case.pk]) for case in cases if case.pk in latest]
    return [SummaryRow(case.pk, filing.pk, tuple(_cells(case, filing))) for case, filing in filed]


def _cells(case: Case, filing: Filing) -> Iterator[str]:
    sections = {section["key"]: section["rows"] for section in filing.content["sections"]}
    said = {row["key"]: _full(row) for key in ("personal", "work", "category") for row in sections.get(key, [])}
    study = min((row["cells"] for row in sections.get("studies", [])), key=_rank, default=[""] * 4)
    yield _joined("\n", said["name"], said.get("name_latin", "") if said.get("name_latin") != said["name"] else "")
    yield said["sex"]
    yield said["birth"][:MONTH]
    yield from (said[key] for key in ("document_kind", "number", "political"))
    yield from study[:2]
    yield _joined(" ", *study[2:4])
    yield _joined("\n", said.get("title", ""), said.get("skill", ""))
    yield _joined(" ", said["unit"], said["position"])
    yield said["arrived_on"]
    yield said["category"]
    yield str(case.summary.get("card_level", ""))
    yield said["phone"]
    # The bureau may name another one after the filing: lists say who it is now.
    yield str(case.summary.get("specialist", ""))
    yield str(case.summary.get("specialist_phone", ""))
    yield ""


def _full(row: Mapping[str, Any]) -> str:
    return str(row.get("full", row["value"]))


def _rank(cells: Sequence[str]) -> int:
    return BY_EDUCATION.get(cells[0], len(BY_EDUCATION))


def _joined(between: str, *texts: str) -> str:
    return between.join(text for text in texts if text)
