"""The status page of a registration: where it stands, what is missing, changing and submitting it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.filing import filing_of
from accounts.forms.person import PersonChangeForm
from accounts.forms.returned import fields_marked, fields_to_open
from accounts.forms.unit import UnitChangeForm
from accounts.models import PersonRegistration, UnitRegistration, User
from accounts.models.registration import registrations_of
from accounts.services import (
    Taken,
    change_person_registration,
    change_unit_registration,
    submit_registration,
    withdraw_registration,
)
from accounts.services.told_numbers import counting_answers
from accounts.unit_variants import named_variant
from accounts.views.register import add_errors
from accounts.views.system import keeps_materials_here, system_page
from workflow.doubts import show_doubts
from workflow.enums import State
from workflow.middleware import ActorRequest
from workflow.models import Case
from workflow.presentation.materials import materials_panel
from workflow.presentation.page import case_page
from workflow.presentation.papers import unfiled_paper
from workflow.presentation.remarks import Remark, open_remarks
from workflow.remark_forms import lock_fields, pin_remarks
from workflow.services import Refused
from workflow.services.materials import missing_materials


def registration(request: ActorRequest) -> HttpResponse:
    case = registrations_of(request.user.pk).first()
    if case is None:
        raise Http404
    return _status(request, case)


def _status(request: ActorRequest, case: Case, refused: str = "") -> HttpResponse:
    wanted = request.GET.get("filing", "")
    page = case_page(case, request.actor, wanted)
    if case.is_editable and not wanted:
        page.paper = unfiled_paper(filing_of(case).content)
    elsewhere = keeps_materials_here(case) and case.is_editable
    context = {
        "case": case,
        "page": page,
        "panel": None if elsewhere else materials_panel(request, case, request.actor, back=request.path),
        "is_elsewhere": elsewhere,
        "missing": missing_materials(case) if case.is_editable else [],
        "token": uuid.uuid4(),
        "refused": refused,
        "has_errors": bool(refused),
        "is_unit": case.case_type == "unit_registration",
        "may_withdraw": case.is_editable or (case.state == State.IN_REVIEW and case.decided_at is None),
    }
    return render(request, "accounts/registration.html", context, status=409 if refused else 200)


@require_POST
def registration_submit(request: ActorRequest) -> HttpResponse:
    """【提交申请】."""
    case = registrations_of(request.user.pk).first()
    if case is None:
        raise Http404
    page = system_page if keeps_materials_here(case) else _status
    try:
        token = uuid.UUID(request.POST.get("token", ""))
        submit_registration(case, request.actor, token=token)
    except ValueError:
        return page(request, case, _("The page was incomplete. Press the button once more."))
    except Refused as refusal:
        return page(request, case, str(refusal))
    messages.success(request, _("The registration was submitted. It will be reviewed; the result comes by message."))
    return redirect("accounts:registration")


@require_POST
def registration_withdraw(request: ActorRequest) -> HttpResponse:
    """Ends the registration: the account closes, and its numbers may be used again."""
    case = registrations_of(request.user.pk).first()
    if case is None:
        raise Http404
    try:
        withdraw_registration(case, request.actor)
    except Refused as refusal:
        return _status(request, case, str(refusal))
    logout(request)
    messages.success(request, _("The registration was withdrawn and the account is closed. You may register again."))
    return redirect("accounts:sign_in")


def registration_edit(request: ActorRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(registrations_of(request.user.pk), pk=pk)
    if not case.is_editable:
        messages.info(request, _("The registration can no longer be changed: it is “%s”.") % case.status)
        return redirect("accounts:registration")
    form = _edit_form(request, case)
    form.fields["phone"].disabled = True
    form.fields["phone"].help_text = _("Changed under “Account management”, where the new number is proved by a code.")
    remarks = open_remarks(case)
    lines = pin_remarks(form, remarks, lambda one: fields_marked(form, one), _place_of(case))
    is_locked = bool(remarks) and "all" not in request.GET and lock_fields(form, fields_to_open(form, remarks))
    if request.method == "POST" and form.is_valid() and _is_saved(form, case):
        messages.success(request, _("Saved. Submit the registration when everything is complete."))
        return redirect("accounts:system" if keeps_materials_here(case) else "accounts:registration")
    show_doubts(form, form.doubts)
    context = {"form": form, "case": case, "remarks": lines, "is_locked": is_locked}
    return render(request, "accounts/registration_edit.html", context)


def _place_of(case: Case) -> Callable[[Remark], str]:
    """Where to mend what the form does not hold."""
    place = reverse("accounts:system" if keeps_materials_here(case) else "accounts:registration")
    return lambda remark: f"{place}#material-{remark.row}" if remark.is_of_materials else ""


def _edit_form(request: ActorRequest, case: Case) -> UnitChangeForm | PersonChangeForm:
    data = request.POST or None
    if case.case_type == "unit_registration":
        unit = UnitRegistration.objects.select_related("organisation__profile").get(case=case)
        user = User.objects.get(pk=case.applicant_id)
        initial = UnitChangeForm.initial_of(unit, user)
        url, variant = reverse("accounts:supervisors"), named_variant(unit.variant)
        return UnitChangeForm(data, initial=initial, supervisors_url=url, variant=variant)
    person = PersonRegistration.objects.select_related("unit").get(case=case)
    initial = PersonChangeForm.initial_of(person)
    return PersonChangeForm(data, initial=initial, units_url=reverse("accounts:unit_options"))


def _is_saved(form: forms.Form, case: Case) -> bool:
    try:
        with counting_answers(case.applicant_id):
            _save(form, case)
    except Taken as taken:
        add_errors(form, taken)
        return False
    return True


def _save(form: forms.Form, case: Case) -> None:
    if isinstance(form, UnitChangeForm):
        change_unit_registration(case.unit_registration, form.unit, account=form.account)
    elif isinstance(form, PersonChangeForm):
        unit = form.cleaned_data["unit"]
        change_person_registration(case.person_registration, form.identity, form.study, unit=unit)
