"""The applicant's pages of every service: guide, list, form, materials, check of the answers, confirmation."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import UserKind
from accounts.models import Person
from accounts.real_name import NOT_VERIFIED, is_below, level_needed
from talent.application_rows import answers_of, list_row
from talent.applying import ApplicationService
from talent.models import WorkExperience
from talent.returned import ReturnedForm, marks_of, remark_lines, returned_form
from talent.services.facts import prefill_education
from talent.views.facts import person_of
from talent.views.last_look import last_look, read_token
from workflow.doubts import show_doubts
from workflow.enums import State
from workflow.middleware import ActorRequest
from workflow.presentation.drafting import returned_opinion
from workflow.presentation.materials import materials_panel, papers_beside
from workflow.registry import case_type_of
from workflow.services import Refused
from workflow.services.materials import missing_materials

Service = ApplicationService[Any, Any]
UNDER_WAY = (State.IN_REVIEW, State.RETURNED)


def own_application(request: ActorRequest, service: Service, pk: int) -> Any:
    person_of(request)
    return get_object_or_404(service.mine(request.actor).whole(), pk=pk)  # type: ignore[attr-defined]


def page_of(service: Service, application: Any, **context: Any) -> dict[str, Any]:
    """What all pages of one application show."""
    assessment = service.assess(application)
    return {
        "service": service,
        "application": application,
        "assessment": assessment,
        "checks": assessment.checks,
        "summary": service.summary(application, assessment),
        "opinion": returned_opinion(application.case),
        **context,
    }


@login_not_required
@require_GET
def start(request: ActorRequest, service: Service) -> HttpResponse:
    """办事指南: public; signed-in persons begin here."""
    person: Person | None = getattr(request.user, "person", None)
    context = {
        "service": service,
        "guide": service.guide(person.unit.region if person and person.unit else None),
        "may_apply": person is not None and request.actor.is_person,
        "level": level_needed(service.case_type).label,
        "is_below": is_below(request.user, service.case_type) and request.user.kind == UserKind.PERSON,
        "token": uuid.uuid4(),
    }
    return render(request, service.template("start"), context)


@require_POST
def create(request: ActorRequest, service: Service) -> HttpResponse:
    if is_below(request.user, service.case_type):
        messages.error(request, NOT_VERIFIED)
        return redirect(service.url("start"))
    person = person_of(request)
    prefill_education(person)
    if not WorkExperience.objects.of(person).current().exists():
        messages.warning(request, _("Keep your work experience first: the application needs your present employment."))
        return redirect(f"{reverse('talent:works')}?next={service.url('start')}")
    try:
        application = service.start(person, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(service.url("list"))
    return redirect(service.url("edit", application.pk))


@require_GET
def applications(request: ActorRequest, service: Service) -> HttpResponse:
    person_of(request)
    found = list(service.mine(request.actor))
    context = {
        "service": service,
        "rows": [list_row(service, application) for application in found],
        "may_begin": not (service.is_single and any(application.case.state in UNDER_WAY for application in found)),
        "token": uuid.uuid4(),
    }
    return render(request, "talent/application/list.html", context)


def edit(request: ActorRequest, service: Service, pk: int) -> HttpResponse:
    application = own_application(request, service, pk)
    if not application.case.is_editable:
        return redirect("workflow:case", pk)
    returned = returned_form(request, service, application, request.POST if request.method == "POST" else None)
    form = returned.form
    if request.method == "POST":
        service.save(application, request.actor, **form.draft())
        if form.overtaken:
            messages.warning(request, form.overtaken)
        if "save" in request.POST:
            messages.success(request, _("Saved. You can go on at any time."))
            return redirect(service.url("edit", pk))
        if not form.errors and not form.blame(service.assess(application).failed):
            return redirect(service.url("materials", pk))
    return render(request, service.template("edit"), edit_context(service, application, returned))


def edit_context(service: Service, application: Any, returned: ReturnedForm) -> dict[str, Any]:
    form = returned.form
    show_doubts(form, form.doubts)
    page = page_of(service, application, form=form, returned=returned, remarks=returned.lines)
    facts = {part["key"]: part for part in service.sections(application, page["assessment"])}
    for key, fields in service.cards.items():
        # What stands in a field of the same card is not said twice.
        if key in facts:
            facts[key]["rows"] = [row for row in facts[key]["rows"] if row["key"] not in fields]
    return page | {"facts": facts}


@require_POST
def autosave(request: ActorRequest, service: Service, pk: int) -> HttpResponse:
    """The fragments that follow what is typed: the summary and the marks of the cards."""
    application = own_application(request, service, pk)
    form = returned_form(request, service, application, request.POST).form
    service.save(application, request.actor, **form.draft())
    page = page_of(service, application, form=form, fresh=True)
    return render(request, "talent/application/_summary.html", page)


@require_GET
def materials(request: ActorRequest, service: Service, pk: int) -> HttpResponse:
    application = own_application(request, service, pk)
    if not application.case.is_editable:
        return redirect("workflow:case", pk)
    panel = materials_panel(request, application.case, request.actor, back=request.path)
    page = page_of(service, application, panel=panel, remarks=remark_lines(service, application))
    return render(request, "talent/application/materials.html", page)


def check(request: ActorRequest, service: Service, pk: int) -> HttpResponse:
    """The last look: every answer, every rule, every paper; then 【提交】."""
    application = own_application(request, service, pk)
    if not application.case.is_editable:
        return redirect(service.url("submitted", pk))
    return last_look(
        request,
        application.case,
        "talent/application/check.html",
        form_class=service.pledge,
        submit=partial(service.submit, application, request.actor),
        done=service.url("submitted", pk),
        context=partial(check_context, request, service, application),
    )


def check_context(request: ActorRequest, service: Service, application: Any) -> dict[str, Any]:
    page = page_of(service, application, remarks=[])
    missing = [line.message for line in missing_materials(application.case)]
    return page | {
        "sections": answers_of(service, service.sections(application, page["assessment"])),
        "missing": missing,
        "marks": marks_of(service, application, page["assessment"]),
        "ready": not page["assessment"].reasons and not missing,
        "panel": materials_panel(request, application.case, request.actor),
        "proofs": papers_beside(application.case),
    }


@require_GET
def submitted(request: ActorRequest, service: Service, pk: int) -> HttpResponse:
    """Survives a bookmark: it says what stands in the case, not what was just done."""
    application = own_application(request, service, pk)
    case = application.case
    if case.state != State.IN_REVIEW:
        return redirect("workflow:case", pk)
    documents = [
        (document.label, reverse("workflow:case_document", args=[pk, document.key]))
        for document in case_type_of(case).documents
        if document.is_ready(case)
    ]
    page = page_of(service, application, case=case, documents=documents)
    return render(request, "talent/application/submitted.html", page)


@require_POST
def copy(request: ActorRequest, service: Service, pk: int) -> HttpResponse:
    application = own_application(request, service, pk)
    try:
        draft = service.copy(application, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(service.url("list"))
    messages.success(request, str(service.copied))
    return redirect(service.url("edit", draft.pk))
