"""The application for the card after a return: what the office marked stands beside its field."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from talent.enums import ProofKind
from talent.forms.application import CardForm
from talent.models import CardApplication
from talent.paper_kinds import OF_WORK
from workflow.presentation.remarks import Pinned, Remark, open_remarks
from workflow.remark_forms import pin_remarks

# Where the lists of the talent space are changed.
LISTS = {"studies": "talent:educations", "works": "talent:works"}


def pin_to(form: CardForm) -> list[Pinned]:
    """Put the remarks of the return beside the fields of this form; the lines for the head of the page."""
    application = form.application
    return pin_remarks(
        form,
        open_remarks(application.case),
        lambda remark: _fields_of(form, remark),
        lambda remark: _elsewhere(application, remark),
    )


def remark_lines(application: CardApplication) -> list[Pinned]:
    """The same lines on another page of the application: they lead back into the form."""
    address = reverse("talent:apply_edit", args=[application.pk])
    return [
        Pinned(line.where, line.text, f"{address}{line.target}" if line.target.startswith("#") else line.target)
        for line in pin_to(CardForm(application=application))
    ]


def _fields_of(form: CardForm, remark: Remark) -> Sequence[str]:
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
    page = reverse(LISTS.get(section, "talent:profile"))
    return f"{page}?next={reverse('talent:apply_edit', args=[application.pk])}"
