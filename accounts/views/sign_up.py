"""【注册】: 自然人注册 and 法人注册 at one address."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.enums import UserKind
from accounts.forms.sign_up import TABS, Tab
from accounts.models import SignUp, User
from accounts.services.sign_up import sign_up
from accounts.views.codes import asks_for_code, visitor_of
from accounts.views.register import prove_and_register
from accounts.views.registered import to_success
from workflow.doubts import doubts_of, show_doubts


@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
def register(request: HttpRequest) -> HttpResponse:
    """``?kind=unit`` is 法人注册; each tab is a form of its own."""
    if (first := _first_result(request)) is not None:
        return first
    kind = UserKind.UNIT if request.GET.get("kind") == UserKind.UNIT else UserKind.PERSON
    typed = request.POST if request.method == "POST" else None
    form = TABS[kind](typed, initial={"token": uuid.uuid4()}, visitor=visitor_of(request))
    if form.is_bound and (answer := _answer(request, form)) is not None:
        return answer
    return render(request, "accounts/register.html", {"form": form, "kind": kind})


def _answer(request: HttpRequest, form: Tab) -> HttpResponse | None:
    """【发送验证码】 or 【立即注册】; nothing where the form is shown again."""
    if button := asks_for_code(request):
        form.send(button)
    else:
        user = prove_and_register(form, lambda: _sign_up(form)) if form.is_valid() and form.prove() else None
        if user is not None:
            return _done(request, form, user)
        # Its other press, sent in the same instant, may have used the code and taken the numbers meanwhile.
        if (first := _first_result(request)) is not None:
            return first
    show_doubts(form, form.doubts)
    return None


def _sign_up(form: Tab) -> User:
    data = form.cleaned_data
    return sign_up(
        form.statement, account=form.account, password=data["password"], terms=form.agreed, token=data["token"]
    )


def _done(request: HttpRequest, form: Tab, user: User) -> HttpResponse:
    show_doubts(form, form.doubts)
    for doubt in doubts_of(form):
        messages.warning(request, doubt)
    return to_success(request, user)


def _first_result(request: HttpRequest) -> HttpResponse | None:
    """The same form again: what it made the first time."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    first = SignUp.objects.with_token(token)
    if first is None:
        return None
    if request.POST.get("username", "").strip().lower() == first.user.username:
        return to_success(request, first.user)
    messages.info(request, _("This form was sent already and the account exists. Sign in with it."))
    return redirect("accounts:sign_in")
