"""【密码重置受理】: find the account, accept the signed form, let another officer confirm it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.counter_pages import comparison_lines, deed_lines, reset_facts, resets_page, scan_pages, state_shape
from accounts.counter_papers import labels_of, reset_title
from accounts.counter_prints import pdf_answer, print_reset_form
from accounts.counter_refs import account_of, write_ref
from accounts.counters import city_of
from accounts.enums import CounterDeed, CounterSubject, ResetState, UserKind
from accounts.forms.counter_reset import EndForm, FindForm, ResetRequestForm, SubjectForm
from accounts.models import CounterEvent, CounterReset, User
from accounts.services.counter_log import CounterRefused, note_deed
from accounts.services.counter_resets import (
    ask_reset,
    confirm_reset,
    end_reset,
    find_accounts,
    subject_of,
    why_not_confirmed_by,
)
from accounts.services.counter_sheets import holder_of_account
from accounts.views.counter_openings import counter_of
from workflow.doubts import show_doubts
from workflow.masking import mask_phone
from workflow.middleware import ActorRequest
from workflow.sealing import sealed_address


@require_http_methods(["GET", "POST"])
def counter_resets(request: ActorRequest) -> HttpResponse:
    counter = counter_of(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    context = {
        "page": resets_page(counter, request.GET),
        "waiting": CounterReset.objects.of_counter(counter).waiting().count(),
    }
    return render(request, "accounts/counter_resets.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def counter_reset_find(request: ActorRequest) -> HttpResponse:
    """One account by the whole of its name or number; the number is never part of an address."""
    counter_of(request)
    form, found = FindForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            found = find_accounts(form.cleaned_data["account"], request.actor)
        except CounterRefused as refusal:
            form.add_error("account", str(refusal))
        else:
            if not found:
                form.add_error("account", _("No account has this user name, document number or credit code."))
    accounts = [_found(request, user) for user in found]
    context = {"form": form, "accounts": accounts}
    return render(request, "accounts/counter_reset_find.html", context, status=422 if form.errors else 200)


def _found(request: ActorRequest, user: User) -> dict[str, str]:
    note_deed(request.actor, CounterDeed.LOOKED, user=user)
    return {
        "username": user.username,
        "name": str(user),
        "holder": holder_of_account(user),
        "kind": user.get_kind_display(),
        "phone": mask_phone(user.phone),
        "ref": write_ref(user, request.actor),
    }


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def counter_reset_new(request: ActorRequest, ref: str) -> HttpResponse:
    """The check-list and the signed form of the account that was found."""
    counter = counter_of(request)
    user = account_of(ref, request.actor)
    if user is None:
        messages.warning(request, _("Search for the account again: what was found is good for half an hour."))
        return redirect("accounts:counter_reset_find")
    form = _request_form(request, user)
    if request.method == "POST" and form.is_valid() and (reset := _ask(request, form, user)):
        messages.success(request, _("Accepted. Another officer of this counter confirms it now."))
        return redirect("accounts:counter_reset", reset.token)
    if request.method == "POST":
        show_doubts(form, form.doubts)
    context = {
        "form": form,
        "account": user,
        "holder": holder_of_account(user),
        "phone": mask_phone(user.phone),
        "ref": ref,
        "subjects": SubjectForm(initial={"subject": form.subject}) if user.kind == UserKind.UNIT else None,
        "subject": form.subject,
        "title": reset_title(form.subject, city_of(counter)),
    }
    return render(request, "accounts/counter_reset_new.html", context, status=422 if form.errors else 200)


def _request_form(request: ActorRequest, user: User) -> ResetRequestForm:
    wanted, subject = request.GET.get("subject", ""), subject_of(user)
    if user.kind == UserKind.UNIT and wanted in CounterSubject.values and wanted != CounterSubject.PERSON:
        subject = CounterSubject(wanted)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return ResetRequestForm(
        data, files, user=user, subject=subject, initial={"token": uuid.uuid4(), "agent": str(user)}
    )


def _ask(request: ActorRequest, form: ResetRequestForm, user: User) -> CounterReset | None:
    try:
        return ask_reset(user, form.facts, request.actor, token=form.cleaned_data["token"])
    except CounterRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error("scan", error)
    return None


@never_cache
@sensitive_post_parameters()
@require_POST
def counter_reset_form(request: ActorRequest, ref: str) -> HttpResponse:
    """《…网上办事密码重置申请单》 with what has been typed so far, to be signed."""
    counter = counter_of(request)
    user = account_of(ref, request.actor)
    if user is None:
        return redirect("accounts:counter_reset_find")
    form = _request_form(request, user)
    title = reset_title(form.subject, city_of(counter))
    return pdf_answer(lambda: print_reset_form(form, user, request.actor), title)


@never_cache
def counter_reset(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    reset = get_object_or_404(CounterReset.objects.of_counter(counter_of(request)).whole(), token=token)
    return _page(request, reset, EndForm())


def _page(request: ActorRequest, reset: CounterReset, form: EndForm, status: int = 200) -> HttpResponse:
    shape, scan = state_shape(reset), getattr(reset, "scan", None)
    is_open = shape.text == str(ResetState.WAITING.label)
    context = {
        "reset": reset,
        "state": shape,
        "facts": list(reset_facts(reset)),
        "comparison": list(comparison_lines(reset)) if is_open else [],
        "papers": labels_of(reset.subject, reset.papers),
        "scan": scan,
        "scan_pages": scan_pages(scan),
        "deeds": deed_lines(CounterEvent.objects.of_reset(reset)),
        "is_open": is_open,
        "barred": why_not_confirmed_by(reset, request.actor) if is_open else "",
        "is_own": reset.officer_id == request.actor.user_id,
        "sheet": getattr(reset, "sheet", None),
        "form": form,
    }
    return render(request, "accounts/counter_reset.html", context, status=status)


@require_POST
def counter_reset_confirm(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    reset = get_object_or_404(CounterReset.objects.of_counter(counter_of(request)), token=token)
    try:
        confirm_reset(reset, request.actor)
    except CounterRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed. Print the account notice: it is printed once."))
    return redirect("accounts:counter_reset", token)


@require_POST
def counter_reset_end(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    """【撤销】 or 【不予受理】, with the reason."""
    reset = get_object_or_404(CounterReset.objects.of_counter(counter_of(request)).whole(), token=token)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, reset, form, status=422)
    try:
        end_reset(reset, request.actor, reason=form.cleaned_data["reason"])
    except CounterRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The request is over. The password stays as it was."))
    return redirect("accounts:counter_reset", token)
