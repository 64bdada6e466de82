"""汇总表: export and upload by the employer, return by the county bureau (manual 001, 5.3)."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from talent.forms.summary import ReturnForm
from talent.models import SummaryBatch
from talent.services.summary import export_summary, return_summary, upload_summary
from talent.summary_desk import may_list, passed_on_url
from talent.summary_pages import RULE, summary_list, summary_page
from talent.summary_rules import is_county_hand, may_export
from workflow.middleware import ActorRequest
from workflow.models import Material
from workflow.presentation.batch import read_ticks
from workflow.services.files import Accepted, accept_uploads
from workflow.services.perform import Refused

INVALID = 422


def _refuse_others(request: ActorRequest) -> None:
    if not may_export(request.actor):
        raise PermissionDenied(_("Only the employer's own people export its summary table."))


@require_GET
def summaries(request: ActorRequest) -> HttpResponse:
    if not may_list(request.actor):
        raise PermissionDenied(_("Summary tables are for employers and the county bureau."))
    rows, pager = summary_list(request.actor, request.GET)
    context = {
        "rows": rows,
        "pager": pager,
        "number": request.GET.get("number", ""),
        "back": passed_on_url() if may_export(request.actor) else "",
    }
    return render(request, "talent/summaries.html", context)


@require_POST
def summary_export(request: ActorRequest) -> HttpResponse:
    """The file itself: the browser saves it and stays where it is."""
    _refuse_others(request)
    try:
        batch = export_summary([tick.pk for tick in read_ticks(request.POST)], request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(passed_on_url())
    text = _("The summary table %(number)s is made. Print it, put the employer's seal on it, then upload it.")
    messages.success(request, text % {"number": batch.number})
    return redirect("workflow:material_download", batch.sheet.token)


@require_POST
def summary_upload(request: ActorRequest) -> HttpResponse:
    """From the ticked persons to the 材料清单 of their table; nobody ticked: to the one that waits, or the list."""
    _refuse_others(request)
    assert request.actor.organisation is not None
    ticked = [tick.pk for tick in read_ticks(request.POST)]
    waiting = SummaryBatch.objects.of_unit(request.actor.organisation).unsealed().naming_all(ticked)
    found = list(waiting[:2])
    if found and (ticked or len(found) == 1):
        return redirect("talent:summary", found[0].pk)
    if ticked:
        messages.error(request, _("No table waiting for its scan names these persons. Export it first."))
        return redirect(passed_on_url())
    return redirect("talent:summaries")


@require_GET
def summary(request: ActorRequest, pk: int) -> HttpResponse:
    return _page(request, _batch(request, pk), ReturnForm())


def _batch(request: ActorRequest, pk: int) -> SummaryBatch:
    return get_object_or_404(SummaryBatch.objects.visible_to(request.actor).for_page(), pk=pk)


def _page(
    request: ActorRequest,
    batch: SummaryBatch,
    form: ReturnForm,
    *,
    errors: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    page = summary_page(batch, request.actor, errors=errors)
    context = {
        "page": page,
        "panel": page.panel,
        "form": form,
        "back": passed_on_url() if may_export(request.actor) else reverse("talent:summaries"),
        "has_errors": bool(errors or form.errors),
    }
    return render(request, "talent/summary.html", context, status=status)


@require_POST
def summary_scan(request: ActorRequest, pk: int) -> HttpResponse:
    """【上传附件】 of the 材料清单; one file is the whole table."""
    _refuse_others(request)
    batch = _batch(request, pk)
    accepted = _accept(request, batch)
    if accepted.errors and request.htmx:  # type: ignore[attr-defined]
        panel = summary_page(_batch(request, pk), request.actor, errors=accepted.errors).panel
        return render(request, "workflow/_materials.html", {"panel": panel})
    if accepted.errors:
        return _page(request, _batch(request, pk), ReturnForm(), errors=accepted.errors)
    messages.success(request, accepted.done)
    answer = redirect("talent:summary", pk)
    if request.htmx:  # type: ignore[attr-defined]
        # More than the list has changed.
        answer = HttpResponse(headers={"HX-Refresh": "true"})  # type: ignore[assignment]
    return answer


def _accept(request: ActorRequest, batch: SummaryBatch) -> Accepted:
    files = request.FILES.getlist("file")
    if len(files) > 1:
        return Accepted(errors=[(RULE.kind, _("Choose one file: several pages belong into one PDF."))])

    def add(upload: File[bytes]) -> Material:
        return upload_summary(batch, upload=upload, actor=request.actor).material

    return accept_uploads(files, RULE, add=add)


@require_POST
def summary_return(request: ActorRequest, pk: int) -> HttpResponse:
    """退回汇总表."""
    if not is_county_hand(request.actor):
        raise PermissionDenied(_("Only the county bureau returns it while one of its applications waits there."))
    batch, form = _batch(request, pk), ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, form, status=INVALID)
    try:
        return_summary(batch, reason=form.cleaned_data["reason"], actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The summary table is returned. The employer is told and may upload it again."))
    return redirect("talent:summary", pk)
