"""The applicant's side of the money: what was paid, and the corrected account after a payment came back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from subsidies.ledger_forms import AccountForm
from subsidies.ledger_pages import ledger_rows
from subsidies.models import Bounce, Payment
from subsidies.services.payments import correct_account as keep_account
from workflow.middleware import ActorRequest
from workflow.services import Refused


@require_GET
def my_payments(request: ActorRequest) -> HttpResponse:
    if not request.actor.is_person:
        raise PermissionDenied(_("This page shows applicants what was paid to them."))
    rows = list(ledger_rows(Payment.objects.of_person(request.actor)))
    return render(request, "subsidies/my_payments.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def correct_account(request: ActorRequest, pk: int) -> HttpResponse:
    bounce = get_object_or_404(Bounce.objects.to_correct_by(request.actor), pk=pk)
    payment = bounce.payment
    start = {"bank": payment.bank, "branch": payment.branch}
    form = AccountForm(request.POST or None, holder_name=payment.holder_name, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            keep_account(bounce, request.actor, account=form.bank_account)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The account is corrected. The county finance bureau pays again."))
            return redirect("subsidies:my_payments")
    context = {"form": form, "bounce": bounce, "row": next(ledger_rows([payment]))}
    return render(request, "subsidies/correct_account.html", context, status=422 if form.errors else 200)
