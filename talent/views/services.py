"""渤海英才卡服务: catalogue, request, its state with the evaluation, statistics."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Person
from accounts.real_name import NOT_VERIFIED, is_below
from talent.change_pages import glance_of
from talent.enums import CARD_SERVICE, Satisfaction
from talent.forms.drafts import FileForm
from talent.forms.request import EvaluationForm, RequestForm
from talent.models import Card, CardScheme, ServiceRequest
from talent.service_desk import may_count
from talent.service_filing import build_request_sections
from talent.service_pages import has_receipt, offers_of, pin_to_request, request_row, request_rows, stage_facts
from talent.service_statistics import PeriodForm, count_services
from talent.services.request import evaluate_request, save_request, start_request, submit_request
from talent.views.facts import person_of
from talent.views.last_look import last_look, read_token
from workflow import clock
from workflow.enums import State
from workflow.middleware import ActorRequest
from workflow.presentation.drafting import returned_opinion
from workflow.presentation.guides import guide_steps
from workflow.presentation.materials import materials_panel
from workflow.services import Refused

# The two steps of the form, and where it comes from.
PAGES = {"list": "talent:services", "edit": "talent:request_edit", "check": "talent:request_check"}


def own_request(request: ActorRequest, pk: int) -> ServiceRequest:
    person_of(request)
    found: ServiceRequest = get_object_or_404(ServiceRequest.objects.mine(request.actor), pk=pk)
    return found


@login_not_required
@require_GET
def services(request: ActorRequest) -> HttpResponse:
    """办事指南 of the services by card: public; holders ask for one here, and see what they have asked for."""
    person: Person | None = getattr(request.user, "person", None) if request.actor.is_person else None
    card = Card.objects.held_by(person) if person is not None else None
    region = person.unit.region if person is not None and person.unit is not None else None
    scheme = card.scheme if card is not None else CardScheme.objects.for_guide(region, clock.today())
    context = {
        "scheme": scheme,
        "offers": offers_of(scheme, card) if scheme is not None else [],
        "steps": guide_steps(CARD_SERVICE),
        "card": glance_of(card) if card is not None else None,
        "is_person": person is not None,
        "rows": request_rows(ServiceRequest.objects.mine(request.actor)) if person is not None else [],
        "token": uuid.uuid4(),
    }
    return render(request, "talent/services.html", context)


@require_POST
def request_create(request: ActorRequest) -> HttpResponse:
    person = person_of(request)
    if is_below(request.user, CARD_SERVICE):
        messages.error(request, NOT_VERIFIED)
        return redirect("talent:services")
    card = Card.objects.held_by(person)
    offered = card.scheme.services.all() if card is not None else ()
    service = next((service for service in offered if str(service.pk) == request.POST.get("service")), None)
    if card is None or service is None:
        raise Http404
    try:
        found = start_request(card, service, request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:services")
    return redirect("talent:request_edit", found.pk)


def request_edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = own_request(request, pk)
    if not found.case.is_editable:
        return redirect("talent:request_state", pk)
    form = RequestForm(request.POST if request.method == "POST" else None, request=found)
    if request.method == "POST" and form.is_valid():
        save_request(found, request.actor, content=form.cleaned_data["content"])
        if "save" not in request.POST:
            return redirect("talent:request_check", pk)
        messages.success(request, _("Saved. You can go on at any time."))
        return redirect("talent:request_edit", pk)
    context = {
        "heading": found.service,
        "title": _("Services by the Bohai talent card"),
        "case": found.case,
        "pages": PAGES,
        "part": _("Service asked for"),
        "form": form,
        "field": form["content"],
        "sections": [],
        "card": glance_of(found.card),
        "opinion": returned_opinion(found.case),
        "remarks": pin_to_request(found, form),
    }
    return render(request, "talent/short_edit.html", context)


def request_check(request: ActorRequest, pk: int) -> HttpResponse:
    """Papers, the last look, 【提交】."""
    found = own_request(request, pk)
    if not found.case.is_editable:
        return redirect("talent:request_state", pk)
    return last_look(
        request,
        found.case,
        "talent/short_check.html",
        form_class=FileForm,
        submit=partial(submit_request, found, request.actor),
        done=reverse("talent:request_state", args=[pk]),
        context=lambda: {
            "heading": found.service,
            "pages": PAGES,
            "sections": build_request_sections(found),
            "panel": materials_panel(request, found.case, request.actor, back=request.path),
            "remarks": pin_to_request(found, RequestForm(request=found)),
        },
    )


@require_GET
def request_state(request: ActorRequest, pk: int) -> HttpResponse:
    """Who does it until when, and what came of it; the holder evaluates it here."""
    found = get_object_or_404(ServiceRequest.objects.visible_to(request.actor).whole(), pk=pk)
    if found.case.state == State.DRAFT:
        return redirect("talent:request_edit", pk)
    return _state(request, found, EvaluationForm())


def _state(request: ActorRequest, found: ServiceRequest, form: EvaluationForm, status: int = 200) -> HttpResponse:
    context = {
        "found": found,
        "case": found.case,
        "row": request_row(found),
        "facts": stage_facts(found),
        "is_holder": request.actor.is_person,
        "has_receipt": has_receipt(found),
        "form": form,
    }
    return render(request, "talent/request_state.html", context, status=status)


@require_POST
def request_evaluate(request: ActorRequest, pk: int) -> HttpResponse:
    found = own_request(request, pk)
    form = EvaluationForm(request.POST)
    if not form.is_valid():
        return _state(request, found, form, status=422)
    rating, reason = Satisfaction(form.cleaned_data["rating"]), form.cleaned_data["reason"]
    try:
        evaluate_request(found, request.actor, rating=rating, reason=reason)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you. The office reads evaluations in sums only."))
    return redirect("talent:request_state", pk)


@require_GET
def service_statistics(request: ActorRequest) -> HttpResponse:
    """渤海英才卡服务统计, for the bureaus: their own county, or the whole city."""
    if not may_count(request.actor):
        raise PermissionDenied(_("This page belongs to the HR bureaus of county and city."))
    form = PeriodForm(request.GET or None)
    table = count_services(request.actor, form.period())
    return render(request, "talent/service_statistics.html", {"form": form, "table": table})
