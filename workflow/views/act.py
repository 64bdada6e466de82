"""One decision over a selection: the page that asks first, and the page that tells what became of each case."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from workflow.enums import Action
from workflow.forms import DecisionForm, office_form
from workflow.middleware import ActorRequest
from workflow.models import Selection
from workflow.presentation.batch import ConfirmPage, confirm_page
from workflow.presentation.results import result_of
from workflow.presentation.times import minute_text
from workflow.seats import Seat
from workflow.services.selections import Decision, acts_of, decide_selection, files_of, plain_payload
from workflow.views.queue import seat_or_refuse

DECIDABLE = (Action.APPROVE, Action.SEND_BACK, Action.REJECT)


def confirm(request: ActorRequest, token: uuid.UUID, action: str) -> HttpResponse:
    selection = get_object_or_404(Selection.objects.visible_to(request.actor), pk=token)
    seat = seat_or_refuse(request, selection.case_type, selection.stage)
    if action not in DECIDABLE:
        raise Http404
    target = request.POST.get("target") or request.GET.get("target", "")
    page = confirm_page(selection, seat, action, target)
    form, office = _forms(request, seat, action, target)
    valid = [part.is_valid() for part in (form, office) if part is not None]
    if request.method == "POST" and all(valid):
        return _decide(request, selection, page, action, form, office)
    back = f"{reverse('workflow:queue', args=seat.key)}?{selection.criteria}"
    context: dict[str, Any] = {
        "page": page,
        "selection": selection,
        "as_of": minute_text(selection.as_of),
        "seat": seat,
        "form": form,
        "office": office,
        "parts": [part for part in (form, office) if part is not None],
        "along": request.method == "GET" or "along" in request.POST,
        "back": back,
    }
    return render(request, "workflow/confirm.html", context)


def _forms(request: ActorRequest, seat: Seat, action: str, target: str) -> tuple[DecisionForm, forms.Form | None]:
    stage = seat.stage if action == Action.APPROVE else None
    if request.method == "POST":
        form, office = DecisionForm(request.POST), office_form(stage, request.POST, request.FILES)
    else:
        form, office = DecisionForm.fresh(target=target), office_form(stage)
    form.word_opinion([action])
    form.require_opinion(action)
    return form, office


def _decide(
    request: ActorRequest,
    selection: Selection,
    page: ConfirmPage,
    action: str,
    form: DecisionForm,
    office: forms.Form | None,
) -> HttpResponse:
    entered = office.cleaned_data if office is not None else {}
    decision = Decision(
        action=Action(action),
        token=form.cleaned_data["token"],
        target=form.cleaned_data["target"],
        opinion=form.cleaned_data["opinion"],
        payload=plain_payload(entered),
        along=page.along if "along" in request.POST else "",
    )
    job = decide_selection(selection, request.actor, decision, files_of(entered))
    if job is not None:
        return redirect("workflow:job", job.token)
    return redirect("workflow:act", decision.token)


def act(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    acts = acts_of(token, request.actor)
    if not acts:
        raise Http404
    return render(request, "workflow/act.html", {"result": result_of(acts)})
