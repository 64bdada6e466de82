"""用户中心 > 账户设置 > 账户资料, and 【实名等级提升】 on it."""

from __future__ import annotations

import uuid
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.claim_notes import claim_note
from accounts.enums import RealNameLevel, UserKind
from accounts.forms.real_name import PersonSupplementForm, UnitSupplementForm
from accounts.models import User
from accounts.profiles import profile_of, result_of
from accounts.real_name import has_level
from accounts.services.accounts import Taken
from accounts.services.real_name_requests import ask_counter
from accounts.services.recognition import StatementChanged
from accounts.services.statements import state_person, state_unit
from accounts.services.verifying import TooOften, tries_left, verify
from accounts.verifiers import verifier
from accounts.views.register import add_errors
from workflow.doubts import show_doubts
from workflow.middleware import ActorRequest

Form = PersonSupplementForm | UnitSupplementForm


def _owner(request: ActorRequest) -> User:
    if not has_level(request.user):
        raise PermissionDenied(_("This page belongs to individuals and employers."))
    return cast("User", request.user)


@never_cache
def profile(request: ActorRequest) -> HttpResponse:
    user = _owner(request)
    return render(request, "accounts/profile.html", {"page": profile_of(user), "claim_note": claim_note(user)})


@never_cache
@sensitive_post_parameters()
def real_name(request: ActorRequest) -> HttpResponse:
    """补录用户信息: 【重新认证】, or a number for the counter."""
    user = _owner(request)
    if user.real_name_level == RealNameLevel.HIGH:
        return redirect("accounts:real_name_result")
    kind = UnitSupplementForm if user.kind == UserKind.UNIT else PersonSupplementForm
    form: Form = kind(request.POST or None, user=user, initial={"token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid() and _verify(form, user, at_counter="counter" in request.POST):
        return redirect("accounts:real_name_result")
    if request.method == "POST":
        show_doubts(form, form.doubts)
    context: dict[str, object] = {"form": form, "verifier": verifier(), "is_unit": user.kind == UserKind.UNIT}
    context |= {"claim_note": claim_note(user), "tries_left": tries_left(user)}
    return render(request, "accounts/real_name.html", context)


def _verify(form: Form, user: User, *, at_counter: bool) -> bool:
    """Whether there is a result to look at."""
    try:
        if isinstance(form, UnitSupplementForm):
            state_unit(user, form.statement)
        else:
            state_person(user, form.statement)
        if at_counter:
            ask_counter(user)
        else:
            verify(user, token=form.cleaned_data["token"])
    except Taken as taken:
        add_errors(form, taken)
    except TooOften as refusal:
        form.add_error(None, str(refusal))
    except StatementChanged:
        form.add_error(None, _("Another form of this account was saved at the same moment. Look at it and try again."))
    else:
        return True
    return False


@never_cache
def real_name_result(request: ActorRequest) -> HttpResponse:
    """实名制成功, or what was said and what to do."""
    user = _owner(request)
    return render(request, "accounts/real_name_result.html", {"page": result_of(user), "tries_left": tries_left(user)})
