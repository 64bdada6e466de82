"""查询统计: 补助申报查询统计 and 资金拨付查询统计, with their exports."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from subsidies.documents.lists import EXPORT_APPLICATIONS, EXPORT_PAYMENTS
from subsidies.menu import acts_for_organisation
from subsidies.statistics import ListPage, application_page, payment_page
from workflow.middleware import ActorRequest
from workflow.sealing import sealed_address
from workflow.services.jobs import start_job


def _refuse_persons(request: ActorRequest) -> None:
    if not acts_for_organisation(request.actor):
        raise PermissionDenied(_("Statistics are for employers and offices. You see your own cases on your page."))


@require_http_methods(["GET", "HEAD", "POST"])
def statistics(request: ActorRequest) -> HttpResponse:
    _refuse_persons(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    title, url = _("Statistics of subsidy applications"), reverse("subsidies:export_statistics")
    return _page(request, "subsidies/statistics.html", application_page(request.actor, request.GET), title, url)


@require_http_methods(["GET", "HEAD", "POST"])
def payments(request: ActorRequest) -> HttpResponse:
    _refuse_persons(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    title, url = _("Statistics of payments"), reverse("subsidies:export_payments")
    return _page(request, "subsidies/payments.html", payment_page(request.actor, request.GET), title, url)


def _page(request: ActorRequest, template: str, page: ListPage, title: str, export_url: str) -> HttpResponse:
    context = {"page": page, "pager": page.pager, "title": title, "export_url": export_url}
    return render(request, template, context)


@require_POST
def export_statistics(request: ActorRequest) -> HttpResponse:
    _refuse_persons(request)
    return _export(request, EXPORT_APPLICATIONS, _("Statistics of subsidy applications"))


@require_POST
def export_payments(request: ActorRequest) -> HttpResponse:
    _refuse_persons(request)
    return _export(request, EXPORT_PAYMENTS, _("Statistics of payments"))


def _export(request: ActorRequest, kind: str, title: str) -> HttpResponse:
    job = start_job(kind, title, {"criteria": request.POST.get("criteria", "")}, request.actor)
    return redirect("workflow:job", job.token)
