"""大学生租房补助申请 on the applicant's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from subsidies.completeness import SECTIONS
from subsidies.eligibility import Assessment, assess, current_works
from subsidies.enums import GRADUATE_RENT
from subsidies.filing import build_sections
from subsidies.forms import RentForm
from subsidies.models import Programme, RentApplication
from subsidies.presentation import Guide, facts_of, guide_of, summary_of
from subsidies.services.application import copy_application, save_draft, start_application
from subsidies.services.submission import submit_application
from talent.applying import ApplicationService, Mending
from talent.enums import ProofKind
from talent.forms.drafts import DraftForm, SubmitForm
from talent.paper_kinds import OF_WORK
from workflow import clock
from workflow.models import Region
from workflow.presentation.remarks import Remark
from workflow.sections import Section

PERIOD = ("start", "end")
TOGETHER: Mapping[str, Sequence[str]] = {
    "marital": ("spouse_name", "spouse_number", "spouse_unit"),
    "account": ("account_again",),
    "lease_start": ("lease_end",),
    "lease_end": ("lease_start",),
    "insured_from": ("insured_months",),
    "start": PERIOD,
    "end": PERIOD,
}


def _guide(region: Region | None) -> Guide | None:
    programme = Programme.objects.for_guide(region, clock.today())
    return guide_of(programme) if programme else None


def _sections(application: RentApplication, assessment: Assessment) -> list[Section]:
    work = current_works([application.person_id]).get(application.person_id)
    return build_sections(application, work, assessment.entitlement)


def _fields_of(form: DraftForm, remark: Remark) -> Sequence[str]:
    section = remark.key.partition(".")[0]
    if section == "education":
        return ("education",)
    if section == "subsidy" and remark.row not in PERIOD:
        return PERIOD
    return (remark.row,) if remark.row in form.fields and not remark.is_of_materials else ()


def _elsewhere(application: RentApplication, remark: Remark) -> str:
    """Where what has no field of its own is mended: among the papers, the person's own, or the facts of its section."""
    if remark.is_of_materials and remark.row in (ProofKind.PHOTO, *OF_WORK):
        own = "talent:profile" if remark.row == ProofKind.PHOTO else "talent:works"
        return f"{reverse(own)}?next={reverse('subsidies:rent_edit', args=[application.pk])}"
    if remark.is_of_materials:
        return f"{reverse('subsidies:rent_materials', args=[application.pk])}#material-{remark.row}"
    section = remark.key.partition(".")[0]
    return "#title-personal" if section == "personal" else f"#section-{section}"


RENT: ApplicationService[RentApplication, Assessment] = ApplicationService(
    case_type=GRADUATE_RENT,
    pages="subsidies:rent",
    folder="subsidies/rent",
    title=gettext_lazy("Application for the rent subsidy"),
    cards=SECTIONS,
    given=("personal",),
    unseen=(),
    mine=RentApplication.objects.mine,
    guide=_guide,
    facts=facts_of,
    assess=assess,
    sections=_sections,
    summary=summary_of,
    form=RentForm,
    pledge=SubmitForm,
    start=start_application,
    save=save_draft,
    copy=copy_application,
    submit=submit_application,
    mending=Mending(_fields_of, _elsewhere, TOGETHER),
    copied=gettext_lazy("Copied as a new draft. Enter the period and upload the papers again."),
    way_back=gettext_lazy(
        "Correct it, then submit again: unless months, amount or education change, "
        "the case goes straight back to that office."
    ),
)
