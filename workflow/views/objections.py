"""异议办理: the office that published a notice investigates what was objected and decides."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workflow.enums import ObjectionStatus
from workflow.keyset import Keyset, read_cursor
from workflow.middleware import ActorRequest
from workflow.models import Objection
from workflow.objection_forms import UPHELD, FindingForm
from workflow.presentation.objections import objection_row
from workflow.presentation.pages import pager_of
from workflow.services.notices import decide_objection, may_decide_objection, may_read_objections
from workflow.services.perform import Refused

LATEST_FIRST = Keyset(("id",), "n", descending=True)


@require_GET
def objections(request: ActorRequest) -> HttpResponse:
    if not may_read_objections(request.actor):
        raise PermissionDenied
    ours = Objection.objects.visible_to(request.actor)
    slice_ = LATEST_FIRST.slice(ours.values_list("id"), read_cursor(request.GET, LATEST_FIRST.pattern))
    found = Objection.objects.for_list().in_bulk([row[0] for row in slice_.rows])
    rows = [objection_row(found[row[0]]) for row in slice_.rows]
    pager = pager_of(request.GET, LATEST_FIRST, slice_)
    return render(request, "workflow/objections.html", {"objections": rows, "pager": pager})


@require_http_methods(["GET", "POST"])
def objection(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Objection.objects.visible_to(request.actor).for_decision(), pk=pk)
    may_decide = may_decide_objection(found, request.actor)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    form = FindingForm(request.POST) if request.method == "POST" else FindingForm.fresh()
    if form.is_valid() and _decide(request, found, form):
        return redirect("workflow:objection", pk)
    context = {
        "objection": found,
        "row": objection_row(found),
        "form": form,
        "may_decide": may_decide and found.status == ObjectionStatus.OPEN,
    }
    return render(request, "workflow/objection.html", context)


def _decide(request: ActorRequest, objection: Objection, form: FindingForm) -> bool:
    entered = form.cleaned_data
    upheld = entered["decision"] == UPHELD
    try:
        decide_objection(objection, request.actor, upheld=upheld, finding=entered["finding"], token=entered["token"])
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    done = _("The objection was upheld; the case is not approved.") if upheld else _("The objection was dismissed.")
    messages.success(request, done)
    return True
