from __future__ import annotations

from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.enums import UserKind
from accounts.models import User
from workflow.items import item_named
from workflow.middleware import ActorRequest


@require_GET
def item(request: ActorRequest, key: str) -> HttpResponse:
    """An item of 单位办事 or 个人办事: whoever is not signed in signs in first, and goes on with what was asked."""
    found = item_named(key)
    if found is None:
        raise Http404
    if not found.is_public and getattr(request.user, "kind", "") != found.audience:
        return render(request, "accounts/wrong_account.html", {"item": found}, status=403)
    if not found.is_public and _is_nobody_yet(request):
        return render(request, "accounts/not_verified.html", {"item": found}, status=403)
    asked = request.GET.urlencode()
    return redirect(f"{found.url}?{asked}" if asked else found.url)


def _is_nobody_yet(request: ActorRequest) -> bool:
    """Registered, and no verifier has agreed: behind the account stands neither a person nor an employer."""
    user = cast("User", request.user)
    return user.person_id is None if user.kind == UserKind.PERSON else not request.actor.is_unit
