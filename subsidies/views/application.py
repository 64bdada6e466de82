"""The applicant's pages: guide, list, form, materials, check of the answers, confirmation."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import UserKind
from accounts.models import Person
from accounts.real_name import NOT_VERIFIED, is_below, level_needed
from subsidies.eligibility import assess, current_works
from subsidies.enums import GRADUATE_RENT
from subsidies.filing import build_sections
from subsidies.models import Programme, RentApplication
from subsidies.presentation import guide_of, list_row, missing_papers, summary_of
from subsidies.returned import ReturnedForm, remark_lines, returned_form
from subsidies.services.application import copy_application, save_draft, start_application
from subsidies.services.submission import NotReady, submit_application
from talent.forms.drafts import SubmitForm
from talent.models import WorkExperience
from talent.services.facts import prefill_education
from workflow import clock
from workflow.doubts import show_doubts
from workflow.enums import State
from workflow.middleware import ActorRequest
from workflow.presentation.drafting import returned_opinion
from workflow.presentation.materials import materials_panel, papers_beside
from workflow.registry import case_type_of
from workflow.services import Refused

CONFLICT = 409


def person_of(request: ActorRequest) -> Person:
    """Raises PermissionDenied for whoever acts for a unit or an office, or is nobody's account."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None and is_below(request.user, GRADUATE_RENT) and request.user.kind == UserKind.PERSON:
        raise PermissionDenied(NOT_VERIFIED)
    if person is None or not request.actor.is_person:
        raise PermissionDenied(_("Only individuals apply for this subsidy: sign in with a personal account."))
    return person


def own_application(request: ActorRequest, pk: int) -> RentApplication:
    person_of(request)
    found: RentApplication = get_object_or_404(RentApplication.objects.mine(request.actor).whole(), pk=pk)
    return found


def work_of(application: RentApplication) -> WorkExperience | None:
    return current_works([application.person_id]).get(application.person_id)


@login_not_required
@require_GET
def rent_start(request: ActorRequest) -> HttpResponse:
    """办事指南: public; signed-in persons begin here."""
    person: Person | None = getattr(request.user, "person", None)
    programme = Programme.objects.for_guide(person.unit.region if person and person.unit else None, clock.today())
    context = {
        "guide": guide_of(programme) if programme else None,
        "may_apply": person is not None and request.actor.is_person,
        "level": level_needed(GRADUATE_RENT).label,
        "is_below": is_below(request.user, GRADUATE_RENT) and request.user.kind == UserKind.PERSON,
        "token": uuid.uuid4(),
    }
    return render(request, "subsidies/rent_start.html", context)


