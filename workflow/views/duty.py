"""Choosing in which duty to act."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from workflow.middleware import DUTY_KEY, ActorRequest


@require_POST
def switch_duty(request: ActorRequest) -> HttpResponse:
    chosen = request.POST.get("duty", "")
    duty = next((duty for duty in request.duties if str(duty.pk) == chosen), None)
    if duty is None:
        raise PermissionDenied
    request.session[DUTY_KEY] = duty.pk
    return redirect(settings.LOGIN_REDIRECT_URL)
