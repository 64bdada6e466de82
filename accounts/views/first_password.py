"""The page of the password of an account that has none: the identity service or a counter opened it."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.enums import UserKind
from accounts.forms.first_password import FirstPasswordByCodeForm
from accounts.forms.link import SetPasswordForm
from accounts.identity_service import is_configured
from accounts.models import User
from accounts.services.codes import CodeRefused, using
from accounts.services.recovery import renew_password, reset_password
from accounts.sms import gateway
from accounts.views.codes import asks_for_code, visitor_of
from accounts.views.owner_proof import VOUCHED, is_vouched


def may_set_first_password(user: User) -> bool:
    """Officers whose password was withdrawn get an initial one from the administrator."""
    return not user.has_usable_password() and user.kind != UserKind.OFFICER and not user.is_staff


def first_password(request: HttpRequest, user: User) -> HttpResponse:
    """Proved by the identity service a few minutes ago, or by a code to the phone of the account."""
    form = _form_of(request, user)
    if isinstance(form, FirstPasswordByCodeForm) and (button := asks_for_code(request)):
        form.send(button)
    elif form is not None and request.method == "POST" and form.is_valid() and (changed := _set(form)):
        # This session stays; every other one of the account ends.
        update_session_auth_hash(request, changed)
        UserSession.objects.create_from_request(request)
        request.session.pop(VOUCHED, None)
        messages.success(request, _("The password is set. Sign in with it; the user name is %s.") % changed.username)
        return redirect("accounts:account")
    context = {"form": form, "by_service": is_configured()}
    return render(request, "accounts/first_password.html", context)


def _form_of(request: HttpRequest, user: User) -> SetPasswordForm | FirstPasswordByCodeForm | None:
    data = request.POST if request.method == "POST" else None
    if is_vouched(request, user):
        return SetPasswordForm(data, user=user)
    if user.phone and gateway() is not None:
        return FirstPasswordByCodeForm(data, user=user, visitor=visitor_of(request))
    return None


def _set(form: SetPasswordForm | FirstPasswordByCodeForm) -> User | None:
    password = form.cleaned_data["password"]
    if isinstance(form, SetPasswordForm):
        return renew_password(form.user, password=password)
    if not form.prove():
        return None
    try:
        with using(form.proof):
            return reset_password(form.user, password=password)
    except CodeRefused as refusal:
        form.refuse(refusal)
        return None
