"""What the applicant's own papers add to a case: which of them go with it, and which line each of them fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow import registry
from workflow.models import Case, Material
from workflow.registry import MaterialRule, OwnPaper


@dataclass(frozen=True, slots=True)
class Going:
    """``line``: the key of the line that the paper fills; empty for what goes beside the list."""

    paper: OwnPaper
    line: str


def read_own_papers(cases: Sequence[Case]) -> dict[int, Sequence[OwnPaper]]:
    """As many statements as case types are among them."""
    found: dict[int, Sequence[OwnPaper]] = {}
    for key in {case.case_type for case in cases}:
        source = registry.case_types[key].own_papers
        if source is not None:
            found |= source.of([case for case in cases if case.case_type == key])
    return found


def load_own_papers(cases: Sequence[Case]) -> None:
    """For cases that the caller has locked: no paper comes or goes while it is asked."""
    found = read_own_papers(cases)
    for case in cases:
        case.own_papers = found.get(case.pk, ())


def own_papers_of(case: Case) -> Sequence[OwnPaper]:
    return read_own_papers([case]).get(case.pk, ()) if case.own_papers is None else case.own_papers


def line_for(paper: OwnPaper, rules: Sequence[MaterialRule]) -> str:
    """The first of the paper's lines that the list has; "" where it has none of them."""
    asked = {rule.kind for rule in rules}
    return next((line for line in paper.lines if line in asked), "")


def papers_going(
    rules: Sequence[MaterialRule], uploaded: Sequence[Material], papers: Sequence[OwnPaper]
) -> list[Going]:
    """A file uploaded to a line takes the place of own papers, but for those that prove what the form states."""
    taken, files = {material.kind for material in uploaded}, {material.sha256 for material in uploaded}
    going = []
    for paper in papers:
        line = line_for(paper, rules)
        is_wanted = paper.stated or (line and line not in taken)
        if is_wanted and not paper.expired and paper.material.sha256 not in files:
            going.append(Going(paper, line))
    return going
