"""Whose account it is, before its security changes: the forms ask for the password, and this page where none is set."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.forms.owner_proof import OwnerProofForm
from accounts.identity_service import is_configured
from accounts.models import User
from accounts.second_factor import needs_second_factor
from accounts.services.codes import CodeRefused, using
from accounts.sms import gateway
from accounts.views.codes import asks_for_code, visitor_of

# Of the session: who has just been vouched for, by the identity service or by a code to the phone, and when.
VOUCHED, VOUCHED_SECONDS = "identity_service", 600
# Of the form on the page, which stands at the address of another one.
SENT = "owner_proof"


def vouch(request: HttpRequest, user: User) -> None:
    request.session[VOUCHED] = {"user": user.pk, "at": time.time()}


def is_vouched(request: HttpRequest, user: User) -> bool:
    """Whether this very account was vouched for a few minutes ago, in this session."""
    vouched = request.session.get(VOUCHED)
    if vouched is None:
        return False
    return bool(vouched["user"] == user.pk and time.time() - vouched["at"] < VOUCHED_SECONDS)


def for_the_owner(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever finds an open session of an account without a password gets no further than this page.

    Officers who must set up a second factor are told by its form that they need a password first.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if user.has_usable_password() or needs_second_factor(user) or is_vouched(request, user):
            return view(request, *args, **kwargs)
        return _prove(request, user)

    return guarded


def _prove(request: HttpRequest, user: User) -> HttpResponse:
    data = request.POST if SENT in request.POST else None
    has_phone = bool(user.phone) and gateway() is not None
    form = OwnerProofForm(data, user=user, visitor=visitor_of(request)) if has_phone else None
    if form is not None and form.is_bound and (button := asks_for_code(request)):
        form.send(button)
    elif form is not None and form.is_valid() and form.prove() and _use_up(form):
        vouch(request, user)
        return redirect(request.path)
    context = {"form": form, "sent": SENT, "by_service": is_configured(), "here": request.path}
    return render(request, "accounts/owner_proof.html", context)


def _use_up(form: OwnerProofForm) -> bool:
    try:
        with using(form.proof):
            return True
    except CodeRefused as refusal:
        form.refuse(refusal)
        return False
