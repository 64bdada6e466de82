"""What the pages show of a person's facts, put into words once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from talent.enums import ProofKind
from talent.models import Education, Proof, WorkExperience
from talent.paper_kinds import OF_WORK
from workflow.codelists import CONTRACT_KIND, DEGREE, DOCUMENT_KINDS, EDUCATION, ETHNIC, POLITICAL, SEX
from workflow.filetypes import PAPERS
from workflow.masking import mask_number, mask_phone
from workflow.presentation.materials import Panel, Paper, panel_of, paper_of
from workflow.registry import MaterialRule


@dataclass(frozen=True, slots=True)
class EducationRow:
    pk: int
    level: str
    degree: str
    school: str
    major: str
    graduated: str
    full_time: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    pk: int
    unit: str
    position: str
    place: str
    time: str
    contract: str
    insured: str
    is_current: bool
    proofs: list[tuple[str, Paper]]


def education_row(row: Education) -> EducationRow:
    return EducationRow(
        pk=row.pk,
        level=EDUCATION.label(row.level),
        degree=DEGREE.label(row.degree) if row.degree else "",
        school=row.school,
        major=row.major,
        graduated=row.graduated_on.isoformat(),
        full_time=_("Yes") if row.full_time else _("No"),
    )


def work_rows(rows: Iterable[WorkExperience], proofs: Iterable[Proof]) -> list[WorkRow]:
    of_work: dict[int | None, list[Proof]] = {}
    for proof in proofs:
        of_work.setdefault(proof.work_id, []).append(proof)
    return [_work_row(row, of_work.get(row.pk, [])) for row in rows]


def _work_row(row: WorkExperience, proofs: Sequence[Proof]) -> WorkRow:
    today = _("today")
    left = row.left_on.isoformat() if row.left_on else today
    return WorkRow(
        pk=row.pk,
        unit=row.unit_name,
        position=row.position,
        place=row.region.name,
        time=_("%(from)s to %(to)s") % {"from": row.joined_on.isoformat(), "to": left},
        contract=_contract(row),
        insured=_("%(from)s to %(to)s")
        % {"from": f"{row.insured_from:%Y-%m}", "to": f"{row.insured_to:%Y-%m}" if row.insured_to else today}
        if row.insured_from
        else "",
        is_current=row.is_current,
        proofs=[(str(ProofKind(proof.kind).label), paper_of(proof.material)) for proof in proofs],
    )


def _contract(row: WorkExperience) -> str:
    if row.contract_start is None:
        return ""
    if row.contract_end is None:
        kind = CONTRACT_KIND.label(row.contract_kind) if row.contract_kind else _("open-ended")
        return _("from %(from)s (%(kind)s)") % {"from": row.contract_start.isoformat(), "kind": kind}
    return _("%(from)s to %(to)s") % {"from": row.contract_start.isoformat(), "to": row.contract_end.isoformat()}


def proof_rules() -> list[MaterialRule]:
    """The lines under which the proofs of an employment are kept; none of them is demanded."""
    hints = {
        ProofKind.CONTRACT: _("All pages, with signature and seal"),
        ProofKind.SERVICE: _("With the seal of the employer"),
    }
    return [MaterialRule(kind, kind.label, hint=hints.get(kind, ""), kinds=PAPERS) for kind in OF_WORK]


def proof_rule(kind: str) -> MaterialRule | None:
    return next((rule for rule in proof_rules() if rule.kind == kind), None)


def proofs_panel(work: WorkExperience, *, back: str, done: str = "", errors: Sequence[tuple[str, str]] = ()) -> Panel:
    """One query. ``back``: the page on which the list stands."""
    materials = [proof.material for proof in Proof.objects.of_work(work)]
    return panel_of(
        proof_rules(),
        [(material, reverse("talent:proof_remove", args=[material.token])) for material in materials],
        title=_("Proof documents"),
        add_url=reverse("talent:proof_add", args=[work.pk]),
        errors=errors,
        back=back,
        done=done,
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """基本信息 of a person; ``photo`` is the address of the picture."""

    facts: list[tuple[str, str]]
    photo: str
    file: Paper | None


def profile_of(person: Person) -> Profile:
    photo = Proof.objects.of(person).photos().first()
    facts = [
        (_("Name"), person.name),
        (_("Sex"), SEX.label(person.sex)),
        (_("Date of birth"), person.birth_date.isoformat() if person.birth_date else ""),
        (_("Ethnic group"), ETHNIC.label(person.ethnic) if person.ethnic else ""),
        (_("Political status"), POLITICAL.label(person.political) if person.political else ""),
        (_("Kind of document"), DOCUMENT_KINDS.label(person.document_kind)),
        (_("Document number"), mask_number(person.number)),
        (_("Place of household registration"), person.household.name if person.household else ""),
        (_("Telephone"), mask_phone(person.phone)),
        (_("Employer"), person.unit.name if person.unit else ""),
    ]
    if photo is None:
        return Profile(facts, "", None)
    return Profile(facts, reverse("workflow:material_page", args=[photo.material.token, 0]), paper_of(photo.material))
