"""核验: anybody may ask what a card in front of them is worth."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from talent.card_verdicts import judge, what_is_told
from workflow.visitors import comes_too_often

# Per address of the visitor: a gate with many guests scans as often as this, and a guess is hopeless anyway.
TRIES = 60
PERIOD = 600
TOO_MANY = 429


@login_not_required
@never_cache
@require_GET
def card_verify(request: HttpRequest, code: str) -> HttpResponse:
    if comes_too_often(request, "card", tries=TRIES, seconds=PERIOD):
        return render(request, "429.html", status=TOO_MANY)
    return render(request, "talent/card_verify.html", {"verdict": judge(code)})


@login_not_required
@require_GET
def card_verify_start(request: HttpRequest) -> HttpResponse:
    """How to verify a card; or with ``code``, what a scanner has read of it."""
    code = "".join(request.GET.get("code", "").split()).rstrip("/").rpartition("/")[2]
    if code:
        return redirect("talent:card_verify", code)
    return render(request, "talent/card_verify_start.html", {"told": what_is_told()})
