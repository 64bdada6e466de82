from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.forms.unit import UnitInfoForm
from accounts.models import UnitProfile
from accounts.services import update_unit
from accounts.services.completion import labour_profile_of
from accounts.services.unit_changes import open_change_of
from accounts.unit_people import may_keep
from workflow.middleware import ActorRequest


def unit_info(request: ActorRequest) -> HttpResponse:
    """信息维护-单位信息管理."""
    organisation = request.actor.organisation
    if organisation is None or not request.actor.is_unit:
        raise PermissionDenied(_("This page belongs to employers."))
    profile = get_object_or_404(UnitProfile, organisation=organisation)
    form = UnitInfoForm(request.POST or None, initial=UnitInfoForm.initial_of(profile))
    if request.method == "POST" and form.is_valid():
        update_unit(organisation, **form.details)
        messages.success(request, _("Saved."))
        return redirect("accounts:unit_info")
    context = {
        "form": form,
        "organisation": organisation,
        "change": open_change_of(organisation),
        "may_change": may_keep(request.actor),
        "has_details": labour_profile_of(organisation) is not None,
    }
    return render(request, "accounts/unit_info.html", context)
