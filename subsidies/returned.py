"""The application form after a return: what the office marked stands beside its field, and only that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from subsidies.eligibility import Assessment, assess
from subsidies.forms import RentForm
from subsidies.models import RentApplication
from talent.enums import ProofKind
from talent.paper_kinds import OF_WORK
from workflow.presentation.remarks import Pinned, Remark, open_remarks
from workflow.remark_forms import lock_fields, pin_remarks

WHOLE = "all"
PERIOD = ("start", "end")
# Fields that are mended together with the one that was marked.
TOGETHER: Mapping[str, Sequence[str]] = {
    "marital": ("spouse_name", "spouse_number", "spouse_unit"),
    "account": ("account_again",),
    "lease_start": ("lease_end",),
    "lease_end": ("lease_start",),
    "insured_from": ("insured_months",),
    "start": PERIOD,
    "end": PERIOD,
}


@dataclass(slots=True)
class ReturnedForm:
    """``is_locked``: some fields wait behind the link that opens them all."""

    form: RentForm
    lines: list[Pinned] = field(default_factory=list)
    is_locked: bool = False
    is_whole: bool = False


def returned_form(request: HttpRequest, application: RentApplication, data: Mapping[str, Any] | None) -> ReturnedForm:
    """The form, with everything open where nothing was marked or the applicant asked for it."""
    form = RentForm(data, application=application)
    remarks = open_remarks(application.case)
    if not remarks:
        return ReturnedForm(form)
    lines = pin_remarks(
        form, remarks, lambda remark: _fields_of(form, remark), lambda remark: _elsewhere(application, remark)
    )
    whole = WHOLE in request.GET
    is_locked = not whole and lock_fields(form, _open_names(form, remarks, assess(application)))
    return ReturnedForm(form, lines, is_locked, whole)


def remark_lines(application: RentApplication) -> list[Pinned]:
    """The same lines on another page of the application: they lead back into the form."""
    form = RentForm(application=application)
    lines = pin_remarks(
        form,
        open_remarks(application.case),
        lambda remark: _fields_of(form, remark),
        lambda remark: _elsewhere(application, remark),
    )
    address = reverse("subsidies:rent_edit", args=[application.pk])
    return [
        Pinned(line.where, line.text, f"{address}{line.target}" if line.target.startswith("#") else line.target)
        for line in lines
    ]


def _fields_of(form: RentForm, remark: Remark) -> Sequence[str]:
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


def _open_names(form: RentForm, remarks: Sequence[Remark], assessment: Assessment) -> set[str]:
    """What was marked, what goes with it, and what else stands in the way of filing again."""
    names = {name for remark in remarks for name in _fields_of(form, remark)}
    names |= {other for name in names for other in TOGETHER.get(name, ())}
    return names | set(assessment.gaps) | {check.field for check in assessment.failed if check.field}
