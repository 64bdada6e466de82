"""查询统计: 单位端申报信息查询, with its export."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from talent.unit_applications import EXPORT, TITLE, application_page, is_unit
from workflow.middleware import ActorRequest
from workflow.sealing import sealed_address
from workflow.services.jobs import start_job


def _refuse_others(request: ActorRequest) -> None:
    if not is_unit(request.actor):
        raise PermissionDenied(_("This list is for employers."))


@require_http_methods(["GET", "HEAD", "POST"])
def unit_applications(request: ActorRequest) -> HttpResponse:
    _refuse_others(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    page = application_page(request.actor, request.GET)
    context = {"page": page, "pager": page.pager, "title": TITLE, "export_url": reverse("talent:export_applications")}
    return render(request, "talent/unit_applications.html", context)


@require_POST
def export_applications(request: ActorRequest) -> HttpResponse:
    _refuse_others(request)
    criteria = request.POST.get("criteria", "")
    return redirect("workflow:job", start_job(EXPORT, str(TITLE), {"criteria": criteria}, request.actor).token)
