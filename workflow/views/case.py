"""The case page: what stands there, and the decisions that are pressed on it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workflow import registry
from workflow.enums import PERSON, Action
from workflow.forms import DecisionForm, office_form
from workflow.middleware import ActorRequest
from workflow.models import Act, Case
from workflow.planning import load_history
from workflow.presentation.materials import materials_panel
from workflow.presentation.options import BUTTONS, label_of
from workflow.presentation.page import case_page, cases_for_page
from workflow.queue import Neighbours, neighbours
from workflow.remark_forms import RemarksForm, is_remarked
from workflow.seats import Seat
from workflow.services.denials import denial
from workflow.services.printouts import print_paper
from workflow.services.selections import Decision, decide_one, files_of, plain_payload
from workflow.services.words import REMARKS
from workflow.typesetting import why_unavailable

FORBIDDEN, CONFLICT, INVALID = 403, 409, 422


@require_GET
def case(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(cases_for_page(request.actor), pk=pk)
    form = DecisionForm.fresh(found.revision)
    return _page(request, found, form, office_form(found.current_stage))


def _page(
    request: ActorRequest,
    found: Case,
    form: DecisionForm,
    office: forms.Form | None,
    *,
    remarks: RemarksForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    page = case_page(found, request.actor, request.GET.get("filing", ""))
    origin = request.POST.get("from") if request.method == "POST" else request.GET.get("from")
    form.word_opinion([option.action for option in page.bar])
    may_approve = any(option.action == Action.APPROVE for option in page.options)
    if remarks is None and page.may_remark and page.latest is not None:
        remarks = RemarksForm(found, page.latest, request.POST if request.method == "POST" else None)
    seat = _seat(request, found)
    around = neighbours(seat, origin, found) if seat is not None and origin is not None else None
    context: dict[str, Any] = {
        "page": page,
        "case": found,
        "form": form,
        "office": office if may_approve else None,
        "remarking": remarks,
        "parts": [part for part in (form, office if may_approve else None, remarks) if part is not None],
        "refused": refused,
        "materials": materials_panel(request, found, request.actor, back=reverse("workflow:case", args=[found.pk])),
        "origin": origin,
        "around": around,
        "back": _back(found, origin, seat),
    }
    template = "workflow/case_person.html" if request.actor.is_person else "workflow/case.html"
    return render(request, template, context, status=status)


def _seat(request: ActorRequest, found: Case) -> Seat | None:
    return next((seat for seat in request.seats if seat.key == (found.case_type, found.stage)), None)


def _back(found: Case, origin: str | None, seat: Seat | None) -> str:
    if origin is None or seat is None:
        return ""
    return f"{reverse('workflow:queue', args=[found.case_type, found.stage])}?{origin}"


@require_POST
def decide(request: ActorRequest, pk: int, action: str) -> HttpResponse:
    """Press one button of the case page. What is refused comes back with everything typed still there."""
    found = get_object_or_404(cases_for_page(request.actor), pk=pk)
    if action not in BUTTONS:
        raise Http404
    form = DecisionForm(request.POST)
    form.require_opinion(action)
    if form.is_valid() and _was_sent_before(request, found, form):
        # The answer to the first press was lost: the case may wait at a step with another form by now.
        return redirect("workflow:act", form.cleaned_data["token"])
    # Where somebody was faster, the form of the step that the case has reached was never shown: it is not asked for.
    is_stale = form.is_valid() and form.cleaned_data["revision"] not in (None, found.revision)
    asks_office = action == Action.APPROVE and not is_stale
    office = office_form(found.current_stage, request.POST, request.FILES) if asks_office else None
    remarks = _remarks(request, found, action, form)
    valid = [part.is_valid() for part in (form, office, remarks) if part is not None]
    if not all(valid):
        office = office or office_form(found.current_stage)
        return _page(request, found, form, office, remarks=remarks, status=INVALID)
    return _perform(request, found, Action(action), form, office, remarks)


def _remarks(request: ActorRequest, found: Case, action: str, form: DecisionForm) -> RemarksForm | None:
    """What was written beside single fields; it goes with a return, and is never lost in silence."""
    if not is_remarked(request.POST):
        return None
    latest = found.filings.last()
    if action != Action.SEND_BACK and form.is_valid():
        form.add_error(None, _("Remarks on single fields go with a return only: return the case, or empty them."))
    return RemarksForm(found, latest, request.POST) if latest is not None else None


def _was_sent_before(request: ActorRequest, found: Case, form: DecisionForm) -> bool:
    """Asked only where the case has moved since: an ordinary press costs nothing."""
    is_stale = form.cleaned_data["revision"] != found.revision
    return is_stale and Act.objects.visible_to(request.actor).has_moved(form.cleaned_data["token"])


def _perform(
    request: ActorRequest,
    found: Case,
    action: Action,
    form: DecisionForm,
    office: forms.Form | None,
    remarks: RemarksForm | None,
) -> HttpResponse:
    entered = office.cleaned_data if office is not None else {}
    pinned = {REMARKS: remarks.remarks()} if remarks is not None else {}
    decision = Decision(
        action=action,
        token=form.cleaned_data["token"],
        target=form.cleaned_data["target"] if action == Action.SEND_BACK else "",
        opinion=form.cleaned_data["opinion"],
        payload=plain_payload(entered) | pinned,
    )
    origin, seat = request.POST.get("from"), _seat(request, found) if "from" in request.POST else None
    around = neighbours(seat, origin or "", found) if seat is not None and "next" in request.POST else None
    revision = form.cleaned_data["revision"]
    act = decide_one(
        found, request.actor, decision, files_of(entered), found.revision if revision is None else revision
    )
    if not act.done:
        return _refused(request, found.pk, act, form, office)
    label = label_of(action, found.current_stage, decision.target or PERSON)
    messages.success(
        request, _("“%(label)s” is done: %(case)s %(name)s") % {"label": label, "case": found, "name": found.subject}
    )
    return redirect(_onwards(found, origin, seat, around))


def _refused(request: ActorRequest, pk: int, act: Act, form: DecisionForm, office: forms.Form | None) -> HttpResponse:
    """The page as it stands now, with the reason and a fresh token, so that the next try is one of its own."""
    fresh = get_object_or_404(cases_for_page(request.actor), pk=pk)
    stale = form.cleaned_data["revision"] not in (None, fresh.revision)
    load_history(Action(act.action), [fresh], "")
    forbidden = not stale and denial(fresh, Action(act.action), request.actor)
    data = request.POST.copy()
    data["token"], data["revision"] = str(uuid.uuid4()), str(fresh.revision)
    again = DecisionForm(data)
    again.is_valid()
    office = office or office_form(fresh.current_stage)
    reason = act.refused[0]["reason"]
    return _page(request, fresh, again, office, refused=reason, status=FORBIDDEN if forbidden else CONFLICT)


def _onwards(found: Case, origin: str | None, seat: Seat | None, around: Neighbours | None) -> str:
    if around is not None and around.next is not None:
        return f"{reverse('workflow:case', args=[around.next])}?{urlencode({'from': origin or ''})}"
    return _back(found, origin, seat) or reverse("workflow:case", args=[found.pk])


@require_GET
def case_document(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    """A printable paper: 打印 opens it, 导出 saves it."""
    found = get_object_or_404(cases_for_page(request.actor), pk=pk)
    document = registry.case_type_of(found).document(key)
    if document is None or not document.is_ready(found):
        raise Http404
    if why_unavailable():
        messages.error(request, _("Forms cannot be printed on this server at present. Please tell its operator."))
        return redirect("workflow:case", pk)
    response = HttpResponse(print_paper(found, document, request.actor), content_type="application/pdf")
    name = f"{document.label} {found.number}.pdf"
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response
