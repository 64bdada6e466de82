"""渤海英才卡变更: what may be changed, the form, its papers and the check, the confirmation."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.real_name import NOT_VERIFIED, is_below
from talent.change_eligibility import assess_change
from talent.change_filing import build_change_sections
from talent.change_pages import change_options, change_rows, glance_of, pin_to
from talent.enums import CARD_CHANGE, ChangeKind
from talent.forms.application import SubmitForm
from talent.forms.change import ChangeForm
from talent.models import Card, CardChange
from talent.services.change import save_change, start_change, submit_change
from talent.views.facts import person_of
from talent.views.last_look import last_look, read_token
from workflow.enums import State
from workflow.middleware import ActorRequest
from workflow.presentation.drafting import returned_opinion
from workflow.presentation.materials import materials_panel
from workflow.services import Refused

# The two steps of the form, and where it comes from.
PAGES = {"list": "talent:changes", "edit": "talent:change_edit", "check": "talent:change_check"}


def own_change(request: ActorRequest, pk: int) -> CardChange:
    person_of(request)
    found: CardChange = get_object_or_404(CardChange.objects.mine(request.actor), pk=pk)
    return found


@require_GET
def changes(request: ActorRequest) -> HttpResponse:
    """The holder's card, what may become of it, and what was asked for."""
    person = person_of(request)
    card = Card.objects.held_by(person)
    context = {
        "card": glance_of(card) if card is not None else None,
        "options": change_options(card) if card is not None else [],
        "rows": change_rows(CardChange.objects.mine(request.actor)),
        "token": uuid.uuid4(),
    }
    return render(request, "talent/changes.html", context)


@require_POST
def change_create(request: ActorRequest) -> HttpResponse:
    person = person_of(request)
    if is_below(request.user, CARD_CHANGE):
        messages.error(request, NOT_VERIFIED)
        return redirect("talent:changes")
    card = Card.objects.held_by(person)
    kind = request.POST.get("kind", "")
    if card is None or kind not in ChangeKind.values:
        raise Http404
    try:
        change = start_change(card, ChangeKind(kind), request.actor, token=read_token(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:changes")
    return redirect("talent:change_edit", change.pk)


def change_edit(request: ActorRequest, pk: int) -> HttpResponse:
    change = own_change(request, pk)
    if not change.case.is_editable:
        return redirect("workflow:case", pk)
    form = ChangeForm(request.POST if request.method == "POST" else None, change=change)
    if request.method == "POST" and form.is_valid():
        save_change(change, request.actor, statement=form.cleaned_data["statement"])
        if "save" not in request.POST:
            return redirect("talent:change_check", pk)
        messages.success(request, _("Saved. You can go on at any time."))
        return redirect("talent:change_edit", pk)
    context = {
        "heading": change.get_kind_display(),
        "title": _("Change of the Bohai talent card"),
        "case": change.case,
        "pages": PAGES,
        "part": _("Explanation"),
        "form": form,
        "field": form["statement"],
        "sections": build_change_sections(change)[1:],
        "checks": assess_change(change),
        "opinion": returned_opinion(change.case),
        "remarks": pin_to(change, form),
    }
    return render(request, "talent/short_edit.html", context)


def change_check(request: ActorRequest, pk: int) -> HttpResponse:
    """Papers, the last look, 【提交】."""
    change = own_change(request, pk)
    if not change.case.is_editable:
        return redirect("talent:change_submitted", pk)
    return last_look(
        request,
        change.case,
        "talent/short_check.html",
        form_class=SubmitForm,
        submit=partial(submit_change, change, request.actor),
        done=reverse("talent:change_submitted", args=[pk]),
        context=lambda: {
            "heading": change.get_kind_display(),
            "pages": PAGES,
            "sections": build_change_sections(change),
            "checks": assess_change(change),
            "panel": materials_panel(request, change.case, request.actor, back=request.path),
            "remarks": pin_to(change, ChangeForm(change=change)),
        },
    )


@require_GET
def change_submitted(request: ActorRequest, pk: int) -> HttpResponse:
    """Survives a bookmark: it says what stands in the case."""
    change = own_change(request, pk)
    if change.case.state != State.IN_REVIEW:
        return redirect("workflow:case", pk)
    context = {"change": change, "case": change.case, "card": glance_of(change.card)}
    return render(request, "talent/change_submitted.html", context)
