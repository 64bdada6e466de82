"""A form as it was filed, for print: the latest filing, and the opinions of every office that has decided.

Which rows are wide, whose opinions have a box and what an office's copy leaves out is the service's ``Layout``.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import segno
from django.utils import timezone

from accounts.services.sensitive import note_looks
from talent.enums import ProofKind
from workflow.actors import Actor
from workflow.authority import may_decide, may_file
from workflow.enums import Action
from workflow.models import Case, CaseEvent, Filing, InternalNumber, Material
from workflow.planning import load_history
from workflow.registry import Look
from workflow.services.own_papers import filed_materials
from workflow.templatetags.tongban import money

logger = logging.getLogger(__name__)

CHUNK = 50

Opened = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Layout:
    # (title of the box, the stages whose decision fills it)
    opinions: Sequence[tuple[str, tuple[str, ...]]]
    # Rows that need the whole width of the form.
    wide: frozenset[str] = frozenset()
    # Rows that only the owner's copy shows in full, whoever else decides.
    owner_only: frozenset[str] = frozenset()
    # Sections that the paper does not print.
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One or two pairs of label and value."""

    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs of label and value, or a table of ``columns`` and ``rows``."""

    key: str
    title: str
    lines: list[Line] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opinion:
    title: str
    text: str = ""
    office: str = ""
    who: str = ""
    day: str = ""


@dataclass(slots=True)
class Form:
    """What the template prints."""

    case: Case
    filed: str
    qr: str = ""
    # The photo that was filed, as a data: address.
    photo: str = ""
    blocks: list[Block] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    # The amounts are of a demonstration.
    demo: bool = False


def opened_for(cases: Sequence[Case], look: Look, layout: Layout) -> Mapping[int, Opened]:
    """{case pk: which masked rows this actor's copy shows in full}, with the looks of an office written down."""
    load_history(Action.APPROVE, cases, "")
    deciding = [case for case in cases if not may_file(case, look.actor) and may_decide(case, look.actor)]
    note_looks(deciding, look.actor, field="application_form", reason=look.reason, once=look.once)
    decided = {case.pk for case in deciding}
    return {case.pk: _opened(case, look.actor, layout, decides=case.pk in decided) for case in cases}


def _opened(case: Case, actor: Actor, layout: Layout, *, decides: bool) -> Opened:
    if may_file(case, actor):
        return lambda key: True
    return (lambda key: key not in layout.owner_only) if decides else (lambda key: False)


def read_forms(cases: Sequence[Case], opened: Mapping[int, Opened], layout: Layout) -> Iterator[Form]:
    """Three statements for every chunk of cases, and one for their photos where any were filed."""
    for start in range(0, len(cases), CHUNK):
        chunk = cases[start : start + CHUNK]
        filings = {filing.case_id: filing for filing in Filing.objects.filter(case__in=chunk).order_by("number")}
        events: dict[int, list[CaseEvent]] = {case.pk: [] for case in chunk}
        internal = dict(InternalNumber.objects.filter(case__in=chunk).values_list("case", "number"))
        photos = filed_materials(list(filings.values()), ProofKind.PHOTO)
        for event in CaseEvent.objects.filter(case__in=chunk).select_related("actor", "organisation").order_by("seq"):
            events[event.case_id].append(event)
        for case in chunk:
            filing = filings.get(case.pk)
            form = _form(case, filing, events[case.pk], opened[case.pk], layout)
            form.qr = _qr(internal.get(case.pk) or case.number or str(case.pk))
            if filing is not None and filing.pk in photos:
                form.photo = _picture(photos[filing.pk][0])
            yield form


def _qr(text: str) -> str:
    """The 办件编号 where the office has one for this service (spec 12), else the number that people read."""
    return str(segno.make(text, error="m").svg_data_uri(border=0))


def _picture(photo: Material) -> str:
    """Of a lost file the form shows the empty box; that it is lost, the daily check of the files tells."""
    try:
        with photo.file.open("rb") as file:
            return f"data:{photo.content_type};base64,{base64.b64encode(file.read()).decode()}"
    except OSError:
        logger.warning("The photo %s is not in the storage.", photo.pk)
        return ""


def _form(case: Case, filing: Filing | None, events: Iterable[CaseEvent], opened: Opened, layout: Layout) -> Form:
    sections = filing.content["sections"] if filing is not None else []
    return Form(
        case=case,
        filed=_day(filing.filed_at) if filing is not None else "",
        blocks=[_block(section, opened, layout) for section in sections if section["key"] not in layout.left_out],
        opinions=list(_opinions(case, events, layout)),
    )


def _block(section: dict[str, Any], opened: Opened, layout: Layout) -> Block:
    key, title = section["key"], section["title"]
    if "columns" in section:
        return Block(key, title, columns=section["columns"], rows=[_cells(row, opened) for row in section["rows"]])
    return Block(key, title, list(_lines(section["rows"], opened, layout)))


def _cells(row: dict[str, Any], opened: Opened) -> list[str]:
    cells: list[str] = row["full_cells"] if "full_cells" in row and opened(row["key"]) else row["cells"]
    return cells


def _lines(rows: Iterable[dict[str, Any]], opened: Opened, layout: Layout) -> Iterator[Line]:
    """Two short rows share a line; a wide one has a line of its own."""
    waiting: tuple[str, str] | None = None
    for row in rows:
        cell = (row["label"], _text(row, opened))
        if row["key"] in layout.wide:
            if waiting is not None:
                yield Line((waiting,))
                waiting = None
            yield Line((cell,))
        elif waiting is None:
            waiting = cell
        else:
            yield Line((waiting, cell))
            waiting = None
    if waiting is not None:
        yield Line((waiting,))


def _text(row: dict[str, Any], opened: Opened) -> str:
    value = str(row["full"] if "full" in row and opened(row["key"]) else row["value"])
    return f"{money(value)} 元" if row.get("kind") == "money" and value else value  # type: ignore[arg-type]


def _opinions(case: Case, events: Iterable[CaseEvent], layout: Layout) -> Iterator[Opinion]:
    standing = standing_decisions(case, events)
    for title, stages in layout.opinions:
        decided = [standing[slug] for slug in stages if slug in standing]
        yield _opinion(title, decided[-1]) if decided else Opinion(title)


def standing_decisions(case: Case, events: Iterable[CaseEvent]) -> dict[str, CaseEvent]:
    """{stage: the decision that still holds}: whatever lies at or behind the stage reached by a move is void."""
    standing: dict[str, CaseEvent] = {}
    for event in events:
        if event.to_stage:
            reached = case.route.position(event.to_stage)
            standing = {slug: kept for slug, kept in standing.items() if case.route.position(slug) < reached}
        if event.action in (Action.APPROVE, Action.REJECT) and event.from_stage:
            standing[event.from_stage] = event
    return standing


def _opinion(title: str, event: CaseEvent) -> Opinion:
    said = event.payload.get("conclusion", "") or event.opinion
    default = "同意" if event.action == Action.APPROVE else ""
    return Opinion(
        title=title,
        text=said or default,
        office=str(event.organisation or ""),
        who=str(event.actor or "系统"),
        day=_day(event.at),
    )


def _day(moment: Any) -> str:
    local = timezone.localtime(moment)
    return f"{local.year}年{local.month}月{local.day}日"
