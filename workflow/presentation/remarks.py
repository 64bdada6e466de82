"""What a return says of single fields, rows and papers: kept beside the event, shown until the form is filed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.enums import Action, State
from workflow.models import Case, CaseEvent
from workflow.services.filings import Change
from workflow.services.words import load_remarks, texts_of


@dataclass(frozen=True, slots=True)
class Remark:
    """``key``: "section.row" of the form as filed, "materials.kind" for papers."""

    key: str
    section: str
    label: str
    text: str

    @property
    def row(self) -> str:
        return self.key.partition(".")[2]

    @property
    def is_of_materials(self) -> bool:
        return self.key.startswith("materials.")

    @property
    def where(self) -> str:
        return f"{self.section} · {self.label}" if self.section else self.label


@dataclass(frozen=True, slots=True)
class Pinned:
    """A remark on the applicant's page; ``target``: the address of what it is about, "" where nothing can be linked."""

    where: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A remark of the return before a filing, and whether that filing changed what it is about."""

    remark: Remark
    is_changed: bool


def answered(remarks: Sequence[Remark], changes: Sequence[Change]) -> list[Answered]:
    changed = {change.key for change in changes}
    return [Answered(remark, remark.key in changed) for remark in remarks]


def remarks_of(event: CaseEvent) -> list[Remark]:
    return [Remark(entry["key"], entry["section"], entry["label"], text) for entry, text in texts_of(event)]


def remarks_by_filing(events: Sequence[CaseEvent]) -> dict[int | None, list[Remark]]:
    """{filing: the remarks that it answers}; those that wait for an answer stand under None.

    Out are returns undone, and returns to an office that has passed the case on again.
    """
    found: dict[int | None, list[Remark]] = {}
    # (the office's stage that has to answer, "" for the person; its remarks)
    waiting: list[tuple[str, list[Remark]]] = []
    before = ""
    for event in events:
        if event.action == Action.SEND_BACK:
            waiting.append((event.to_stage, remarks_of(event)))
        elif event.action == Action.TAKE_BACK and before == Action.SEND_BACK:
            waiting.pop()
        elif event.action == Action.APPROVE:
            waiting = [one for one in waiting if one[0] != event.from_stage]
        elif event.action == Action.SUBMIT:
            found[event.filing_id] = [remark for _stage, remarks in waiting for remark in remarks]
            waiting = []
        before = event.action
    found[None] = [remark for _stage, remarks in waiting for remark in remarks]
    return found


def open_remarks(case: Case) -> list[Remark]:
    """What the applicant is asked to correct now; at most two statements, none unless the case was returned to them."""
    if case.state != State.RETURNED:
        return []
    return remarks_by_filing(load_remarks(list(case.events.order_by("seq"))))[None]
