"""Lists and batches: the documents of the offices, their versions, cases and workbooks."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from subsidies.batches import (
    DEGREES,
    batch_list,
    batches_of,
    case_keys,
    county_totals,
    intake_name,
    may_see_accounts,
    member_page,
    sum_of,
    version_rows,
)
from subsidies.documents.downloads import deliver, workbook
from subsidies.documents.papers import write_summary
from subsidies.ledger_forms import RevealForm
from subsidies.menu import is_office
from workflow.middleware import ActorRequest
from workflow.models import Batch
from workflow.registry import case_types
from workflow.sealing import sealed_address
from workflow.services.printouts import MOST, start_printing


def _refuse_others(request: ActorRequest) -> None:
    if not is_office(request.actor):
        raise PermissionDenied(_("Lists and batches are for the offices."))


@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: ActorRequest) -> HttpResponse:
    _refuse_others(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    found, rows, pager = batch_list(request.actor, request.GET)
    return render(request, "subsidies/batches.html", {"filter": found, "rows": rows, "pager": pager})


@require_GET
def batch(request: ActorRequest, pk: int) -> HttpResponse:
    _refuse_others(request)
    found = get_object_or_404(batches_of(request.actor), pk=pk)
    return _page(request, found, RevealForm())


def _page(request: ActorRequest, found: Batch, reveal: RevealForm, status: int = 200) -> HttpResponse:
    rows, pager = member_page(found, request.GET)
    totals = county_totals(found)
    context = {
        "batch": found,
        "intake": intake_name(found),
        "rows": rows,
        "pager": pager,
        "versions": version_rows(found),
        "degrees": list(DEGREES.values()),
        "totals": totals,
        "sum": sum_of(totals, _("In all")),
        "reveal": reveal if may_see_accounts(found, request.actor) else None,
    }
    return render(request, "subsidies/batch.html", context, status=status)


@require_POST
def batch_members(request: ActorRequest, pk: int) -> HttpResponse:
    """上报名单 or 公示名单."""
    _refuse_others(request)
    found = get_object_or_404(batches_of(request.actor), pk=pk)
    return deliver("members", request.actor, batch=found.pk)


@require_GET
def batch_summary(request: ActorRequest, pk: int) -> HttpResponse:
    """市级汇总表."""
    _refuse_others(request)
    found = get_object_or_404(batches_of(request.actor), pk=pk)
    content = io.BytesIO()
    write_summary(content, found)
    return workbook(content, "大学生租房补助市级汇总表")


@require_POST
def batch_print(request: ActorRequest, pk: int) -> HttpResponse:
    """批量打印: the application forms of the cases in it, as one zip; a job."""
    _refuse_others(request)
    found = get_object_or_404(batches_of(request.actor), pk=pk)
    document = case_types[found.case_type].documents[0]
    cases = case_keys(found)
    if len(cases) > MOST:
        messages.warning(request, _("At most %(most)s can be printed at once.") % {"most": MOST})
        return redirect("subsidies:batch", pk)
    return redirect("workflow:job", start_printing(document, found.case_type, cases, request.actor).token)


@require_POST
def batch_payout(request: ActorRequest, pk: int) -> HttpResponse:
    """发放明细表 of the finance bureau's own batch, with full account numbers; logged."""
    _refuse_others(request)
    found = get_object_or_404(batches_of(request.actor), pk=pk)
    if not may_see_accounts(found, request.actor):
        raise PermissionDenied(_("Only a finance bureau may see account numbers in full."))
    reveal = RevealForm(request.POST)
    if not reveal.is_valid():
        return _page(request, found, reveal, status=422)
    return deliver("payout", request.actor, batch=found.pk, reason=reveal.cleaned_data["reason"])
