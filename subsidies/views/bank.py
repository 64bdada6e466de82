"""银行回单: uploaded, read as a task, shown row by row."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from subsidies.bank_pages import bank_file_view, bank_row_page
from subsidies.documents.downloads import deliver
from subsidies.ledger_forms import BankResultForm, RevealForm
from subsidies.models import BankFile
from subsidies.services.bank_results import keep_bank_file
from subsidies.views.ledger import ledger_view, refuse_others
from workflow.filetypes import CONTENT_TYPES
from workflow.middleware import ActorRequest


@require_POST
def bank_template(request: ActorRequest) -> HttpResponse:
    refuse_others(request)
    return deliver("template", request.actor)


@require_POST
def bank_results(request: ActorRequest) -> HttpResponse:
    refuse_others(request)
    form = BankResultForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = keep_bank_file(form.cleaned_data["workbook"], request.actor, token=form.cleaned_data["token"])
        except ValidationError as error:
            form.add_error("workbook", error)
        else:
            return redirect("subsidies:bank_file", kept.token)
    return ledger_view(request, form, RevealForm(), status=422)


@require_GET
def bank_file(request: ActorRequest, token: UUID) -> HttpResponse:
    """What became of the file: its progress while it is read, then row by row."""
    refuse_others(request)
    found = get_object_or_404(BankFile.objects.of_office(request.actor.organisation), token=token)
    rows, pager = bank_row_page(found, request.GET)
    context = {"file": bank_file_view(found, request.actor), "rows": rows, "pager": pager}
    context["show"] = request.GET.get("show", "all")
    return render(request, "subsidies/bank_file.html", context)


@require_GET
def bank_original(request: ActorRequest, token: UUID) -> FileResponse:
    """The workbook as it was uploaded."""
    refuse_others(request)
    found = get_object_or_404(BankFile.objects.of_office(request.actor.organisation), token=token)
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type=CONTENT_TYPES["xlsx"]
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def bank_failed(request: ActorRequest, token: UUID) -> HttpResponse:
    """The rows that could not be recorded, to be mended and uploaded again."""
    refuse_others(request)
    found = get_object_or_404(BankFile.objects.of_office(request.actor.organisation), token=token)
    return deliver("failed", request.actor, token=found.token.hex)
