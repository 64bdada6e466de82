"""中国政务服务平台: out to the government's identity service and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import SignInWay, UserKind
from accounts.forms.security import ConfirmForm
from accounts.identity_claims import read_identity
from accounts.identity_service import (
    Answer,
    IdentityFailure,
    Unavailable,
    begin,
    finish,
    is_configured,
    judging,
    service_name,
)
from accounts.models import User
from accounts.services.entering import NotAdmitted, enter, note_sign_in
from accounts.services.identity_links import NotLinked, find_or_open, has_local_way, link_of, unlink
from accounts.views.owner_proof import for_the_owner, vouch
from workflow.middleware import ActorRequest
from workflow.presentation.times import minute_text

DOORS = ("", UserKind.PERSON, UserKind.UNIT)
# {name of a page on which something can be done: its button}
WAYS = {
    "accounts:sign_in_person": gettext_lazy("Sign in as an individual"),
    "accounts:sign_in_unit": gettext_lazy("Sign in as an employer"),
    "accounts:register_person": gettext_lazy("Register as an individual"),
    "accounts:register_unit": gettext_lazy("Register an employer"),
    # 自然人注册 and 法人注册.
    "accounts:register": gettext_lazy("Register"),
}
TARGET_MAX = 1000


@login_not_required
@require_POST
@never_cache
def identity_start(request: HttpRequest) -> HttpResponse:
    """A page that leads on at once: some browsers let no form be answered by a redirect to another site."""
    entry, target = request.POST.get("entry", ""), request.POST.get("next", "")[:TARGET_MAX]
    if not is_configured() or entry not in DOORS:
        raise Http404
    data = {"entry": entry, "target": target}
    try:
        address = begin(request, data=data, again=request.user.is_authenticated)
    except IdentityFailure as failure:
        return _refuse(request, str(failure), entry=entry, target=target, status=503)
    response = render(request, "accounts/identity_leaving.html", {"address": address, "service": service_name()})
    response.headers["Refresh"] = f"0; url={address}"
    return response


@login_not_required
@require_GET
@never_cache
def identity_return(request: HttpRequest) -> HttpResponse:
    if not is_configured():
        raise Http404
    try:
        answer = finish(request)
        return redirect(_enter(request, answer))
    except IdentityFailure as failure:
        return _refuse(request, str(failure), status=503 if isinstance(failure, Unavailable) else 403)
    except NotLinked as refusal:
        return _refuse(request, str(refusal), ways=refusal.ways)
    except NotAdmitted as refusal:
        return _refuse(request, str(refusal))


def _enter(request: HttpRequest, answer: Answer) -> str:
    entry = str(answer.data["entry"])
    with judging("facts"):
        identity = read_identity(answer.subject, answer.claims)
    try:
        user = find_or_open(identity, entry=entry)
    except NotLinked as refusal:
        note_sign_in(request, None, way=SignInWay.IDENTITY_SERVICE, outcome=refusal.outcome, entry=entry)
        raise
    address = enter(request, user, way=SignInWay.IDENTITY_SERVICE, target=str(answer.data["target"]))
    vouch(request, user)
    return address


def _refuse(
    request: HttpRequest,
    message: str,
    *,
    ways: Sequence[str] = (),
    entry: str = "",
    target: str = "",
    status: int = 403,
) -> HttpResponse:
    buttons = [{"page": page, "label": WAYS[page]} for page in ways]
    context = {"message": message, "ways": buttons, "entry": entry, "next": target, "service": service_name()}
    return render(request, "accounts/identity_refused.html", context, status=status)


@never_cache
@for_the_owner
def identity_unlink(request: ActorRequest) -> HttpResponse:
    """Only where the account can be entered without it; the password, if there is one, proves whose it is."""
    user = cast("User", request.user)
    link = link_of(user)
    if link is None:
        return redirect("accounts:account")
    form = ConfirmForm(request.POST or None, user=user)
    may = has_local_way(user)
    if request.method == "POST" and may and form.is_valid() and unlink(user):
        messages.success(request, _("The link was ended."))
        return redirect("accounts:account")
    context = {"form": form, "service": service_name(), "since": minute_text(link.date_joined), "may": may}
    return render(request, "accounts/identity_unlink.html", context)
