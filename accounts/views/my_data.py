"""我的信息: see, export, correct, ask for deletion, take a consent back, and who looked."""

from __future__ import annotations

from itertools import islice
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.consent_effects import effect_of
from accounts.data_sections import data_section, groups_of, sections_for
from accounts.forms.my_data import CorrectionForm, DeletionForm, WithdrawalForm
from accounts.looks import looks_at
from accounts.models import Consent, DataRequest, User
from accounts.own_data import has_own_data
from accounts.services import data_requests
from accounts.services.data_export import start_data_export
from accounts.services.erasing import kept_of
from workflow.middleware import ActorRequest
from workflow.presentation.times import day_text, minute_text
from workflow.services import Refused

# A page shows so many rows of a kind; the export has all of them.
SHOWN = 50


def _owner(request: ActorRequest) -> User:
    """Persons and employers; what officers do is the office's record."""
    if not has_own_data(request.user):
        raise PermissionDenied(_("This page belongs to individuals and employers."))
    return cast("User", request.user)


@require_GET
def my_data(request: ActorRequest) -> HttpResponse:
    user = _owner(request)
    asked = [
        {"row": row, "asked": minute_text(row.asked_at), "due": day_text(row.due_on)}
        for row in DataRequest.objects.of(user.pk)
    ]
    consents = [{"row": row, "given": minute_text(row.given_at)} for row in Consent.objects.standing_of(user.pk)]
    context = {"sections": sections_for(user), "asked": asked, "consents": consents}
    return render(request, "accounts/my_data.html", context)


@never_cache
def my_data_section(request: ActorRequest, key: str) -> HttpResponse:
    """Masked; a POST shows this page once with everything in full."""
    user, section = _owner(request), data_section(key)
    if section is None:
        raise Http404
    found = list(islice(groups_of(section, user), SHOWN + 1))
    context = {
        "section": section,
        "groups": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "is_masked": any(group.is_masked for group in found),
        "in_full": request.method == "POST",
    }
    return render(request, "accounts/my_data_section.html", context)


@require_POST
def my_data_export(request: ActorRequest) -> HttpResponse:
    return redirect("workflow:job", start_data_export(_owner(request)).token)


@require_GET
def my_data_looks(request: ActorRequest) -> HttpResponse:
    found = list(islice(looks_at(_owner(request)), SHOWN + 1))
    lines = [{"look": look, "at": minute_text(look.at)} for look in found[:SHOWN]]
    return render(request, "accounts/my_data_looks.html", {"lines": lines, "has_more": len(found) > SHOWN})


def data_correction(request: ActorRequest) -> HttpResponse:
    """What an office has looked at is corrected by it; everything else on its own page."""
    user = _owner(request)
    form = CorrectionForm(request.POST or None, user=user, initial={"subject": request.GET.get("about", "")})
    if request.method == "POST" and form.is_valid():
        return _asked(request, user, DataRequest.Kind.CORRECTION, form.cleaned_data)
    direct = [section for section in sections_for(user) if section.change_url and any(groups_of(section, user))]
    return render(request, "accounts/data_correction.html", {"form": form, "direct": direct})


def data_deletion(request: ActorRequest) -> HttpResponse:
    user = _owner(request)
    form = DeletionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "understood"}
        return _asked(request, user, DataRequest.Kind.DELETION, facts)
    return render(request, "accounts/data_deletion.html", {"form": form, "kept": kept_of(user)})


def _asked(request: ActorRequest, user: User, kind: str, facts: dict[str, object]) -> HttpResponse:
    try:
        made = data_requests.ask(user, kind=kind, **facts)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Your request was received. It is answered by %(day)s.") % {"day": day_text(made.due_on)}
        )
    return redirect("accounts:my_data")


@require_POST
def data_request_take_back(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(DataRequest.objects.of(_owner(request).pk), pk=pk)
    if data_requests.take_back(found):
        messages.success(request, _("The request was taken back."))
    else:
        messages.info(request, _("This request was answered or taken back meanwhile."))
    return redirect("accounts:my_data")


def consent_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Told what follows from it before it is done."""
    user = _owner(request)
    consent = get_object_or_404(Consent.objects.standing_of(user.pk), pk=pk)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data_requests.withdraw_consent(consent)
        messages.success(request, _("The consent was withdrawn. What was done until now stays lawful."))
        return redirect("accounts:my_data")
    context = {"consent": consent, "given": minute_text(consent.given_at), "effect": effect_of(consent), "form": form}
    return render(request, "accounts/consent_withdraw.html", context)
