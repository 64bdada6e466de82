"""What services register: case types, gates, effects, forms of offices, jobs, pages of the menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from workflow.enums import State

if TYPE_CHECKING:
    from datetime import date, datetime

    from django import forms
    from django.db.models import Q

    from workflow.actors import Actor
    from workflow.models import Act, Case, CaseEvent, Job, Material, Stage

Text = str | Promise
# {case pk: why it may not pass}; a case that is not in it may pass.
Closed = dict[int, Text]
Gate = Callable[[Sequence["Case"]], Closed]


@dataclass(frozen=True, slots=True)
class Move:
    """One case that the machine has moved, before it is written; effects may still set ``due_on``."""

    case: Case
    from_stage: Stage | None
    to_stage: Stage | None


@dataclass(slots=True)
class ActContext:
    """What an effect may know and add to."""

    act: Act
    actor: Actor
    at: datetime
    opinion: str
    payload: Mapping[str, Any]
    # Further outbox rows: {"kind", "case_id", "recipient_id", "organisation_id", "context"}.
    messages: list[dict[str, Any]] = field(default_factory=list)


Effect = Callable[[Sequence[Move], ActContext], None]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a service's lists; ``key`` is looked up in ``Case.summary`` or names a field of the case."""

    key: str
    label: Text
    # text, money, number, date, month: decides alignment and format.
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class MaterialRule:
    """One line of the list of materials. Lines with the same ``one_of`` are alternatives of each other."""

    kind: str
    label: Text
    required: bool = False
    one_of: str = ""
    hint: Text = ""
    # Kinds of files that it takes (keys of ``workflow.filetypes.CONTENT_TYPES``); empty: all that are accepted at all.
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A paper that the applicant keeps, and that may stand where an upload is asked for.

    ``lines``: keys of the lines that it fills, the best first. ``stated``: it proves what the form states, so it goes
    with the form whatever else is uploaded. What has run out never goes.
    """

    material: Material
    label: Text
    lines: Sequence[str]
    change_url: str
    stated: bool = False
    until: date | None = None
    expired: bool = False


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """Where the applicants of a case type keep papers of their own.

    ``of`` reads for any number of cases with the same statements; ``keeps`` names the lines whose uploads ``keep``
    puts aside for later applications too.
    """

    of: Callable[[Sequence[Case]], Mapping[int, Sequence[OwnPaper]]]
    keeps: Callable[[Case], Iterable[str]]
    keep: Callable[[Case, Material, Actor], None]


@dataclass(frozen=True, slots=True)
class Look:
    """Who sees papers, and why; with ``once`` a job that begins again writes no look down twice."""

    actor: Actor
    reason: str
    once: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A printable paper of a case: ``pages`` yields the HTML for each of many cases, with what the actor may see in it.

    It writes down what an office sees in full before it yields the first of them. ``stages``: where alone it is there
    before the end; without any it is there once the case is filed.
    """

    key: str
    label: Text
    pages: Callable[[Sequence[Case], Look], Iterable[str]]
    stages: Sequence[str] = ()

    def is_for(self, stage: Stage) -> bool:
        return not self.stages or stage.slug in self.stages

    def is_ready(self, case: Case) -> bool:
        if not self.stages or case.state == State.APPROVED:
            return bool(case.number)
        return case.state == State.IN_REVIEW and case.stage in self.stages


@dataclass(frozen=True, slots=True)
class Link:
    """A further way on from a case page, given by a floor above."""

    label: Text
    url: str


def _no_materials(case: Case) -> Sequence[MaterialRule]:
    return ()