@require_POST
def rent_create(request: ActorRequest) -> HttpResponse:
    if is_below(request.user, GRADUATE_RENT):
        messages.error(request, NOT_VERIFIED)
        return redirect("subsidies:rent_start")
    person = person_of(request)
    prefill_education(person)
    if not WorkExperience.objects.of(person).current().exists():
        messages.warning(request, _("Keep your work experience first: the application needs your present employment."))
        return redirect(f"{reverse('talent:works')}?next={reverse('subsidies:rent_start')}")
    try:
        application = start_application(person, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:rent_start")
    return redirect("subsidies:rent_edit", application.pk)


def read_token(request: ActorRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


@require_GET
def rent_list(request: ActorRequest) -> HttpResponse:
    person_of(request)
    rows = [list_row(application) for application in RentApplication.objects.mine(request.actor)]
    return render(request, "subsidies/rent_list.html", {"rows": rows, "token": uuid.uuid4()})


def rent_edit(request: ActorRequest, pk: int) -> HttpResponse:
    application = own_application(request, pk)
    if not application.case.is_editable:
        return redirect("workflow:case", pk)
    returned = returned_form(request, application, request.POST if request.method == "POST" else None)
    form = returned.form
    if request.method == "POST":
        save_draft(application, request.actor, **form.draft())
        if "save" in request.POST:
            messages.success(request, _("Saved. You can go on at any time."))
            return redirect("subsidies:rent_edit", pk)
        if not form.errors and not form.blame(assess(application).failed):
            return redirect("subsidies:rent_materials", pk)
    return render(request, "subsidies/rent_edit.html", edit_context(application, returned))


def edit_context(application: RentApplication, returned: ReturnedForm) -> dict[str, Any]:
    form = returned.form
    show_doubts(form, form.doubts)
    assessment, work = assess(application), work_of(application)
    facts = {part["key"]: part for part in build_sections(application, work, assessment.entitlement)}
    # What stands in a field of the same card is not said twice.
    facts["employment"]["rows"] = [row for row in facts["employment"]["rows"] if row["key"] not in form.fields]
    return {
        "application": application,
        "form": form,
        "returned": returned,
        "remarks": returned.lines,
        "facts": facts,
        "work": work,
        "summary": summary_of(application, assessment),
        "checks": assessment.checks,
        "opinion": returned_opinion(application.case),
    }


@require_POST
def rent_autosave(request: ActorRequest, pk: int) -> HttpResponse:
    """The fragments that follow what is typed: the summary and the marks of the cards."""
    application = own_application(request, pk)
    form = returned_form(request, application, request.POST).form
    save_draft(application, request.actor, **form.draft())
    assessment = assess(application)
    context = {
        "application": application,
        "summary": summary_of(application, assessment),
        "checks": assessment.checks,
        "fresh": True,
    }
    return render(request, "subsidies/_rent_summary.html", context)


@require_GET
def rent_materials(request: ActorRequest, pk: int) -> HttpResponse:
    application = own_application(request, pk)
    if not application.case.is_editable:
        return redirect("workflow:case", pk)
    panel = materials_panel(request, application.case, request.actor, back=request.path)
    context = {
        "application": application,
        "panel": panel,
        "remarks": remark_lines(application),
        "summary": summary_of(application, assess(application)),
    }
    return render(request, "subsidies/rent_materials.html", context)


def rent_check(request: ActorRequest, pk: int) -> HttpResponse:
    """The last look: every answer, every rule, every paper; then 【提交】."""
    application = own_application(request, pk)
    if not application.case.is_editable:
        return redirect("subsidies:rent_submitted", pk)
    form = SubmitForm(request.POST or None, initial={"token": uuid.uuid4(), "revision": application.case.revision})
    lines: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            submit_application(application, request.actor, **form.cleaned_data)
        except NotReady as refused:
            lines = [*refused.assessment.reasons, *refused.missing]
        except Refused as refused:
            lines = [str(refused)]
        else:
            return redirect("subsidies:rent_submitted", pk)
    status = CONFLICT if lines else 200
    return render(request, "subsidies/rent_check.html", check_context(request, application, form, lines), status=status)


def check_context(
    request: ActorRequest, application: RentApplication, form: SubmitForm, lines: list[str]
) -> dict[str, Any]:
    assessment, work = assess(application), work_of(application)
    missing = missing_papers(application)
    return {
        "application": application,
        "form": form,
        "lines": lines,
        "sections": build_sections(application, work, assessment.entitlement),
        "checks": assessment.checks,
        "assessment": assessment,
        "missing": missing,
        "ready": not assessment.reasons and not missing,
        "panel": materials_panel(request, application.case, request.actor),
        "proofs": papers_beside(application.case),
        "summary": summary_of(application, assessment),
        "opinion": returned_opinion(application.case),
        "remarks": remark_lines(application),
        "has_errors": bool(lines),
    }


@require_GET
def rent_submitted(request: ActorRequest, pk: int) -> HttpResponse:
    """Survives a bookmark: it says what stands in the case, not what was just done."""
    application = own_application(request, pk)
    case = application.case
    if case.state != State.IN_REVIEW:
        return redirect("workflow:case", pk)
    documents = [
        (document.label, reverse("workflow:case_document", args=[pk, document.key]))
        for document in case_type_of(case).documents
    ]
    context = {"application": application, "case": case, "documents": documents}
    return render(request, "subsidies/rent_submitted.html", context)


@require_POST
def rent_copy(request: ActorRequest, pk: int) -> HttpResponse:
    application = own_application(request, pk)
    try:
        draft = copy_application(application, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:rent_list")
    messages.success(request, _("Copied as a new draft. Enter the period and upload the papers again."))
    return redirect("subsidies:rent_edit", draft.pk)
