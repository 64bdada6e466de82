"""An application after a return: what the office marked stands beside its field, and only that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from talent.applying import ApplicationService, Assessment
from talent.forms.drafts import DraftForm
from workflow.models import Filing
from workflow.presentation.remarks import Pinned, Remark, answered, open_remarks
from workflow.remark_forms import lock_fields, pin_remarks
from workflow.services.filings import compare
from workflow.services.materials import describe_materials

WHOLE = "all"
# The language of filings.
FILED_IN = "zh-hans"
Service = ApplicationService[Any, Any]


@dataclass(slots=True)
class ReturnedForm:
    """``is_locked``: some fields wait behind the link that opens them all."""

    form: DraftForm
    lines: list[Pinned] = field(default_factory=list)
    is_locked: bool = False
    is_whole: bool = False


def returned_form(
    request: HttpRequest, service: Service, application: Any, data: Mapping[str, Any] | None
) -> ReturnedForm:
    """The form, with everything open where nothing was marked or the applicant asked for it."""
    form = service.form(data, application=application)
    remarks = open_remarks(application.case)
    if not remarks:
        return ReturnedForm(form)
    lines = _pin(service, form, application, remarks)
    whole = WHOLE in request.GET
    is_locked = not whole and lock_fields(form, _open_names(service, form, remarks, service.assess(application)))
    return ReturnedForm(form, lines, is_locked, whole)


def remark_lines(service: Service, application: Any) -> list[Pinned]:
    """The same lines on another page of the application: they lead back into the form."""
    return _lines(service, application, open_remarks(application.case))


def _lines(service: Service, application: Any, remarks: Sequence[Remark]) -> list[Pinned]:
    if not remarks:
        return []
    address = service.url("edit", application.pk)
    return [
        Pinned(line.where, line.text, f"{address}{line.target}" if line.target.startswith("#") else line.target)
        for line in _pin(service, service.form(application=application), application, remarks)
    ]


@dataclass(frozen=True, slots=True)
class Marks:
    """What the office marked, on the last look; the applicant may mean what is ``untouched``, and is asked."""

    touched: list[Pinned]
    untouched: list[Pinned]


def marks_of(service: Service, application: Any, assessment: Assessment) -> Marks:
    case = application.case
    remarks, filed = open_remarks(case), case.filings.order_by("-number").first()
    if not remarks or filed is None:
        return Marks([], [])
    with translation.override(FILED_IN):
        sections = service.sections(application, assessment)
        now = Filing(content={"sections": sections, "materials": describe_materials(case)})
    answers = zip(answered(remarks, compare(filed, now)), _lines(service, application, remarks), strict=True)
    lines = [(answer.is_changed, line) for answer, line in answers]
    return Marks([line for changed, line in lines if changed], [line for changed, line in lines if not changed])


def _pin(service: Service, form: DraftForm, application: Any, remarks: Sequence[Remark]) -> list[Pinned]:
    mending = service.mending
    return pin_remarks(
        form,
        remarks,
        lambda remark: mending.fields_of(form, remark),
        lambda remark: mending.elsewhere(application, remark),
    )


def _open_names(service: Service, form: DraftForm, remarks: Sequence[Remark], assessment: Assessment) -> set[str]:
    """What was marked, what goes with it, and what else stands in the way of filing again."""
    names = {name for remark in remarks for name in service.mending.fields_of(form, remark)}
    names |= {other for name in names for other in service.mending.together.get(name, ())}
    return names | set(assessment.gaps) | {check.field for check in assessment.failed if check.field}
