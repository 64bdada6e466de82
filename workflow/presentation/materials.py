"""The list of materials of a case as a page shows it: line by line of the rules, with what may be done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from workflow import registry
from workflow.actors import Actor
from workflow.enums import ScanStatus
from workflow.filetypes import CONTENT_TYPES, KINDS, PICTURES, accepted, list_kinds
from workflow.models import Case, Material
from workflow.presentation.remarks import Remark, open_remarks
from workflow.presentation.times import minute_text
from workflow.registry import MaterialRule, OwnPaper
from workflow.services.files import MAX_AT_ONCE
from workflow.services.materials import may_change_materials
from workflow.services.own_lines import line_for, own_papers_of, papers_going
from workflow.services.own_papers import filed_materials, own_lines

PREVIEWED = frozenset(CONTENT_TYPES[kind] for kind in (*PICTURES, "pdf"))


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of a line."""

    token: str
    name: str
    size: str
    uploaded: str
    scan: str
    warn: bool
    preview_url: str
    download_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A paper of the applicant's own below a line; ``change_url`` for the applicant alone."""

    paper: Paper
    until: str = ""
    expired: bool = False
    change_url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One rule with its files; ``either`` names the other lines that would do instead."""

    # Of the applicant's own: what goes with the case, and what cannot for it has run out.
    own: Sequence[OwnLine]
    # Whether an upload may be kept among the applicant's own papers too.
    keeps: bool

    kind: str
    label: str
    hint: str
    required: bool
    either: str
    papers: list[Paper]
    accept: str
    # Where the lines differ: PDF or JPG.
    types: str
    errors: list[str]
    # What a return says of it.
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """What {% include "workflow/_materials.html" with panel=materials %} prints."""

    title: str
    # Where files are posted to; empty where nothing may be changed.
    add_url: str
    lines: list[Line]
    limits: str
    back: str
    # Kinds of files that any of the lines takes.
    accept: str
    done: str = ""
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def may_change(self) -> bool:
        return bool(self.add_url)

    @property
    def has_required(self) -> bool:
        return any(line.required for line in self.lines)


def materials_panel(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    *,
    errors: Sequence[tuple[str, str]] = (),
    back: str = "",
    done: str = "",
) -> Panel:
    """Everything about the materials of a case: two queries. ``errors``: (kind, message) of a refused upload.

    ``back``: the page on which the list stands; after an upload the browser comes back there.
    """
    may_change = may_change_materials(case, actor)
    case_type, uploaded = registry.case_type_of(case), list(case.materials.current())
    rules, source = case_type.materials(case), case_type.own_papers
    return panel_of(
        rules,
        [(material, reverse("workflow:material_remove", args=[material.token])) for material in uploaded],
        own=own_below(case, rules, uploaded, is_live=may_change) if source is not None else {},
        keeps=frozenset(source.keeps(case)) if source is not None and may_change else frozenset(),
        title=_("Materials"),
        add_url=reverse("workflow:material_add", args=[case.pk]) if may_change else "",
        errors=errors,
        remarks=open_remarks(case),
        back=back or request.get_full_path(),
        done=done,
    )


def panel_of(
    rules: Sequence[MaterialRule],
    materials: Sequence[tuple[Material, str]],
    *,
    title: str,
    add_url: str,
    own: Mapping[str, Sequence[OwnLine]] = MappingProxyType({}),
    keeps: Collection[str] = (),
    errors: Sequence[tuple[str, str]] = (),
    remarks: Sequence[Remark] = (),
    back: str,
    done: str = "",
) -> Panel:
    """A list of materials, whoever they belong to. ``materials``: each with the address that removes it."""
    papers: dict[str, list[Paper]] = {}
    for material, remove_url in materials:
        papers.setdefault(material.kind, []).append(paper_of(material, remove_url if add_url else ""))
    known = {rule.kind for rule in rules}
    rules = [*rules, *(MaterialRule(kind, kind) for kind in papers if kind not in known)]
    labels = {rule.kind: str(rule.label) for rule in rules}
    return Panel(
        title=title,
        add_url=add_url,
        lines=list(_lines(rules, papers, own, keeps, errors, remarks)),
        limits=limits_text(rules),
        back=back,
        accept=accepted(taken_kinds(rules)),
        done=done,
        errors=[(kind, labels.get(kind, ""), message) for kind, message in errors],
    )


def _lines(
    rules: Sequence[MaterialRule],
    papers: dict[str, list[Paper]],
    own: Mapping[str, Sequence[OwnLine]],
    keeps: Collection[str],
    errors: Sequence[tuple[str, str]],
    remarks: Sequence[Remark],
) -> Iterator[Line]:
    filled = papers.keys() | {kind for kind, lines in own.items() if any(not line.expired for line in lines)}
    is_uniform = take_the_same(rules)
    for rule in rules:
        others = [other for other in rules if rule.one_of and other.one_of == rule.one_of and other != rule]
        # One of them is enough: beside it the others are asked for no more.
        is_replaced = rule.kind not in filled and any(other.kind in filled for other in others)
        yield Line(
            own=own.get(rule.kind, ()),
            keeps=rule.kind in keeps,
            kind=rule.kind,
            label=str(rule.label),
            hint=str(rule.hint),
            required=rule.required and not is_replaced,
            either=_(" or ").join(str(other.label) for other in others),
            papers=papers.get(rule.kind, []),
            accept=accepted(rule.kinds or KINDS),
            types="" if is_uniform else list_kinds(taken_kinds([rule])),
            errors=[message for kind, message in errors if kind == rule.kind],
            remarks=[remark.text for remark in remarks if remark.key == f"materials.{rule.kind}"],
        )


def own_below(
    case: Case, rules: Sequence[MaterialRule], uploaded: Sequence[Material], *, is_live: bool
) -> dict[str, list[OwnLine]]:
    """{line: papers of the applicant's own}: for whoever may still change the case what would go with it now, for
    everybody else what went with the last filing."""
    if not is_live:
        return _filed_below(case)
    found: dict[str, list[OwnLine]] = {}
    papers = own_papers_of(case)
    for going in papers_going(rules, uploaded, papers):
        found.setdefault(going.line, []).append(_own_line(going.paper))
    for paper in papers:
        if paper.expired:
            found.setdefault(line_for(paper, rules), []).append(_own_line(paper))
    return found


def papers_beside(case: Case) -> list[tuple[str, Paper]]:
    """What of the applicant's own would be filed now although no line asks for it: (label, file)."""
    going = papers_going(registry.case_type_of(case).materials(case), (), own_papers_of(case))
    return [(str(one.paper.label), paper_of(one.paper.material)) for one in going if not one.line]


def _own_line(paper: OwnPaper) -> OwnLine:
    until = paper.until.isoformat() if paper.until else ""
    return OwnLine(paper_of(paper.material), until, paper.expired, paper.change_url)


def _filed_below(case: Case) -> dict[str, list[OwnLine]]:
    filing = case.filings.order_by("-number").first() if case.seq else None
    if filing is None:
        return {}
    materials = {material.pk: material for material in filed_materials([filing]).get(filing.pk, [])}
    found: dict[str, list[OwnLine]] = {}
    for line in own_lines(filing):
        if line["id"] in materials:
            found.setdefault(line["kind"], []).append(OwnLine(paper_of(materials[line["id"]])))
    return found


def paper_of(material: Material, remove_url: str = "") -> Paper:
    token = str(material.token)
    previewed = material.content_type in PREVIEWED
    return Paper(
        token=token,
        name=material.name,
        size=size_text(material.size),
        uploaded=minute_text(material.uploaded_at),
        scan=str(ScanStatus(material.scan).label),
        warn=material.scan != ScanStatus.CLEAN,
        preview_url=reverse("workflow:material_preview", args=[token]) if previewed else "",
        download_url=reverse("workflow:material_download", args=[token]),
        remove_url=remove_url,
    )


def size_text(size: int) -> str:
    """1.2 MB; 640 KB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(round(size / 1024), 1)} KB"


def taken_kinds(rules: Sequence[MaterialRule]) -> list[str]:
    """What the lines take together."""
    taken = {kind for rule in rules for kind in rule.kinds or KINDS} or set(KINDS)
    return [kind for kind in KINDS if kind in taken]


def take_the_same(rules: Sequence[MaterialRule]) -> bool:
    return len({frozenset(rule.kinds or KINDS) for rule in rules}) < 2


def limits_text(rules: Sequence[MaterialRule]) -> str:
    """The types stand with each line, where these differ."""
    if take_the_same(rules):
        words = _("%(types)s, at most %(size)s MB each, %(count)s files per line, %(once)s at a time.")
    else:
        words = _("At most %(size)s MB each, %(count)s files per line, %(once)s at a time.")
    return words % {
        "types": list_kinds(taken_kinds(rules)),
        "size": settings.UPLOAD_MAX_MB,
        "count": settings.UPLOAD_MAX_PER_MATERIAL,
        "once": MAX_AT_ONCE,
    }


def safe_back(request: HttpRequest, fallback: str) -> str:
    """The page that a form names to come back to, if it is one of ours."""
    back = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours and back.startswith("/") else fallback
