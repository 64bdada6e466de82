"""The page that says 注册成功, and what comes next."""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User

DONE = "signed_up"
# The next person at a counter's computer does not read the name of the last one.
DONE_SECONDS = 600


def to_success(request: HttpRequest, user: User, *, in_system: bool = False) -> HttpResponse:
    """``in_system``: materials of an employer are still to be handed in, under 系统管理."""
    request.session[DONE] = {
        "kind": user.kind, "username": user.username, "in_system": in_system, "at": time.time(),
    }  # fmt: skip
    return redirect("accounts:registered")


@login_not_required
@never_cache
@require_GET
def registered(request: HttpRequest) -> HttpResponse:
    done = request.session.get(DONE)
    if done is None or time.time() - done["at"] > DONE_SECONDS:
        return redirect("accounts:register")
    return render(request, "accounts/registered.html", done)
