"""Papers of a case: added, replaced and removed by the applicant while the case is open to changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from workflow import registry
from workflow.actors import Actor
from workflow.authority import may_file
from workflow.models import Case, Material
from workflow.registry import MaterialRule
from workflow.services.files import check_room, discard, put_aside, store_file
from workflow.services.own_lines import Going, load_own_papers, own_papers_of, papers_going


@dataclass(frozen=True, slots=True)
class Missing:
    """A required line of the list that has no file; ``kind`` is the first of the alternatives."""

    kind: str
    message: str


def may_change_materials(case: Case, actor: Actor) -> bool:
    """Only the applicant, and only in a draft or after a return."""
    return case.is_editable and may_file(case, actor)


def rule_of(case: Case, kind: str) -> MaterialRule | None:
    """The line of the list of materials; None for a kind that the list does not know."""
    rules = registry.case_type_of(case).materials(case)
    return next((rule for rule in rules if rule.kind == kind), None)


def add_material(case: Case, *, kind: str, upload: File[bytes], actor: Actor, keep: bool = False) -> Material:
    """Check and keep one file, with ``keep`` among the applicant's own papers too.

    Raises ValidationError (what is wrong with it) or PermissionDenied.
    """
    material = _add(case, kind, upload, actor)
    own = registry.case_type_of(case).own_papers
    # Once the upload stands: it stays with the case where the own papers take no more.
    if keep and own is not None and kind in own.keeps(case):
        own.keep(case, material, actor)
    return material


@transaction.atomic
def _add(case: Case, kind: str, upload: File[bytes], actor: Actor) -> Material:
    case = _lock_open_case(case, actor)
    rule = rule_of(case, kind)
    if rule is None:
        raise ValidationError(_("The list of materials has no such line. Reload the page and choose again."), "kind")
    check_room(case.materials.current().filter(kind=kind).count())
    return store_file(upload, actor, kind=kind, case=case, kinds=rule.kinds)


@transaction.atomic
def replace_material(material: Material, *, upload: File[bytes], actor: Actor) -> Material:
    """Put another file in the place of this one; the old one goes only once the new one is accepted."""
    assert material.case is not None
    case = _lock_open_case(material.case, actor)
    rule = rule_of(case, material.kind)
    new = store_file(upload, actor, kind=material.kind, case=case, kinds=rule.kinds if rule is not None else ())
    _drop(case, material)
    return new


@transaction.atomic
def remove_material(material: Material, *, actor: Actor) -> None:
    assert material.case is not None
    _drop(_lock_open_case(material.case, actor), material)


def store_act_file(token: uuid.UUID, upload: File[bytes], kind: str, actor: Actor) -> Material:
    """Keep a file of an office's form (minutes, voucher) for the act with this form token.

    Call it in the transaction of ``perform(..., token=token, payload={kind: describe(material), ...})``: the act's row
    is written there, and a second press finds the file of the first.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A file of an act is stored in the transaction of the act.")
    of_act = Material.objects.filter(act_id=token, kind=kind)
    if first := of_act.first():
        return first
    try:
        return store_file(upload, actor, kind=kind, act_id=token)
    except IntegrityError:
        # The same form in the same instant: whoever came second waited for the constraint.
        return of_act.get()


def describe(material: Material) -> dict[str, Any]:
    """What a filing or an event remembers of a file; its digest enters the chain of events with it."""
    return {"id": material.pk, "kind": material.kind, "name": material.name, "sha256": material.sha256}


def load_materials(cases: Sequence[Case]) -> None:
    """Read the current files and the own papers of all these cases at once, for what is asked of them below.

    For cases that the caller has locked: no file comes or goes while it is asked.
    """
    kept = _read_current(cases)
    for case in cases:
        case.kept_materials = kept[case.pk]
    load_own_papers(cases)


def _read_current(cases: Iterable[Case]) -> dict[int, list[Material]]:
    kept: dict[int, list[Material]] = {case.pk: [] for case in cases}
    for material in Material.objects.filter(case__in=kept).current() if kept else ():
        kept[material.case_id or 0].append(material)
    return kept


def _current(case: Case) -> Iterable[Material]:
    return case.materials.current() if case.kept_materials is None else case.kept_materials


def describe_materials(case: Case) -> list[dict[str, Any]]:
    """The ``materials`` of ``Filing.content``: every current file with the label of its line, then the own papers."""
    rules, uploaded = registry.case_type_of(case).materials(case), list(_current(case))
    labels = {rule.kind: str(rule.label) for rule in rules}
    lines = [describe(material) | {"label": labels.get(material.kind, material.kind)} for material in uploaded]
    return lines + [_describe_own(going, labels) for going in papers_going(rules, uploaded, own_papers_of(case))]


def _describe_own(going: Going, labels: Mapping[str, str]) -> dict[str, Any]:
    """What proves a stated employment or study is named by it, everything else by the line that it fills."""
    paper = going.paper
    label = str(paper.label) if paper.stated else labels.get(going.line, str(paper.label))
    return describe(paper.material) | {"kind": going.line or paper.material.kind, "label": label, "own": True}


def missing_materials(case: Case) -> list[Missing]:
    """What the list still demands; one line of each group of alternatives is enough."""
    rules = registry.case_type_of(case).materials(case)
    return find_missing(rules, _present(rules, list(_current(case)), own_papers_of(case)))


def _present(rules: Sequence[MaterialRule], uploaded: Sequence[Material], own: Sequence[registry.OwnPaper]) -> set[str]:
    """The lines that hold a file, uploaded here or of the applicant's own."""
    return {material.kind for material in uploaded} | {going.line for going in papers_going(rules, uploaded, own)}


def find_missing(rules: Sequence[MaterialRule], present: set[str]) -> list[Missing]:
    groups: dict[str, list[MaterialRule]] = {}
    for rule in rules:
        groups.setdefault(rule.one_of or rule.kind, []).append(rule)
    missing = []
    for group in groups.values():
        if any(rule.required for rule in group) and not any(rule.kind in present for rule in group):
            labels = _(" or ").join(str(rule.label) for rule in group)
            missing.append(Missing(group[0].kind, _("Select “%(material)s”") % {"material": labels}))
    return missing


@registry.gate("workflow.materials_complete")
def materials_complete(cases: Sequence[Case]) -> registry.Closed:
    """For ``CaseType.gates["submit"]``: nothing is submitted before every required paper is there."""
    closed: registry.Closed = {}
    load_materials([case for case in cases if case.kept_materials is None])
    for case in cases:
        missing = missing_materials(case)
        if missing:
            closed[case.pk] = _("; ").join(line.message for line in missing)
    return closed


def _lock_open_case(case: Case, actor: Actor) -> Case:
    """The case's row stays locked, so that no file comes or goes while it is being submitted."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not may_change_materials(case, actor):
        raise PermissionDenied(_("The materials can no longer be changed: the case is “%s”.") % case.status)
    return case


def _is_filed(case: Case, material: Material) -> bool:
    papers = (paper for filing in case.filings.all() for paper in filing.content.get("materials", []))
    return any(paper["id"] == material.pk for paper in papers)


def _drop(case: Case, material: Material) -> None:
    """What a filing names stays as evidence and is shown no more; anything else goes."""
    if _is_filed(case, material):
        put_aside(material)
    else:
        discard(material)
