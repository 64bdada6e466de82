"""Registering: 用户须知, then one form, then the account exists."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.enums import SignInWay, TermsKind
from accounts.forms.codes import CodeForm
from accounts.forms.person import PersonRegistrationForm, find_units
from accounts.forms.unit import SupervisorForm, UnitRegistrationForm
from accounts.models import Terms, User
from accounts.models.registration import first_with_token
from accounts.services import Taken, register_person, register_unit
from accounts.services.codes import CodeRefused, using
from accounts.services.entering import NotAdmitted, enter
from accounts.services.known_browsers import SECONDS, TRIES
from accounts.services.limits import give_back, take
from accounts.unit_variants import FULL, VARIANTS, Variant, named_variant, variant_of
from accounts.views.codes import asks_for_code, visitor_of
from accounts.views.registered import to_success
from workflow.doubts import show_doubts
from workflow.models import Case

Made = TypeVar("Made")

AGREED = "agreed_terms"
# In the address: which form of 单位注册.
VARIANT = "variant"
# Tries of the password of a form that was sent before.
AGAIN = "registered_again"
NUMBERS = ("contact_number", "agent_number")


@login_not_required
def register_unit_notice(request: HttpRequest) -> HttpResponse:
    variant = named_variant(request.GET.get(VARIANT, ""))
    return _notice(request, TermsKind.UNIT, "accounts:register_unit_form", variant)


@login_not_required
def register_person_notice(request: HttpRequest) -> HttpResponse:
    return _notice(request, TermsKind.PERSON, "accounts:register_person_form")


def _notice(request: HttpRequest, kind: TermsKind, form_url: str, variant: Variant | None = None) -> HttpResponse:
    """用户须知: 【同意】 leads to the form, and the version agreed to is remembered until the account exists."""
    terms = Terms.objects.current(kind)
    if request.method == "POST":
        request.session[AGREED] = terms.pk
        return redirect(resolve_url(form_url) + _query(variant))
    context = {"terms": terms, "kind": kind, "variant": variant, "variants": VARIANTS.values()}
    return render(request, "accounts/notice.html", context)


def _query(variant: Variant | None) -> str:
    """All at once needs no word in the address."""
    return f"?{VARIANT}={variant.key}" if variant is not None and variant != FULL else ""


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
    variant = named_variant(request.GET.get(VARIANT, ""))
    if terms is None:
        return redirect(resolve_url("accounts:register_unit") + _query(variant))
    form = UnitRegistrationForm(
        request.POST or None,
        initial={"token": uuid.uuid4()},
        supervisors_url=reverse("accounts:supervisors"),
        visitor=visitor_of(request),
        variant=variant,
    )
    page = "accounts/register_unit_form.html"
    return _registered(request, form, page, lambda: _register_unit(form, terms))


def _register_unit(form: UnitRegistrationForm, terms: Terms) -> Case:
    data = form.cleaned_data
    account = {"account": form.account, "password": data["password"], "token": data["token"]}
    return register_unit(form.unit, terms=[terms, *form.agreed], variant=form.variant.key, **account).case


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
        request.POST or None,
        initial={"token": uuid.uuid4()},
        units_url=reverse("accounts:unit_options"),
        visitor=visitor_of(request),
    )
    page = "accounts/register_person_form.html"
    return _registered(request, form, page, lambda: _register_person(form, terms))


def _register_person(form: PersonRegistrationForm, terms: Terms) -> Case:
    data = form.cleaned_data
    account = {"username": data["username"], "password": data["password"], "token": data["token"]}
    return register_person(form.identity, form.study, unit=data["unit"], terms=[terms, *form.agreed], **account).case


def _registered(
    request: HttpRequest,
    form: UnitRegistrationForm | PersonRegistrationForm,
    page: str,
    register: Callable[[], Case],
) -> HttpResponse:
    """【发送验证码】, or the registration: what is taken is told to nobody whose phone is not proved."""
    if request.method == "POST" and (button := asks_for_code(request)):
        form.send(button)
    elif request.method == "POST":
        case = prove_and_register(form, register) if form.is_valid() and form.prove() else None
        if case is not None:
            return _done(request, case)
        # Its other press, sent in the same instant, may have taken the name and the numbers meanwhile.
        if (first := _first_result(request)) is not None:
            return first
    if request.method == "POST":
        show_doubts(form, form.doubts)
    return render(request, page, {"form": form, "variants": VARIANTS.values()})


def prove_and_register(form: CodeForm, register: Callable[[], Made]) -> Made | None:
    """What is taken stands in the form afterwards, and is counted: whoever asks holds the phone."""
    assert form.proof is not None
    try:
        with using(form.proof):
            return register()
    except Taken as taken:
        form.count()
        add_errors(form, taken)
    except CodeRefused as refusal:
        form.refuse(refusal)
    return None


def add_errors(form: forms.Form, taken: Taken) -> None:
    for field, message in taken.errors.items():
        # The number of who registers an employer has another name than a person's.
        others = (name for name in NUMBERS if name in form.fields) if field == "number" else ()
        name = next(iter(others), field)
        form.add_error(name if name in form.fields else None, message)


def _first_result(request: HttpRequest) -> HttpResponse | None:
    """The same form again: what it made the first time, for whoever knows the password."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    case = first_with_token(token)
    if case is None:
        return None
    if request.user.pk == case.applicant_id or _knows_password(request, case):
        return _done(request, case)
    messages.info(request, _("This form was sent already and the account exists. Sign in with it."))
    return redirect("accounts:sign_in")


def _knows_password(request: HttpRequest, case: Case) -> bool:
    """Counted like every other way to try one."""
    account = str(case.applicant_id)
    if not take(AGAIN, account, tries=TRIES, seconds=SECONDS):
        return False
    if not case.applicant.check_password(request.POST.get("password", "")):
        return False
    give_back(AGAIN, account)
    return True


def _done(request: HttpRequest, case: Case) -> HttpResponse:
    """Manual 001 has whoever registered sign in first; else the materials follow at once."""
    if case.case_type == "unit_registration" and variant_of(case).in_system:
        request.session.pop(AGREED, None)
        return to_success(request, case.applicant, in_system=True)
    return _signed_in(request, case)


def _signed_in(request: HttpRequest, case: Case) -> HttpResponse:
    """Whoever has just registered goes on without signing in again."""
    user = User.objects.get(pk=case.applicant_id)
    address = resolve_url("accounts:registration")
    if request.user != user:
        try:
            address = enter(request, user, way=SignInWay.CODE, target=address)
        except NotAdmitted as refusal:
            messages.error(request, str(refusal))
            return redirect("accounts:sign_in")
    request.session.pop(AGREED, None)
    messages.success(request, _("The account is there. Upload the materials and submit the registration."))
    return redirect(address)


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
