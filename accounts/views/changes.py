"""Changes of registered facts that somebody looks at: a unit's name, code and 主管部门, and a person's unit."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.change_filing import unit_change_filing, unit_transfer_filing
from accounts.forms.changes import TransferForm, UnitIdentityForm
from accounts.models import User
from accounts.services.accounts import Taken
from accounts.services.unit_changes import open_change_of, save_unit_change, submit_unit_change, withdraw_change
from accounts.services.unit_transfers import open_transfer_of, save_transfer, submit_transfer
from accounts.unit_people import may_keep
from accounts.views.register import add_errors
from workflow.authority import may_file
from workflow.doubts import show_doubts
from workflow.middleware import ActorRequest
from workflow.models import Case, Organisation
from workflow.presentation.materials import materials_panel
from workflow.presentation.page import case_page
from workflow.presentation.papers import unfiled_paper
from workflow.services import Refused
from workflow.services.filings import FilingDraft
from workflow.services.materials import missing_materials

CONFLICT = 409


def _unit(request: ActorRequest) -> Organisation:
    if request.actor.organisation is None or not may_keep(request.actor):
        raise PermissionDenied(_("Only handlers and administrators of the employer may change this."))
    return request.actor.organisation


def _person(request: ActorRequest) -> User:
    user = cast("User", request.user)
    if not request.actor.is_person or user.person is None:
        raise PermissionDenied(_("Your real name must be checked first."))
    return user


def unit_change(request: ActorRequest) -> HttpResponse:
    """【申请变更】: the form; an open change is changed in it."""
    unit = _unit(request)
    change = open_change_of(unit)
    if change is not None and not change.case.is_editable:
        return redirect("workflow:case", change.pk)
    now = (unit.name, unit.code, unit.region_id, unit.parent_id)
    wanted = (change.name, change.uscc, change.region_id, change.supervisor_id) if change is not None else now
    form = UnitIdentityForm(
        request.POST or None,
        initial=UnitIdentityForm.initial_from(*wanted),
        supervisors_url=reverse("accounts:supervisors"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            change = save_unit_change(form.facts, by=request.actor, token=uuid.uuid4())
        except Taken as taken:
            add_errors(form, taken)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("accounts:unit_change_edit", change.pk)
    if request.method == "POST":
        show_doubts(form, form.doubts)
    return render(request, "accounts/unit_change.html", {"form": form, "unit": unit})


def unit_transfer(request: ActorRequest) -> HttpResponse:
    """【变更单位】: the form; an open change is changed in it."""
    user = _person(request)
    assert user.person is not None
    transfer, present = open_transfer_of(user), user.person.unit
    if transfer is not None and not transfer.case.is_editable:
        return redirect("workflow:case", transfer.pk)
    initial = {"unit": transfer.unit, "hired_on": transfer.hired_on} if transfer is not None else {}
    form = TransferForm(
        request.POST or None, initial=initial, units_url=reverse("accounts:unit_options"), present=present
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            transfer = save_transfer(user, unit=data["unit"], hired_on=data["hired_on"], token=uuid.uuid4())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("accounts:unit_transfer_edit", transfer.pk)
    return render(request, "accounts/unit_transfer.html", {"form": form, "present": present})


def _case(request: ActorRequest, pk: int, case_type: str) -> Case:
    """Of those who file it; everybody else knows nothing of it."""
    found = get_object_or_404(Case.objects.visible_to(request.actor).of_type(case_type), pk=pk)
    if not may_file(found, request.actor):
        raise PermissionDenied
    return found


def unit_change_edit(request: ActorRequest, pk: int) -> HttpResponse:
    return _edit(request, _case(request, pk, "unit_change"))


def unit_transfer_edit(request: ActorRequest, pk: int) -> HttpResponse:
    return _edit(request, _case(request, pk, "unit_transfer"))


def _edit(request: ActorRequest, case: Case, refused: str = "") -> HttpResponse:
    """Upload the papers, compare, and submit."""
    if not case.is_editable:
        return redirect("workflow:case", case.pk)
    page = case_page(case, request.actor, "")
    page.paper = unfiled_paper(_draft(case).content)
    name = case.case_type
    context: dict[str, Any] = {
        "case": case,
        "page": page,
        "panel": materials_panel(request, case, request.actor, back=reverse(f"accounts:{name}_edit", args=[case.pk])),
        "missing": missing_materials(case),
        "token": uuid.uuid4(),
        "refused": refused,
        "has_errors": bool(refused),
        "form_url": reverse(f"accounts:{name}"),
        "here": reverse(f"accounts:{name}_edit", args=[case.pk]),
        "submit_url": reverse(f"accounts:{name}_submit", args=[case.pk]),
        "withdraw_url": reverse(f"accounts:{name}_withdraw", args=[case.pk]),
    }
    return render(request, f"accounts/{name}_edit.html", context, status=CONFLICT if refused else 200)


def _draft(case: Case) -> FilingDraft:
    if case.case_type == "unit_change":
        return unit_change_filing(case.unit_change)
    return unit_transfer_filing(case.unit_transfer)


@require_POST
def unit_change_submit(request: ActorRequest, pk: int) -> HttpResponse:
    return _submit(request, _case(request, pk, "unit_change"))


@require_POST
def unit_transfer_submit(request: ActorRequest, pk: int) -> HttpResponse:
    return _submit(request, _case(request, pk, "unit_transfer"))


def _submit(request: ActorRequest, case: Case) -> HttpResponse:
    """【提交申请】."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
        if case.case_type == "unit_change":
            submit_unit_change(case.unit_change, request.actor, token=token)
        else:
            submit_transfer(case.unit_transfer, request.actor, token=token)
    except ValueError:
        return _edit(request, case, _("The page was incomplete. Press the button once more."))
    except Refused as refusal:
        return _edit(request, Case.objects.get(pk=case.pk), str(refusal))
    messages.success(request, _("The change was submitted. It will be reviewed; the result comes by message."))
    return redirect("workflow:case", case.pk)


@require_POST
def unit_change_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    return _withdraw(request, _case(request, pk, "unit_change"), "accounts:unit_info")


@require_POST
def unit_transfer_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    return _withdraw(request, _case(request, pk, "unit_transfer"), "accounts:account")


def _withdraw(request: ActorRequest, case: Case, onwards: str) -> HttpResponse:
    try:
        withdraw_change(case, request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("workflow:case", case.pk)
    messages.success(request, _("The change was withdrawn. Everything stays as it was."))
    return redirect(onwards)