@dataclass(frozen=True, slots=True)
class CaseType:
    """What a service tells the floor below about its cases."""

    key: str
    label: Text
    # Three letters of the case number.
    code: str
    columns: Sequence[Column]
    # Name of the URL (argument: case pk) where the applicant fills in and changes the form.
    edit_url: str
    # What the queues of offices show beside them, and an employer's does not.
    office_columns: Sequence[Column] = ()
    # {stage: what its queue shows beside the first column}.
    stage_columns: Mapping[str, Sequence[Column]] = field(default_factory=dict)
    # What its workbooks show beside the columns of its lists.
    export_columns: Sequence[Column] = ()
    materials: Callable[[Case], Sequence[MaterialRule]] = _no_materials
    # What of the applicant's own papers satisfies these lines.
    own_papers: OwnPapers | None = None
    documents: Sequence[Document] = ()
    # Gates and effects of actions that belong to no stage: submit, reject, withdraw, take_back.
    gates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    effects: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Whether lists and notices show money.
    has_amount: bool = False
    # Whether 一键审核通过 of the unit may also report (同时上报至县人社局): slug of the stage that it passes too.
    passes_along: Mapping[str, str] = field(default_factory=dict)
    # Name of the URL (POST, argument: case pk) that begins a new draft from a withdrawn or rejected case.
    copy_url: str = ""
    # Filed by a unit for itself: whoever acts for it may fill in, submit and withdraw, and sees its drafts.
    by_unit: bool = False
    # 【审核】 opens 【单人审核】 and 【一键审核通过】 (manual 002), or 【审核通过】 stands for itself (001).
    review_menu: bool = True
    # 实名等级 that whoever submits must have (accounts.enums.RealNameLevel).
    real_name_level: int = 0

    def document(self, key: str) -> Document | None:
        return next((document for document in self.documents if document.key == key), None)


case_types: dict[str, CaseType] = {}
gates: dict[str, Gate] = {}
effects: dict[str, Effect] = {}
irreversible_effects: set[str] = set()
stage_forms: dict[str, type[forms.Form]] = {}
jobs: dict[str, Callable[[Job], None]] = {}
case_links: list[Callable[[Case, Actor], Iterable[Link]]] = []
act_links: list[Callable[[Act], Iterable[Link]]] = []
erasers: list[Callable[[CaseEvent], None]] = []
limits: list[Callable[[Actor, str], Text]] = []
paper_reaches: list[Callable[[Actor], Q]] = []
paper_watches: list[Callable[[Material, Actor], None]] = []


def register_case_type(case_type: CaseType) -> None:
    case_types[case_type.key] = case_type


def gate(key: str) -> Callable[[Gate], Gate]:
    def remember(function: Gate) -> Gate:
        gates[key] = function
        return function

    return remember


def effect(key: str, *, irreversible: bool = False) -> Callable[[Effect], Effect]:
    """An irreversible effect (ledger entry, published notice, issued card) bars the take-back of its event."""

    def remember(function: Effect) -> Effect:
        effects[key] = function
        if irreversible:
            irreversible_effects.add(key)
        return function

    return remember


def stage_form(key: str) -> Callable[[type[forms.Form]], type[forms.Form]]:
    """A form that an office fills in while acting; ``cleaned_data`` must be JSON once files are stored."""

    def remember(form: type[forms.Form]) -> type[forms.Form]:
        stage_forms[key] = form
        return form

    return remember


def case_link(function: Callable[[Case, Actor], Iterable[Link]]) -> Callable[[Case, Actor], Iterable[Link]]:
    """Links that this actor may follow from this case, whatever its type."""
    case_links.append(function)
    return function


def act_link(function: Callable[[Act], Iterable[Link]]) -> Callable[[Act], Iterable[Link]]:
    """Links to what a decision has made, for whoever made it; asked on the page of its result."""
    act_links.append(function)
    return function


def eraser(function: Callable[[CaseEvent], None]) -> Callable[[CaseEvent], None]:
    """Called when the words of an event were erased: whoever has repeated them elsewhere erases them there."""
    erasers.append(function)
    return function


def limit(function: Callable[[Actor, str], Text]) -> Callable[[Actor, str], Text]:
    """Why this account may do nothing in cases of this type, whatever its duty; asked at every move."""
    limits.append(function)
    return function


def paper_reach(function: Callable[[Actor], Q]) -> Callable[[Actor], Q]:
    """Further papers of employers that this actor may see: a condition on ``Material``."""
    paper_reaches.append(function)
    return function


def paper_watch(function: Callable[[Material, Actor], None]) -> Callable[[Material, Actor], None]:
    """Told whenever somebody opens a paper of an employer: writes down the look for those whom the paper names."""
    paper_watches.append(function)
    return function


def why_limited(actor: Actor, case_type: str) -> str:
    return next((str(reason) for asked in limits if (reason := asked(actor, case_type))), "")


def job(key: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    def remember(function: Callable[[Job], None]) -> Callable[[Job], None]:
        jobs[key] = function
        return function

    return remember


def types_by_unit() -> list[str]:
    return [key for key, case_type in case_types.items() if case_type.by_unit]


def case_type_of(case: Case) -> CaseType:
    return case_types[case.case_type]
