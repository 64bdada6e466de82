"""What the applicant's pages show, put into words once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from subsidies.completeness import SECTIONS, TITLES, labels_of
from subsidies.eligibility import Assessment
from subsidies.enums import GRADUATE_RENT
from subsidies.filing import capitals
from subsidies.models import Programme, RentApplication
from workflow.presentation.drafting import SectionMark, mark_section
from workflow.presentation.guides import GuidePaper, GuideStep, guide_papers, guide_steps


@dataclass(frozen=True, slots=True)
class Summary:
    """The aside: what is computed, what is missing."""

    months: int
    standard: Decimal
    total: Decimal
    capital: str
    used: int
    remaining: int
    left_out: str
    saved: str
    marks: list[SectionMark]


def summary_of(application: RentApplication, assessment: Assessment) -> Summary:
    result = assessment.entitlement
    left_out = [month for month in result.asked if month not in result.months]
    saved = timezone.localtime(application.saved_at).strftime("%H:%M") if application.saved_at else ""
    return Summary(
        months=len(result.months),
        standard=result.standard,
        total=result.total,
        capital=capitals(result.total),
        used=result.used,
        remaining=result.remaining,
        left_out=_(", ").join(f"{month:%Y-%m}" for month in left_out),
        saved=saved,
        marks=section_marks(assessment),
    )


def section_marks(assessment: Assessment) -> list[SectionMark]:
    gaps = set(assessment.gaps)
    return [
        mark_section(
            key,
            str(TITLES[key]),
            labels_of([name for name in names if name in gaps]),
            [check for check in assessment.failed if check.field in names],
        )
        for key, names in SECTIONS.items()
    ]


def facts_of(application: RentApplication) -> list[tuple[str, str]]:
    """What tells one application of the list from the others, as (label, text)."""
    case = application.case
    amount = {"amount": f"{case.amount:,.2f}"} if case.amount is not None else None
    return [
        (_("Period"), _period(application.start, application.end)),
        (_("Months of subsidy"), str(case.summary.get("months", ""))),
        (_("Total amount"), _("%(amount)s yuan") % amount if amount else ""),
    ]


def _period(start: date | None, end: date | None) -> str:
    return _("%(from)s to %(to)s") % {"from": f"{start:%Y-%m}", "to": f"{end:%Y-%m}"} if start and end else ""


@dataclass(frozen=True, slots=True)
class Guide:
    """办事指南 of one programme."""

    programme: Programme
    legal_basis: str
    contact: str
    levels: list[tuple[str, str]]
    conditions: list[str]
    papers: list[GuidePaper]
    steps: list[GuideStep]
    days: int


def guide_of(programme: Programme) -> Guide:
    steps = guide_steps(GRADUATE_RENT)
    return Guide(
        programme=programme,
        legal_basis=programme.legal_basis_text,
        contact=programme.contact_text,
        levels=[(level.name, f"{level.amount:,.2f}") for level in programme.enabled_levels],
        conditions=_conditions(programme),
        papers=guide_papers(list(programme.papers.all())),
        steps=steps,
        days=sum(step.days for step in steps),
    )


def _conditions(programme: Programme) -> list[str]:
    levels = _(", ").join(level.name for level in programme.enabled_levels)
    lines = [_("Graduates (毕业) of: %(levels)s") % {"levels": levels}]
    if programme.full_time_only:
        lines.append(_("Full-time education"))
    if programme.graduated_within_years:
        lines.append(_("Graduated no more than %(years)s years ago") % {"years": programme.graduated_within_years})
    if programme.unit_kinds:
        lines.append(_("Employed by: %(kinds)s") % {"kinds": programme.unit_kind_names})
    lines.append(_("Labour contract of at least %(months)s months") % {"months": programme.contract_min_months})
    lines.append(_("At least %(months)s months of social insurance") % {"months": programme.insurance_min_months})
    if programme.no_own_house:
        lines.append(_("Neither you nor your spouse own a home in this city"))
    if programme.exclusive_with:
        lines.append(_("Not together with: %(names)s") % {"names": _(", ").join(programme.exclusive_with)})
    if programme.past_periods_only:
        lines.append(_("Only for months that are over, and covered as a whole by contract, insurance and lease"))
    lines.append(_("At most %(months)s months in all; no month is paid twice") % {"months": programme.max_months})
    return lines
