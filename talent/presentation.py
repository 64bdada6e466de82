"""What the pages show of a person's facts, put into words once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from talent.models import Education, WorkExperience
from workflow.codelists import CONTRACT_KIND, DEGREE, EDUCATION


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


def work_row(row: WorkExperience) -> WorkRow:
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
    )


def _contract(row: WorkExperience) -> str:
    if row.contract_start is None:
        return ""
    if row.contract_end is None:
        kind = CONTRACT_KIND.label(row.contract_kind) if row.contract_kind else _("open-ended")
        return _("from %(from)s (%(kind)s)") % {"from": row.contract_start.isoformat(), "kind": kind}
    return _("%(from)s to %(to)s") % {"from": row.contract_start.isoformat(), "to": row.contract_end.isoformat()}
