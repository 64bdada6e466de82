"""窗口核验: an officer finds a request by the number that a citizen shows, compares the papers, confirms or refuses."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.forms.counter_real_name import ConfirmForm, RefuseForm, RequestSearchForm
from accounts.models import RealNameRequest, StatedPerson, StatedUnit
from accounts.profiles import stated_rows
from accounts.services.accounts import Taken
from accounts.services.limits import take
from accounts.services.real_name_requests import Over, confirm, find_request, is_counter, is_own, refuse
from accounts.services.statements import digest_of, stated_of
from workflow.middleware import ActorRequest

# Numbers that lead to nobody; whoever types more of them is trying numbers out.
MISSES, MISSED_TRIES, MISSED_SECONDS = "real_name_missed", 20, 3600


@never_cache
def real_name_requests(request: ActorRequest) -> HttpResponse:
    """The one way in: no list, no search by name."""
    _officer_only(request)
    form = RequestSearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _find(request, form.cleaned_data["number"])
        if found is not None:
            return redirect("accounts:real_name_request", found.number)
        form.add_error(
            "number", _("No request with this number waits here. Compare the number with the citizen's page.")
        )
    return render(request, "accounts/real_name_requests.html", {"form": form})


@never_cache
def real_name_request(request: ActorRequest, number: str) -> HttpResponse:
    found, stated = _open(request, number)
    return _page(request, found, stated)


@never_cache
@require_POST
@sensitive_post_parameters()
def real_name_confirm(request: ActorRequest, number: str) -> HttpResponse:
    found, stated = _open(request, number)
    form = ConfirmForm(request.POST, user=found.user, stated=stated)
    if not form.is_valid():
        return _page(request, found, stated, form=form)
    data = form.cleaned_data
    try:
        confirm(found, request.actor, seen=data["seen"], level=data["level"], papers=data["papers"])
    except Over as over:
        messages.error(request, str(over))
    except Taken as taken:
        form.add_error(None, str(taken))
        return _page(request, found, stated, form=form)
    else:
        messages.success(request, _("Confirmed: %(name)s.") % {"name": stated.name})
    return redirect("accounts:real_name_requests")


@never_cache
@require_POST
def real_name_refuse(request: ActorRequest, number: str) -> HttpResponse:
    found, stated = _open(request, number)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, stated, refusal=form)
    try:
        refuse(found, request.actor, seen=form.cleaned_data["seen"], reason=form.cleaned_data["reason"])
    except Over as over:
        messages.error(request, str(over))
    else:
        messages.success(request, _("Refused: %(name)s. The citizen reads your reason.") % {"name": stated.name})
    return redirect("accounts:real_name_requests")


def _officer_only(request: ActorRequest) -> None:
    if not is_counter(request.actor):
        raise PermissionDenied(_("This page belongs to service counters and county HR bureaus."))


def _open(request: ActorRequest, number: str) -> tuple[RealNameRequest, StatedPerson | StatedUnit]:
    _officer_only(request)
    found = _find(request, number)
    stated = stated_of(found.user) if found is not None else None
    if found is None or stated is None:
        raise Http404
    return found, stated


def _find(request: ActorRequest, number: str) -> RealNameRequest | None:
    found = find_request(number, request.actor)
    if found is None and not take(MISSES, str(request.user.pk), tries=MISSED_TRIES, seconds=MISSED_SECONDS):
        raise PermissionDenied(_("Too many numbers led to nobody. Try again in an hour."))
    return found


def _page(
    request: ActorRequest,
    found: RealNameRequest,
    stated: StatedPerson | StatedUnit,
    *,
    form: forms.Form | None = None,
    refusal: forms.Form | None = None,
) -> HttpResponse:
    seen = {"seen": digest_of(stated)}
    context = {
        "found": found,
        "rows": stated_rows(stated),
        "name": stated.name,
        "is_own": is_own(found, request.actor),
        "form": form or ConfirmForm(initial=seen, user=found.user, stated=stated),
        "refusal": refusal or RefuseForm(initial=seen),
        "forms": [bound for bound in (form, refusal) if bound is not None],
    }
    return render(request, "accounts/real_name_request.html", context)
