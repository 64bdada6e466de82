from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.forms.completion import CompletionForm
from accounts.models import UnitProfile
from accounts.services.completion import (
    complete_unit,
    keep_licence,
    kept_licence,
    labour_profile_of,
    number_of_principal,
)
from accounts.services.entering import next_address
from accounts.unit_people import may_keep
from workflow.middleware import ActorRequest

if TYPE_CHECKING:
    from accounts.models import User


def unit_details(request: ActorRequest) -> HttpResponse:
    """信息完善: at the first sign-in of a legal person nothing else can be reached; later it can be changed here."""
    unit, user = request.actor.organisation, cast("User", request.user)
    if unit is None or not may_keep(request.actor):
        raise PermissionDenied(_("This page belongs to employers."))
    profile = get_object_or_404(UnitProfile.objects.select_related("organisation"), organisation=unit)
    labour = labour_profile_of(unit)
    errors = _keep(request)
    licence = kept_licence(user.pk) or (labour.licence if labour is not None else None)
    initial, known_number = CompletionForm.initial_of(profile, labour, user), number_of_principal(user, labour)
    form = CompletionForm(
        request.POST or None,
        initial=initial,
        has_licence=licence is not None or bool(errors),
        known_number=known_number,
    )
    is_valid = form.is_valid()
    for message in errors:
        form.add_error("licence", message)
    if request.method == "POST" and is_valid and not errors and licence is not None:
        was_due = user.needs_completion
        complete_unit(unit, form.facts, licence=licence, by=request.actor)
        user.needs_completion = False
        messages.success(request, _("Saved."))
        return redirect(next_address(request, user) if was_due else "accounts:unit_details")
    context = {"form": form, "organisation": unit, "licence": licence, "is_due": user.needs_completion}
    return render(request, "accounts/unit_details.html", context)


def _keep(request: ActorRequest) -> list[str]:
    """What is wrong with the file that came with the form; a good one is kept whatever else is wrong."""
    upload = request.FILES.get("licence")
    if upload is None:
        return []
    try:
        keep_licence(upload, by=request.actor)
    except ValidationError as error:
        return error.messages
    return []
