from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from workflow.items import item_named


@require_GET
def item(request: HttpRequest, key: str) -> HttpResponse:
    """An item of 单位办事 or 个人办事: whoever is not signed in signs in first, and goes on with what was asked."""
    found = item_named(key)
    if found is None:
        raise Http404
    if not found.is_public and getattr(request.user, "kind", "") != found.audience:
        return render(request, "accounts/wrong_account.html", {"item": found}, status=403)
    asked = request.GET.urlencode()
    return redirect(f"{found.url}?{asked}" if asked else found.url)
