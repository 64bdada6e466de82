"""系统管理 of an employer that is not approved yet (manual 001): its state, its materials, 【提交申请】."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models.registration import registrations_of
from accounts.unit_variants import variant_of
from workflow.middleware import ActorRequest
from workflow.models import Case
from workflow.presentation.materials import materials_panel
from workflow.presentation.page import case_page
from workflow.services.materials import missing_materials


@require_GET
def system(request: ActorRequest) -> HttpResponse:
    """Once approved, the home page has the group with all that it leads to."""
    if getattr(request.user, "is_approved", False):
        return redirect("portal:home")
    case = registrations_of(request.user.pk).first()
    if case is None:
        raise Http404
    if not keeps_materials_here(case):
        return redirect("accounts:registration")
    return system_page(request, case)


def keeps_materials_here(case: Case) -> bool:
    return case.case_type == "unit_registration" and variant_of(case).in_system


def system_page(request: ActorRequest, case: Case, refused: str = "") -> HttpResponse:
    """``refused``: why 【提交申请】 did nothing."""
    here = reverse("accounts:system")
    context = {
        "case": case,
        "page": case_page(case, request.actor, ""),
        "state": _("Waiting to be submitted") if case.state == "draft" else case.status,
        "panel": materials_panel(request, case, request.actor, back=here),
        "materials_url": f"{reverse('workflow:materials', args=[case.pk])}?next={here}",
        "missing": missing_materials(case) if case.is_editable else [],
        "token": uuid.uuid4(),
        "refused": refused,
        "has_errors": bool(refused),
    }
    return render(request, "accounts/system.html", context, status=409 if refused else 200)
