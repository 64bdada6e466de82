from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.counter_papers import ways_to_a_counter
from accounts.counters import city_of_all, open_counters, resets_by_text_message
from accounts.enums import UserKind
from accounts.forms.reset import ResetForm
from accounts.services.codes import CodeRefused, using
from accounts.services.recovery import reset_password
from accounts.views.codes import asks_for_code, visitor_of

SHOWN = 30


@login_not_required
@never_cache
@sensitive_post_parameters()
def password_reset(request: HttpRequest) -> HttpResponse:
    """【忘记密码】 by text message, where that is switched on, and the way to the counter.

    It signs nobody in: whoever has a second factor is asked for it at the sign-in that follows.
    """
    if not resets_by_text_message():
        return render(request, "accounts/password_reset.html", {"form": None, "ways": _ways()})
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in UserKind.values else UserKind.PERSON}
    form = ResetForm(request.POST or None, initial=initial, visitor=visitor_of(request))
    if request.method == "POST" and (button := asks_for_code(request)):
        form.send(button)
    elif request.method == "POST" and form.is_valid() and form.prove() and _reset(form):
        messages.success(request, _("The password was changed and all sign-ins of the account have ended. Sign in."))
        return redirect(f"accounts:sign_in_{form.cleaned_data['kind']}")
    return render(request, "accounts/password_reset.html", {"form": form, "ways": _ways()})


def _ways() -> dict[str, Any]:
    """What question 8 of the manual says, and where the counters are."""
    return {"lines": list(ways_to_a_counter(city_of_all())), "counters": list(open_counters()[:SHOWN])}


def _reset(form: ResetForm) -> bool:
    assert form.proof is not None
    assert form.user is not None
    try:
        with using(form.proof):
            reset_password(form.user, password=form.cleaned_data["password"])
    except CodeRefused as refusal:
        form.refuse(refusal)
        return False
    return True
