"""渤海英才卡申请 on the applicant's pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.apply_pages import Guide, guide_of, summary_of
from talent.applying import ApplicationService, Mending
from talent.completeness import SECTIONS
from talent.eligibility import Assessment, assess
from talent.enums import BOHAI_CARD, ProofKind
from talent.filing import build_sections
from talent.forms.application import CardForm, SubmitForm
from talent.forms.drafts import DraftForm
from talent.models import CardApplication, CardScheme
from talent.paper_kinds import OF_WORK
from talent.services.application import copy_card_application, save_card_draft, start_card_application
from talent.services.submission import submit_card_application
from workflow import clock
from workflow.models import Region
from workflow.presentation.remarks import Remark

# Where the lists of the talent space are changed.
LISTS = {
    "studies": "talent:educations",
    "works": "talent:works",
    "honours": "talent:honour_list",
    "projects": "talent:project_list",
    "family": "talent:family_list",
}
# Of the basic information: what an office corrects on request, and how the person is reached.
REGISTERED = frozenset({"name", "sex", "birth", "ethnic", "political", "document_kind", "number", "household"})
CONTACT = frozenset({"phone", "email"})
CONTRACT = ("contract_kind", "contract_start", "contract_end")
TOGETHER = {
    **dict.fromkeys(CONTRACT, CONTRACT),
    "arrival": ("arrived_on",),
    "arrived_on": ("arrival",),
    "category": ("evidence",),
    "evidence": ("category",),
}


def _guide(region: Region | None) -> Guide | None:
    scheme = CardScheme.objects.for_guide(region, clock.today())
    return guide_of(scheme) if scheme else None


def _facts(application: CardApplication) -> list[tuple[str, str]]:
    return [(_("Category of talent"), str(application.category or ""))]


def _fields_of(form: DraftForm, remark: Remark) -> Sequence[str]:
    if remark.is_of_materials:
        return ()
    if remark.key == "category.level":
        return ("category",)
    return (remark.row,) if remark.row in form.fields else ()


def _elsewhere(application: CardApplication, remark: Remark) -> str:
    """Where what has no field of its own is mended: among the papers, or in the talent space."""
    if remark.is_of_materials and remark.row not in (ProofKind.PHOTO, *OF_WORK):
        return f"{reverse('talent:apply_materials', args=[application.pk])}#material-{remark.row}"
    section = "works" if remark.is_of_materials else remark.key.partition(".")[0]
    if remark.row == ProofKind.PHOTO:
        section = "personal"
    if section == "work":
        return "#section-work"
    if section == "personal" and remark.row in REGISTERED:
        return reverse("accounts:data_correction")
    page = reverse("accounts:account" if remark.row in CONTACT else LISTS.get(section, "talent:profile"))
    return f"{page}?next={reverse('talent:apply_edit', args=[application.pk])}"


CARD: ApplicationService[CardApplication, Assessment] = ApplicationService(
    case_type=BOHAI_CARD,
    pages="talent:apply",
    folder="talent/apply",
    title=gettext_lazy("Application for the Bohai talent card"),
    cards=SECTIONS,
    given=(),
    unseen=("specialist",),
    mine=CardApplication.objects.mine,
    guide=_guide,
    facts=_facts,
    assess=assess,
    sections=lambda application, _assessment: build_sections(application),
    summary=summary_of,
    form=CardForm,
    pledge=SubmitForm,
    start=start_card_application,
    save=save_card_draft,
    copy=copy_card_application,
    submit=submit_card_application,
    mending=Mending(_fields_of, _elsewhere, TOGETHER),
    copied=gettext_lazy("Copied as a new draft. Upload the papers again."),
    is_single=True,
)
