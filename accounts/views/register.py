"""Registering: 用户须知, then one form, then the account exists."""

from __future__ import annotations

import uuid

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.enums import TermsKind
from accounts.forms.person import PersonRegistrationForm, find_units
from accounts.forms.unit import SupervisorForm, UnitRegistrationForm
from accounts.models import Terms, User
from accounts.models.registration import first_with_token
from accounts.services import Taken, register_person, register_unit
from workflow.doubts import show_doubts
from workflow.models import Case

AGREED = "agreed_terms"


@login_not_required
def register_unit_notice(request: HttpRequest) -> HttpResponse:
    return _notice(request, TermsKind.UNIT, "accounts:register_unit_form")


@login_not_required
def register_person_notice(request: HttpRequest) -> HttpResponse:
    return _notice(request, TermsKind.PERSON, "accounts:register_person_form")


def _notice(request: HttpRequest, kind: TermsKind, form_url: str) -> HttpResponse:
    """用户须知: 【同意】 leads to the form, and the version agreed to is remembered until the account exists."""
    terms = Terms.objects.current(kind)
    if request.method == "POST":
        request.session[AGREED] = terms.pk
        return redirect(form_url)
    return render(request, "accounts/notice.html", {"terms": terms, "kind": kind})


def _agreed(request: HttpRequest, kind: TermsKind) -> Terms | None:
    terms = Terms.objects.current(kind)
    return terms if request.session.get(AGREED) == terms.pk else None


@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def register_unit_form(request: HttpRequest) -> HttpResponse:
    if (first := _first_result(request)) is not None:
        return first
    terms = _agreed(request, TermsKind.UNIT)
    if terms is None:
        return redirect("accounts:register_unit")
    form = UnitRegistrationForm(
        request.POST or None, initial={"token": uuid.uuid4()}, supervisors_url=reverse("accounts:supervisors")
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            registration = register_unit(
                form.unit, account=form.account, password=data["password"], terms=terms, token=data["token"]
            )
        except Taken as taken:
            add_errors(form, taken)
        else:
            return _signed_in(request, registration.case)
    if request.method == "POST":
        # Its other press, sent in the same instant, may have taken the name and the numbers meanwhile.
        if (first := _first_result(request)) is not None:
            return first
        show_doubts(form, form.doubts)
    return render(request, "accounts/register_unit_form.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def register_person_form(request: HttpRequest) -> HttpResponse:
    if (first := _first_result(request)) is not None:
        return first
    terms = _agreed(request, TermsKind.PERSON)
    if terms is None:
        return redirect("accounts:register_person")
    form = PersonRegistrationForm(
        request.POST or None, initial={"token": uuid.uuid4()}, units_url=reverse("accounts:unit_options")
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        account = {"username": data["username"], "password": data["password"], "token": data["token"]}
        try:
            registration = register_person(form.identity, form.study, unit=data["unit"], terms=terms, **account)
        except Taken as taken:
            add_errors(form, taken)
        else:
            return _signed_in(request, registration.case)
    if request.method == "POST":
        # Its other press, sent in the same instant, may have taken the name and the numbers meanwhile.
        if (first := _first_result(request)) is not None:
            return first
        show_doubts(form, form.doubts)
    return render(request, "accounts/register_person_form.html", {"form": form})


def add_errors(form: forms.Form, taken: Taken) -> None:
    for field, message in taken.errors.items():
        # The contact's number has another name than a person's.
        name = "contact_number" if field == "number" and "contact_number" in form.fields else field
        form.add_error(name or None, message)


def _first_result(request: HttpRequest) -> HttpResponse | None:
    """The same form again: what it made the first time, for whoever knows the password."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    case = first_with_token(token)
    if case is None:
        return None
    if request.user.pk == case.applicant_id or case.applicant.check_password(request.POST.get("password", "")):
        return _signed_in(request, case)
    messages.info(request, _("This form was sent already and the account exists. Sign in with it."))
    return redirect("accounts:sign_in")


def _signed_in(request: HttpRequest, case: Case) -> HttpResponse:
    """Whoever has just registered goes on without signing in again."""
    user = User.objects.get(pk=case.applicant_id)
    if request.user != user:
        get_adapter(request).login(request, user)
    request.session.pop(AGREED, None)
    messages.success(request, _("The account is there. Upload the materials and submit the registration."))
    return redirect("accounts:registration")


@login_not_required
@require_GET
def supervisors(request: HttpRequest) -> HttpResponse:
    """The select 主管部门 for one county."""
    form = SupervisorForm(request.GET, reverse("accounts:supervisors"))
    return render(request, "_field.html", {"field": form["supervisor"]})


@login_not_required
@require_GET
def unit_options(request: HttpRequest) -> HttpResponse:
    """Approved employers that fit what was typed so far."""
    text = request.GET.get("unit", "")
    units = find_units(text) if len(text.strip()) > 1 else []
    return render(request, "accounts/_unit_options.html", {"units": units})
