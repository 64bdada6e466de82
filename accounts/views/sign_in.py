from __future__ import annotations

import time

from captcha import views as captcha_views
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.chosen import chosen_item
from accounts.enums import SignInWay, UserKind
from accounts.forms.sign_in import SignInForm
from accounts.middleware import SEEN
from accounts.services.entering import enter, start_page

# The pictures are for whoever signs in or registers.
for _view in (captcha_views.captcha_image, captcha_views.captcha_refresh, captcha_views.captcha_audio):
    login_not_required(_view)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Which entry? 单位登录, 个人登录 or 工作人员登录; a chosen item and the box of the hall know it."""
    if request.user.is_authenticated:
        return redirect(start_page(request.user))
    if request.POST.get("entry") in UserKind.values:
        return _enter(request, UserKind(request.POST["entry"]), may_lack_picture=True)
    target = request.GET.get("next", "")
    if (item := chosen_item(target)) is not None:
        return redirect_to_login(target, reverse(f"accounts:sign_in_{item.audience}"))
    return render(request, "accounts/sign_in.html", {"next": target})


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in_unit(request: HttpRequest) -> HttpResponse:
    return _enter(request, UserKind.UNIT)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in_person(request: HttpRequest) -> HttpResponse:
    return _enter(request, UserKind.PERSON)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in_officer(request: HttpRequest) -> HttpResponse:
    return _enter(request, UserKind.OFFICER)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_GET
def keep_alive(request: HttpRequest) -> HttpResponse:
    """【继续使用】 of the warning before a session ends."""
    request.session[SEEN] = time.time()
    return HttpResponse(status=204)


def _enter(request: HttpRequest, entry: UserKind, *, may_lack_picture: bool = False) -> HttpResponse:
    """``may_lack_picture``: the box of the hall has none without scripts; then the next page asks for it alone."""
    target = request.POST.get("next") or request.GET.get("next", "")
    form = SignInForm(request.POST or None, request=request, entry=entry)
    lacks_picture = may_lack_picture and "captcha_0" not in request.POST
    if lacks_picture:
        form.ask_for_picture()
    elif request.method == "POST" and form.is_valid() and form.user is not None:
        return redirect(enter(request, form.user, way=SignInWay.PASSWORD, target=target))
    context = {
        "form": form,
        "entry": entry,
        "next": target,
        "lacks_picture": lacks_picture,
        "item": chosen_item(target),
        "action": reverse(f"accounts:sign_in_{entry}"),
    }
    return render(request, "accounts/sign_in_form.html", context)
