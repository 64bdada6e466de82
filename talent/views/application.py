"""渤海英才卡申请: guide, list, form, materials, check of the answers, confirmation."""

from __future__ import annotations

import uuid
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
from talent.apply_pages import guide_of, list_row, missing_papers, summary_of
from talent.eligibility import assess
from talent.enums import BOHAI_CARD
from talent.filing import build_sections
from talent.forms.application import CardForm, SubmitForm
from talent.models import CardApplication, CardScheme, WorkExperience
from talent.returned import pin_to, remark_lines
from talent.services.application import copy_card_application, save_card_draft, start_card_application
from talent.services.facts import prefill_education
from talent.services.submission import NotReady, submit_card_application
from talent.views.facts import person_of
from workflow import clock
from workflow.enums import State
from workflow.middleware import ActorRequest
from workflow.presentation.drafting import returned_opinion
from workflow.presentation.materials import materials_panel, papers_beside
from workflow.registry import case_type_of
from workflow.services import Refused

CONFLICT = 409


def own_application(request: ActorRequest, pk: int) -> CardApplication:
    person_of(request)
    found: CardApplication = get_object_or_404(CardApplication.objects.mine(request.actor).whole(), pk=pk)
    return found


@login_not_required
@require_GET
def apply_start(request: ActorRequest) -> HttpResponse:
    """办事指南: public; signed-in persons begin here."""
    person: Person | None = getattr(request.user, "person", None)
    region = person.unit.region if person and person.unit else None
    scheme = CardScheme.objects.for_guide(region, clock.today())
    context = {
        "guide": guide_of(scheme) if scheme else None,
        "may_apply": person is not None and request.actor.is_person,
        "level": level_needed(BOHAI_CARD).label,
        "is_below": is_below(request.user, BOHAI_CARD) and request.user.kind == UserKind.PERSON,
        "token": uuid.uuid4(),
    }
    return render(request, "talent/apply_start.html", context)


@require_POST
def apply_create(request: ActorRequest) -> HttpResponse:
    if is_below(request.user, BOHAI_CARD):
        messages.error(request, NOT_VERIFIED)
        return redirect("talent:apply_start")
    person = person_of(request)
    prefill_education(person)
    if not WorkExperience.objects.of(person).current().exists():
        messages.warning(request, _("Keep your work experience first: the application needs your present employment."))
        return redirect(f"{reverse('talent:works')}?next={reverse('talent:apply_start')}")
    try:
        application = start_card_application(person, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:apply_list")
    return redirect("talent:apply_edit", application.pk)


def read_token(request: ActorRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


@require_GET
def apply_list(request: ActorRequest) -> HttpResponse:
    person_of(request)
    rows = [list_row(application) for application in CardApplication.objects.mine(request.actor)]
    return render(request, "talent/apply_list.html", {"rows": rows, "token": uuid.uuid4()})


def apply_edit(request: ActorRequest, pk: int) -> HttpResponse:
    application = own_application(request, pk)
    if not application.case.is_editable:
        return redirect("workflow:case", pk)
    form = CardForm(request.POST if request.method == "POST" else None, application=application)
    if request.method == "POST":
        save_card_draft(application, request.actor, **form.draft())
        if "save" in request.POST:
            messages.success(request, _("Saved. You can go on at any time."))
            return redirect("talent:apply_edit", pk)
        failed = [check for check in assess(application).failed if check.field]
        if not form.errors and not form.blame(failed):
            return redirect("talent:apply_materials", pk)
    return render(request, "talent/apply_edit.html", edit_context(application, form))


def edit_context(application: CardApplication, form: CardForm) -> dict[str, Any]:
    assessment = assess(application)
    sections = {part["key"]: part for part in build_sections(application)}
    # What stands in a field of the same card is not said twice.
    sections["work"]["rows"] = [row for row in sections["work"]["rows"] if row["key"] not in form.fields]
    return {
        "application": application,
        "form": form,
        "remarks": pin_to(form),
        "facts": sections,
        "summary": summary_of(application, assessment),
        "checks": assessment.checks,
        "opinion": returned_opinion(application.case),
    }


@require_POST
def apply_autosave(request: ActorRequest, pk: int) -> HttpResponse:
    """The fragments that follow what is typed: the summary and the marks of the cards."""
    application = own_application(request, pk)
    save_card_draft(application, request.actor, **CardForm(request.POST, application=application).draft())
    assessment = assess(application)
    context = {
        "application": application,
        "summary": summary_of(application, assessment),
        "checks": assessment.checks,
        "fresh": True,
    }
    return render(request, "talent/_apply_summary.html", context)


@require_GET
def apply_materials(request: ActorRequest, pk: int) -> HttpResponse:
    application = own_application(request, pk)
    if not application.case.is_editable:
        return redirect("workflow:case", pk)
    context = {
        "application": application,
        "panel": materials_panel(request, application.case, request.actor, back=request.path),
        "remarks": remark_lines(application),
        "summary": summary_of(application, assess(application)),
    }
    return render(request, "talent/apply_materials.html", context)


def apply_check(request: ActorRequest, pk: int) -> HttpResponse:
    """The last look: every answer, every rule, every paper; then 【提交】."""
    application = own_application(request, pk)
    if not application.case.is_editable:
        return redirect("talent:apply_submitted", pk)
    form = SubmitForm(request.POST or None, initial={"token": uuid.uuid4(), "revision": application.case.revision})
    lines: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            submit_card_application(application, request.actor, **form.cleaned_data)
        except NotReady as refused:
            lines = refused.lines
        except Refused as refused:
            lines = [str(refused)]
        else:
            return redirect("talent:apply_submitted", pk)
    status = CONFLICT if lines else 200
    return render(request, "talent/apply_check.html", check_context(request, application, form, lines), status=status)


def check_context(
    request: ActorRequest, application: CardApplication, form: SubmitForm, lines: list[str]
) -> dict[str, Any]:
    assessment, missing = assess(application), missing_papers(application)
    return {
        "application": application,
        "form": form,
        "lines": lines,
        "sections": build_sections(application),
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
def apply_submitted(request: ActorRequest, pk: int) -> HttpResponse:
    """Survives a bookmark: it says what stands in the case, not what was just done."""
    application = own_application(request, pk)
    case = application.case
    if case.state != State.IN_REVIEW:
        return redirect("workflow:case", pk)
    documents = [
        (document.label, reverse("workflow:case_document", args=[pk, document.key]))
        for document in case_type_of(case).documents
    ]
    summary = summary_of(application, assess(application))
    context = {"application": application, "case": case, "documents": documents, "summary": summary}
    return render(request, "talent/apply_submitted.html", context)


@require_POST
def apply_copy(request: ActorRequest, pk: int) -> HttpResponse:
    application = own_application(request, pk)
    try:
        draft = copy_card_application(application, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:apply_list")
    messages.success(request, _("Copied as a new draft. Upload the papers again."))
    return redirect("talent:apply_edit", draft.pk)
