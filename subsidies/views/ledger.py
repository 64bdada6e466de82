"""The county finance bureau's ledger: the bank's word, repeated payments, the list that is paid from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from subsidies.bank_pages import recent_bank_files
from subsidies.documents.downloads import deliver
from subsidies.ledger_forms import ArrivalForm, BankResultForm, BounceForm, PayAgainForm, RevealForm
from subsidies.ledger_pages import ledger_page, ledger_rows
from subsidies.menu import is_county_finance
from subsidies.models import Bounce, Payment
from subsidies.services.payments import pay_again as make_payment_again
from subsidies.services.payments import record_arrival, record_bounce
from workflow.middleware import ActorRequest
from workflow.services import Refused

LEDGER = "subsidies:ledger"


def refuse_others(request: ActorRequest) -> None:
    if not is_county_finance(request.actor):
        raise PermissionDenied(_("The ledger is kept by the county finance bureaus."))


@require_GET
def ledger(request: ActorRequest) -> HttpResponse:
    refuse_others(request)
    return ledger_view(request, BankResultForm(), RevealForm())


def ledger_view(request: ActorRequest, form: BankResultForm, reveal: RevealForm, status: int = 200) -> HttpResponse:
    rows, pager = ledger_page(request.actor, request.GET)
    context = {"rows": rows, "pager": pager, "form": form, "reveal": reveal}
    context["bank_files"] = recent_bank_files(request.actor)
    context["show"] = request.GET.get("show", "all")
    return render(request, "subsidies/ledger.html", context, status=status)


@require_http_methods(["GET", "POST"])
def bounce(request: ActorRequest, pk: int) -> HttpResponse:
    refuse_others(request)
    payment = get_object_or_404(Payment.objects.in_hands_of(request.actor.organisation), pk=pk)
    form = BounceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_bounce(payment, request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Recorded: the payment of case %(name)s came back.") % {"name": payment.case.subject}
            )
            return redirect(LEDGER)
    return _entry(request, form, payment, _("Record a returned payment"))


@require_http_methods(["GET", "POST"])
def arrival(request: ActorRequest, pk: int) -> HttpResponse:
    refuse_others(request)
    payment = get_object_or_404(Payment.objects.in_hands_of(request.actor.organisation), pk=pk)
    form = ArrivalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_arrival(payment, request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded: the payment of case %(name)s arrived.") % {"name": payment.case})
            return redirect(LEDGER)
    return _entry(request, form, payment, _("Record an arrival"))


@require_http_methods(["GET", "POST"])
def pay_again(request: ActorRequest, pk: int) -> HttpResponse:
    refuse_others(request)
    mine, sent = request.actor.organisation, request.method == "POST"
    # The same form sent twice finds the payment that it has made.
    bounces = Bounce.objects.of_payer(mine) if sent else Bounce.objects.to_repeat_by(mine)
    found = get_object_or_404(bounces, pk=pk)
    form = PayAgainForm(request.POST or None)
    if sent and form.is_valid():
        try:
            payment = make_payment_again(found, request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Paid again to the account ending in %(last4)s.") % {"last4": payment.last4})
            return redirect(LEDGER)
    correction = found.corrections.last()
    form.show(correction)
    return _entry(request, form, found.payment, _("Pay again"), correction=correction)


def _entry(
    request: ActorRequest, form: forms.Form, payment: Payment, title: str, correction: Any = None
) -> HttpResponse:
    row = next(ledger_rows([payment]))
    context = {"form": form, "row": row, "title": title, "correction": correction}
    return render(request, "subsidies/ledger_entry.html", context, status=422 if form.errors else 200)


@require_POST
def payout_list(request: ActorRequest) -> HttpResponse:
    """发放明细表 of what waits in this office now, with full account numbers; logged."""
    refuse_others(request)
    reveal = RevealForm(request.POST)
    if not reveal.is_valid():
        return ledger_view(request, BankResultForm(), reveal, status=422)
    return deliver("waiting", request.actor, reason=reveal.cleaned_data["reason"])
