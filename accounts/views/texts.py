"""The texts that people agree to: to be read by everybody, and agreed to again when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.forms.consents import AgreementForm
from accounts.models import Terms
from accounts.services.consents import give_consents, has_agreed
from accounts.services.entering import next_address
from workflow.middleware import ActorRequest

if TYPE_CHECKING:
    from accounts.models import User


@login_not_required
@require_GET
def text(request: HttpRequest, kind: str, version: int | None = None) -> HttpResponse:
    """The version in force, or an earlier one that somebody agreed to."""
    versions = Terms.objects.of_kind(kind)
    latest = versions.first()
    if latest is None:
        raise Http404
    terms = latest if version is None else get_object_or_404(versions, version=version)
    return render(request, "accounts/text.html", {"terms": terms, "latest": latest, "versions": versions})


@never_cache
def agreement(request: ActorRequest) -> HttpResponse:
    """New versions, or texts that this account was never asked about: 【同意】, or 【注销登录】."""
    user = cast("User", request.user)
    form = AgreementForm(request.POST if request.method == "POST" else None, user=user)
    if not form.texts:
        return redirect(next_address(request, user))
    if form.is_bound and form.is_valid():
        give_consents(user, form.agreed)
        messages.success(request, _("Your consent was recorded with its time."))
        return redirect(next_address(request, user))
    return render(request, "accounts/agreement.html", {"form": form, "is_first": not has_agreed(user)})
