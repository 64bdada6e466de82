from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.chosen import chosen_item
from accounts.enums import SignInOutcome, SignInWay, UserKind
from accounts.forms.sign_in_sms import SmsSignInForm
from accounts.services.codes import CodeRefused, using
from accounts.services.entering import NotAdmitted, enter, note_sign_in
from accounts.views.codes import asks_for_code, visitor_of


@login_not_required
@never_cache
@sensitive_post_parameters("code", "phone")
def sign_in_sms(request: HttpRequest, entry: str) -> HttpResponse:
    """短信登录 at one of the three entries."""
    if entry not in UserKind.values:
        raise Http404
    target = request.POST.get("next") or request.GET.get("next", "")
    form = SmsSignInForm(request.POST or None, visitor=visitor_of(request), entry=UserKind(entry))
    if request.method == "POST" and (button := asks_for_code(request)):
        form.send(button)
    elif request.method == "POST" and form.is_valid() and (address := _enter(request, form, target)):
        return redirect(address)
    context = {"form": form, "entry": entry, "next": target, "item": chosen_item(target), "action": request.path}
    return render(request, "accounts/sign_in_sms.html", context)


def _enter(request: HttpRequest, form: SmsSignInForm, target: str) -> str:
    """Where to go on; empty where the code was not good for it."""
    if form.prove() and form.proof is not None and form.user is not None:
        try:
            with using(form.proof):
                return _admit(request, form, target)
        except CodeRefused as refusal:
            form.refuse(refusal)
    if form.was_sent:
        # Whoever was sent nothing tried nothing: a stranger does not fill the log of whose number it is.
        outcome = SignInOutcome.WRONG_ENTRY if form.has_error("__all__", "wrong_entry") else SignInOutcome.WRONG
        note_sign_in(request, form.user, way=SignInWay.CODE, outcome=outcome, entry=form.entry)
    return ""


def _admit(request: HttpRequest, form: SmsSignInForm, target: str) -> str:
    """The code is used up and the try is written, once, where the account may not come in too."""
    assert form.user is not None
    try:
        return enter(request, form.user, way=SignInWay.CODE, target=target)
    except NotAdmitted as refusal:
        form.add_error(None, str(refusal))
        return ""
