"""停发: the list of the county HR bureau, a new stop, lifting one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from subsidies.ledger_forms import LiftForm, StopForm
from subsidies.menu import keeps_stops
from subsidies.models import PaymentStop
from subsidies.services.stops import lift_stop, stop_payments
from workflow.middleware import ActorRequest
from workflow.services import Refused


def _refuse_others(request: ActorRequest) -> None:
    if not keeps_stops(request.actor):
        raise PermissionDenied(_("Payments are stopped by the county HR bureaus."))


@require_http_methods(["GET", "POST"])
def stops(request: ActorRequest) -> HttpResponse:
    _refuse_others(request)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stop = stop_payments(actor=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("id_number", str(refused))
        else:
            messages.success(request, _("Payments to %(name)s are stopped.") % {"name": stop.person.name})
            return redirect("subsidies:stops")
    context = {"form": form, "stops": PaymentStop.objects.kept_by(request.actor.organisation)}
    return render(request, "subsidies/stops.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def lift(request: ActorRequest, pk: int) -> HttpResponse:
    _refuse_others(request)
    stop = get_object_or_404(PaymentStop.objects.kept_by(request.actor.organisation), pk=pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_stop(stop, request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Payments to %(name)s go on.") % {"name": stop.person.name})
            return redirect("subsidies:stops")
    context = {"form": form, "stop": stop}
    return render(request, "subsidies/stop_lift.html", context, status=422 if form.errors else 200)
