"""《大学生租房补助申请表》 as a printed form: the latest filing, and the opinions of every office that has decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import segno
from django.utils import timezone
from django.utils.translation import gettext

from accounts.services.sensitive import note_look
from subsidies.models import RentApplication
from workflow.actors import Actor
from workflow.authority import may_decide, may_file
from workflow.enums import Action
from workflow.models import Case, CaseEvent
from workflow.printing import render_pdf
from workflow.templatetags.tongban import money

# The boxes of the form and the stages whose decision fills them.
OPINIONS = (
    ("单位意见", ("unit",)),
    ("县区人社局意见", ("county_hr",)),
    ("评审意见", ("review",)),
    ("县区组织部意见", ("county_org",)),
    ("市人社局意见", ("city_summary", "city_report")),
    ("市组织部意见", ("city_org",)),
)
# Rows that need the whole width of the form.
WIDE = {"address", "branch", "capital"}
# Shown in full to its owner and, elsewhere, to the finance bureaus.
ACCOUNT = "account"

Opened = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Line:
    """One or two pairs of label and value."""

    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    lines: list[Line]


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
    qr: str
    demo: bool
    blocks: list[Block] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)


def application_form_pdf(case: Case, actor: Actor) -> bytes:
    return render_pdf("subsidies/application_form.html", {"form": read_form(case, opened_for(case, actor))})


def opened_for(case: Case, actor: Actor) -> Opened:
    """Which masked rows this actor's copy shows in full; an office's look is written down first."""
    if may_file(case, actor):
        return lambda key: True
    if not may_decide(case, actor):
        return lambda key: False
    note_look(case, actor, field="application_form", reason=gettext("Printed the application form"))
    return lambda key: key != ACCOUNT


def read_form(case: Case, opened: Opened) -> Form:
    filing = case.filings.order_by("-number").first()
    application = RentApplication.objects.select_related("programme").get(case=case)
    events = case.events.select_related("actor", "organisation").order_by("seq")
    return Form(
        case=case,
        filed=_day(filing.filed_at) if filing is not None else "",
        qr=segno.make(case.number or str(case.pk), error="m").svg_data_uri(border=0),
        demo=application.programme.demo_amounts,
        blocks=[_block(section, opened) for section in filing.content["sections"]] if filing is not None else [],
        opinions=list(_opinions(case, events)),
    )


def _block(section: dict[str, Any], opened: Opened) -> Block:
    return Block(section["title"], list(_lines(section["rows"], opened)))


def _lines(rows: Iterable[dict[str, Any]], opened: Opened) -> Iterator[Line]:
    """Two short rows share a line; a wide one has a line of its own."""
    waiting: tuple[str, str] | None = None
    for row in rows:
        cell = (row["label"], _text(row, opened))
        if row["key"] in WIDE:
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


def _opinions(case: Case, events: Iterable[CaseEvent]) -> Iterator[Opinion]:
    standing = _standing_decisions(case, events)
    for title, stages in OPINIONS:
        decided = [standing[slug] for slug in stages if slug in standing]
        yield _opinion(title, decided[-1]) if decided else Opinion(title)


def _standing_decisions(case: Case, events: Iterable[CaseEvent]) -> dict[str, CaseEvent]:
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
