from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms.phone import PhoneByIdentityForm, PhoneByOldForm
from accounts.models import User
from accounts.services import Taken
from accounts.services.codes import CodeRefused, using
from accounts.services.phones import change_phone, has_number
from accounts.services.sessions import end_other_sessions
from accounts.views.codes import asks_for_code, visitor_of
from accounts.views.register import add_errors
from workflow.middleware import ActorRequest


@never_cache
@sensitive_post_parameters()
def phone(request: ActorRequest) -> HttpResponse:
    """更换手机号码: by a code to the old phone, or ``?proof=identity`` where that is lost."""
    user = cast("User", request.user)
    is_lost = request.GET.get("proof") == "identity" and has_number(user)
    kind = PhoneByIdentityForm if is_lost or not user.phone else PhoneByOldForm
    form = kind(request.POST or None, user=user, visitor=visitor_of(request))
    if request.method == "POST" and (button := asks_for_code(request)):
        form.send(button)
    elif request.method == "POST" and form.is_valid() and form.prove() and (changed := _change(form)):
        end_other_sessions(changed, this=request.session.session_key)
        messages.success(request, _("The mobile number was changed. Other sign-ins of this account have ended."))
        return redirect("accounts:account")
    context = {"form": form, "is_lost": is_lost, "may_be_lost": bool(user.phone) and has_number(user)}
    return render(request, "accounts/phone.html", context)


def _change(form: PhoneByIdentityForm | PhoneByOldForm) -> User | None:
    assert form.proof is not None
    try:
        with using(form.proof, form.old_proof):
            return change_phone(form.user, form.cleaned_data["phone"])
    except Taken as taken:
        form.count()
        add_errors(form, taken)
    except CodeRefused as refusal:
        form.refuse(refusal)
    return None
