"""Everything the case page shows, read with a number of statements that does not depend on the case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from workflow import clock, registry
from workflow.actors import Actor
from workflow.authority import may_file
from workflow.enums import OPEN_TO_PERSON, Action, State
from workflow.models import Case, CaseEvent, Filing, InternalNumber, Material
from workflow.presentation.options import Option, available_actions
from workflow.presentation.papers import Paper, Proof, choose, paper_of, title_of
from workflow.presentation.remarks import Answered, Pinned, Remark, answered, remarks_by_filing
from workflow.presentation.steps import Entry, Step, chain_steps, due_text, stages_passed, timeline
from workflow.presentation.times import Countdown, day_text
from workflow.queue import STATUS_KINDS
from workflow.registry import CaseType, Link
from workflow.services.words import load_remarks, opinion_of


@dataclass(frozen=True, slots=True)
class DocumentLink:
    label: str
    print_url: str
    export_url: str


@dataclass(slots=True)
class CasePage:
    case: Case
    case_type: CaseType
    # 办件编号, for offices.
    internal_number: str
    status_kind: str
    due: str
    due_tone: str
    holder: str
    submitted: str
    steps: list[Step]
    options: list[Option]
    filings: list[tuple[int, str]]
    latest: Filing | None
    paper: Paper | None
    # What returns said of single fields: answered by the paper shown, and still to be answered.
    answered: list[Answered]
    remarks: list[Remark]
    entries: list[Entry]
    documents: list[DocumentLink]
    edit_url: str
    copy_url: str
    # Keys of the lines of the list of materials.
    lines: frozenset[str]
    returned_opinion: str
    links: list[Link]

    @property
    def forward(self) -> Option | None:
        return next((option for option in self.options if option.main), None)

    @property
    def bar(self) -> list[Option]:
        """What stands in reach at the foot; withdrawing is final and stands apart, with its warning."""
        return [option for option in self.options if option.action != Action.WITHDRAW]

    @property
    def proofs(self) -> list[Proof]:
        """Of the latest filing only what stands below no line of the list of materials, which shows the others."""
        if self.paper is None or self.latest is None or self.paper.number != self.latest.number:
            return self.paper.proofs if self.paper is not None else []
        return [proof for proof in self.paper.proofs if proof.kind not in self.lines]

    @property
    def withdrawal(self) -> Option | None:
        return next((option for option in self.options if option.action == Action.WITHDRAW), None)

    @property
    def pinned(self) -> list[Pinned]:
        """For the applicant: papers are mended on this page, everything else in the form."""
        return [
            Pinned(one.where, one.text, f"#material-{one.row}" if one.is_of_materials else self.edit_url)
            for one in self.remarks
        ]

    @property
    def may_remark(self) -> bool:
        return any(option.action == Action.SEND_BACK for option in self.options)

    @property
    def asks_opinion(self) -> bool:
        return any(option.needs_opinion or option.main for option in self.options) and self.case.holder_id is not None


def cases_for_page(actor: Actor) -> QuerySet[Case]:
    return Case.objects.visible_to(actor).select_related(
        "region", "unit", "supervisor", "holder", "applicant", "internal"
    )


def case_page(case: Case, actor: Actor, wanted_filing: str) -> CasePage:
    events = load_remarks(list(case.events.select_related("actor", "organisation").order_by("seq")))
    filings = list(case.filings.order_by("number"))
    case_type = registry.case_type_of(case)
    left = Countdown(case.region, clock.today()).of(case.due_on, _allowed(case))
    index = choose(filings, wanted_filing)
    paper = paper_of(filings, index) if index is not None else None
    remarks = remarks_by_filing(events)
    steps = chain_steps(case, events, left)
    return CasePage(
        case=case,
        case_type=case_type,
        internal_number="" if actor.is_person else _internal_number(case),
        status_kind=STATUS_KINDS[State(case.state)],
        due=due_text(case, left),
        due_tone=left.tone,
        holder=_holder(case),
        submitted=day_text(case.submitted_at),
        steps=steps,
        options=available_actions(case, actor, passed=stages_passed(events)),
        filings=[(filing.number, title_of(filing)) for filing in filings],
        latest=filings[-1] if filings else None,
        paper=paper,
        answered=answered(remarks.get(filings[index].pk, []), paper.changes) if index is not None and paper else [],
        remarks=remarks[None] if case.state in (State.RETURNED, State.IN_REVIEW) else [],
        entries=timeline(case, events, _files(events) if actor.is_office else []),
        documents=list(_documents(case, filings)),
        edit_url=reverse(case_type.edit_url, args=[case.pk]) if _may_edit(case, actor) else "",
        copy_url=reverse(case_type.copy_url, args=[case.pk]) if _may_copy(case, actor) else "",
        lines=frozenset(rule.kind for rule in case_type.materials(case)) if paper and paper.proofs else frozenset(),
        returned_opinion=_returned_opinion(case, events),
        links=[link for links in registry.case_links for link in links(case, actor)],
    )


def _internal_number(case: Case) -> str:
    internal: InternalNumber | None = getattr(case, "internal", None)
    return internal.number if internal is not None else ""


def _allowed(case: Case) -> int:
    stage = case.current_stage
    return stage.working_days if stage is not None else 0


def _holder(case: Case) -> str:
    if case.state in OPEN_TO_PERSON or (case.state == State.IN_REVIEW and case.holder_id is None):
        return str(case.applicant)
    return str(case.holder) if case.holder is not None else ""


def _may_edit(case: Case, actor: Actor) -> bool:
    return case.is_editable and may_file(case, actor)


def _may_copy(case: Case, actor: Actor) -> bool:
    """What ended without success may be begun again by whoever applied."""
    ended = case.state in (State.WITHDRAWN, State.REJECTED)
    return ended and bool(registry.case_type_of(case).copy_url) and may_file(case, actor)


def _returned_opinion(case: Case, events: Sequence[CaseEvent]) -> str:
    return opinion_of(events[-1]) if events and case.state in (State.RETURNED, State.REJECTED) else ""


def _files(events: Sequence[CaseEvent]) -> list[Material]:
    """Files of the offices' forms: of the acts that moved this case."""
    acts = [event.act_id for event in events]
    return list(Material.objects.filter(act__in=acts)) if acts else []


def _documents(case: Case, filings: Sequence[Filing]) -> Iterator[DocumentLink]:
    if not filings:
        return
    for document in registry.case_type_of(case).documents:
        if not document.is_ready(case):
            continue
        url = reverse("workflow:case_document", args=[case.pk, document.key])
        yield DocumentLink(str(document.label), url, f"{url}?download=1")
