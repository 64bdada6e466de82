"""【账号管理】 → 安全设置: the second factor, open sign-ins and the log of one's own sign-ins."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import second_factor as factors
from accounts.browsers import browser_name, mask_network_address
from accounts.forms.security import SECRET, ConfirmForm, PasskeyForm, SecondFactorForm, SetUpForm
from accounts.models import SignIn
from accounts.passkeys import begin_adding, begin_use, passkeys_of
from accounts.services.entering import PROVED, next_address, pending_user, prove
from accounts.services.second_factors import add_passkey, remove_factor, set_up_second_factor
from accounts.services.sessions import end_other_sessions, end_session, open_sessions
from accounts.views.owner_proof import for_the_owner
from workflow.middleware import ActorRequest
from workflow.presentation.times import minute_text

if TYPE_CHECKING:
    from accounts.models import User

SIGN_INS_SHOWN = 20


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Between the two factors nobody is signed in: whoever stands here is named by the session alone."""
    user = pending_user(request)
    if user is None:
        return redirect("portal:home" if request.user.is_authenticated else "accounts:sign_in")
    form = SecondFactorForm(request.POST or None, request=request, user=user)
    if request.method == "POST" and form.is_valid():
        return redirect(prove(request, user))
    context = {"form": form, "passkey": begin_use(request, user) if passkeys_of(user) else ""}
    return render(request, "accounts/second_factor.html", context)


@never_cache
@sensitive_post_parameters()
@for_the_owner
def second_factor_set_up(request: ActorRequest) -> HttpResponse:
    """The app of a phone; a new one takes the place of an earlier one."""
    user = cast("User", request.user)
    is_first = not factors.has_second_factor(user)
    form = SetUpForm(request.POST or None, request=request, user=user)
    if request.method == "POST" and form.is_valid():
        set_up_second_factor(user, secret=form.secret, counter=form.counter)
        del request.session[SECRET]
        # Every other session of the account is asked for the second factor at its next page.
        request.session[PROVED] = True
        return redirect("accounts:recovery_codes" if is_first else "accounts:security")
    spaced = " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4))
    context = {
        "form": form,
        "picture": factors.qr_code(user, form.secret),
        "secret": spaced,
        "forced": factors.needs_second_factor(user),
        "replaces": factors.has_app(user),
    }
    return render(request, "accounts/second_factor_set_up.html", context)


@never_cache
@sensitive_post_parameters()
@for_the_owner
def passkey_add(request: ActorRequest) -> HttpResponse:
    user = cast("User", request.user)
    is_first = not factors.has_second_factor(user)
    form = PasskeyForm(request.POST or None, request=request, user=user)
    if request.method == "POST" and form.is_valid():
        add_passkey(user, name=form.cleaned_data["name"], accepted=form.accepted)
        request.session[PROVED] = True
        messages.success(request, _("The passkey was added."))
        return redirect("accounts:recovery_codes" if is_first else "accounts:security")
    context = {"form": form, "passkey": begin_adding(request, user), "forced": factors.needs_second_factor(user)}
    return render(request, "accounts/passkey_add.html", context)


@never_cache
@for_the_owner
def recovery_codes(request: ActorRequest) -> HttpResponse:
    """Shown once; afterwards only new ones, for the password."""
    user = cast("User", request.user)
    if not factors.has_second_factor(user):
        return redirect("accounts:security")
    form = ConfirmForm(request.POST or None, user=user)
    codes = factors.recovery_codes(user)
    if codes is None and request.method == "POST" and form.is_valid():
        codes = factors.renew_recovery_codes(user)
    onwards = next_address(request, user) if codes is not None else ""
    context = {"form": form, "codes": codes, "left": factors.spare_codes_left(user), "next": onwards}
    return render(request, "accounts/recovery_codes.html", context)


@never_cache
@sensitive_post_parameters()
@for_the_owner
def second_factor_remove(request: ActorRequest, pk: int) -> HttpResponse:
    """One of them, for the password; where one is compulsory the last stays."""
    user = cast("User", request.user)
    held = factors.factors_of(user)
    factor = next((factor for factor in held if factor.pk == pk), None)
    if factor is None:
        return redirect("accounts:security")
    form = ConfirmForm(request.POST or None, user=user)
    must_stay = len(held) == 1 and factors.is_compulsory(user)
    if request.method == "POST" and not must_stay and form.is_valid():
        with suppress(factors.LastFactor):
            remove_factor(user, pk)
            messages.success(request, _("The second factor was removed."))
        return redirect("accounts:security")
    context = {"form": form, "factor": _line(factor), "must_stay": must_stay, "is_last": len(held) == 1}
    return render(request, "accounts/second_factor_remove.html", context)


def _line(factor: Authenticator) -> dict[str, Any]:
    is_app = factor.type == Authenticator.Type.TOTP
    return {
        "pk": factor.pk,
        "name": _("Authenticator app") if is_app else factor.wrap().name,
        "is_app": is_app,
        "since": minute_text(factor.created_at),
        "used": minute_text(factor.last_used_at) if factor.last_used_at else "",
    }


@never_cache
def security(request: ActorRequest) -> HttpResponse:
    user = cast("User", request.user)
    lines = [
        {
            "when": minute_text(row.at),
            "way": row.get_way_display(),
            "outcome": row.get_outcome_display(),
            "browser": browser_name(row.agent),
            "address": mask_network_address(row.address),
        }
        for row in SignIn.objects.of(user.pk)[:SIGN_INS_SHOWN]
    ]
    context = {
        "factors": [_line(factor) for factor in factors.factors_of(user)],
        "has_app": factors.has_app(user),
        "left": factors.spare_codes_left(user),
        "sessions": [
            {"row": row, "since": minute_text(row.since), "seen": minute_text(row.seen)}
            for row in open_sessions(user, this=request.session.session_key)
        ],
        "lines": lines,
    }
    return render(request, "accounts/security.html", context)


@require_POST
def session_end(request: ActorRequest, pk: int) -> HttpResponse:
    if end_session(cast("User", request.user), pk):
        messages.success(request, _("That sign-in has ended."))
    return redirect("accounts:security")


@require_POST
def sessions_end(request: ActorRequest) -> HttpResponse:
    end_other_sessions(cast("User", request.user), this=request.session.session_key)
    messages.success(request, _("All other sign-ins of this account have ended."))
    return redirect("accounts:security")
