"""The lists of a person's own facts, and the forms behind them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import UserKind
from accounts.models import Person
from accounts.real_name import NOT_VERIFIED
from talent.forms.facts import EducationForm, WorkExperienceForm
from talent.models import Education, Proof, WorkExperience
from talent.presentation import education_row, work_rows
from talent.services.facts import is_added, keep_fact, prefill_education, remove_fact
from talent.views.last_look import read_token
from workflow.doubts import doubts_of, show_doubts
from workflow.middleware import ActorRequest


def person_of(request: ActorRequest) -> Person:
    """Raises PermissionDenied for whoever acts for a unit or an office, or is nobody's account."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None and request.user.kind == UserKind.PERSON and request.user.is_unverified:
        raise PermissionDenied(NOT_VERIFIED)
    if person is None or not request.actor.is_person:
        raise PermissionDenied(_("This page belongs to individuals: sign in with a personal account."))
    return person


def next_url(request: ActorRequest, default: str) -> str:
    """Where the page came from, if it lies on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and allowed else default


@require_GET
def educations(request: ActorRequest) -> HttpResponse:
    person = person_of(request)
    found = list(Education.objects.of(person)) or [row for row in [prefill_education(person)] if row is not None]
    rows = [education_row(row) for row in found]
    return render(request, "talent/educations.html", {"rows": rows, "next": next_url(request, "")})


@require_GET
def works(request: ActorRequest) -> HttpResponse:
    person = person_of(request)
    rows = work_rows(WorkExperience.objects.of(person), Proof.objects.of(person).of_works())
    has_current = any(row.is_current for row in rows)
    context = {"rows": rows, "has_current": has_current, "unit": person.unit, "next": next_url(request, "")}
    return render(request, "talent/works.html", context)


def education_add(request: ActorRequest) -> HttpResponse:
    form = EducationForm(request.POST or None, instance=Education(person=person_of(request)))
    return edit_row(request, form, keep_fact, list_url="talent:educations", title=_("Add an education"))


def education_change(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Education.objects.visible_to(request.actor), pk=pk)
    form = EducationForm(request.POST or None, instance=row)
    return edit_row(request, form, keep_fact, list_url="talent:educations", title=_("Change an education"))


def work_add(request: ActorRequest) -> HttpResponse:
    person = person_of(request)
    has_current = WorkExperience.objects.of(person).current().exists()
    initial = {} if has_current or person.unit is None else _registered(person)
    form = WorkExperienceForm(request.POST or None, person=person, initial=initial)
    show_doubts(form, form.doubts)
    return edit_row(request, form, keep_fact, list_url="talent:works", title=_("Add a work experience"))


def work_change(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(WorkExperience.objects.visible_to(request.actor), pk=pk)
    form = WorkExperienceForm(request.POST or None, person=row.person, instance=row)
    show_doubts(form, form.doubts)
    return edit_row(request, form, keep_fact, list_url="talent:works", title=_("Change a work experience"))


def _registered(person: Person) -> dict[str, Any]:
    unit = person.unit
    assert unit is not None
    kind = unit.profile.unit_kind if hasattr(unit, "profile") else ""
    return {"unit_name": unit.name, "uscc": unit.code, "unit_kind": kind, "region": unit.region_id}


def edit_row(
    request: ActorRequest, form: forms.ModelForm[Any], keep: Callable[[Any], None], *, list_url: str, title: str
) -> HttpResponse:
    """``keep`` raises ValidationError. A second press of a form that adds a row leads where the first has led."""
    row = form.instance
    is_new = row._state.adding
    if is_new:
        row.token = read_token(request) or uuid.uuid4()
    if request.method == "POST" and ((is_new and is_added(row)) or (form.is_valid() and _is_kept(form, keep))):
        messages.success(request, _("Saved."))
        for doubt in doubts_of(form):
            messages.warning(request, doubt)
        return redirect(next_url(request, list_url))
    context = {
        "form": form,
        "token": row.token if is_new else None,
        "title": title,
        "list_url": list_url,
        "next": next_url(request, ""),
    }
    return render(request, "talent/fact_edit.html", context)


def _is_kept(form: forms.ModelForm[Any], keep: Callable[[Any], None]) -> bool:
    try:
        keep(form.instance)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def education_remove(request: ActorRequest, pk: int) -> HttpResponse:
    remove_fact(get_object_or_404(Education.objects.visible_to(request.actor), pk=pk))
    messages.success(request, _("Removed."))
    return redirect("talent:educations")


@require_POST
def work_remove(request: ActorRequest, pk: int) -> HttpResponse:
    remove_fact(get_object_or_404(WorkExperience.objects.visible_to(request.actor), pk=pk))
    messages.success(request, _("Removed."))
    return redirect("talent:works")
