from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.forms.account import AccountForm, PasswordForm, RevealForm
from accounts.grants import granted_items
from accounts.models import Notification
from accounts.passwords import must_change_password, policy_text
from accounts.services import reveal, update_account
from accounts.services.entering import next_address
from accounts.services.identity_links import has_local_way, link_of
from accounts.services.recovery import renew_password
from accounts.services.sensitive import FIELDS, may_reveal
from accounts.views.first_password import first_password, may_set_first_password
from workflow import clock
from workflow.masking import mask_phone
from workflow.middleware import ActorRequest
from workflow.models import Case
from workflow.presentation.times import minute_text

if TYPE_CHECKING:
    from accounts.models import User

MESSAGES_PER_PAGE = 20


def account(request: ActorRequest) -> HttpResponse:
    """【账号管理】."""
    user = cast("User", request.user)
    form = AccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        update_account(user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:account")
    link = link_of(user)
    context = {
        "form": form,
        "policy": policy_text(),
        "granted": granted_items(user) if user.is_limited else [],
        "phone": mask_phone(user.phone),
        "linked_since": minute_text(link.date_joined) if link is not None else "",
        "may_unlink": link is not None and has_local_way(user),
        "has_password": not may_set_first_password(user),
    }
    return render(request, "accounts/account.html", context)


@never_cache
@sensitive_post_parameters()
def password(request: ActorRequest) -> HttpResponse:
    user = cast("User", request.user)
    if may_set_first_password(user):
        return first_password(request, user)
    form, forced = PasswordForm(request.POST or None, user=user), must_change_password(user)
    if request.method == "POST" and form.is_valid():
        changed = renew_password(user, password=form.cleaned_data["password"])
        # This session stays; every other one of the account ends.
        update_session_auth_hash(request, changed)
        UserSession.objects.create_from_request(request)
        messages.success(request, _("The password was changed. Other sign-ins of this account have ended."))
        return redirect(next_address(request, changed) if forced else "accounts:account")
    return render(request, "accounts/password.html", {"form": form, "forced": forced})


def message_list(request: ActorRequest) -> HttpResponse:
    """Station messages, newest first, by keyset pages."""
    before = request.GET.get("before", "")
    found = Notification.objects.station().of(request.user.pk).before(int(before) if before.isdecimal() else None)
    rows = list(found.select_related("case")[: MESSAGES_PER_PAGE + 1])
    shown = rows[:MESSAGES_PER_PAGE]
    pager = {
        "first": request.path,
        "previous": request.path if before else "",
        "next": f"{request.path}?before={shown[-1].pk}" if len(rows) > MESSAGES_PER_PAGE else "",
        "text": "",
    }
    lines = [{"row": row, "when": minute_text(row.created_at)} for row in shown]
    return render(request, "accounts/messages.html", {"lines": lines, "pager": pager})


@require_POST
def messages_read(request: ActorRequest) -> HttpResponse:
    Notification.objects.station().of(request.user.pk).mark_read(clock.now())
    return redirect("accounts:messages")


@never_cache
def reveal_number(request: ActorRequest, pk: int, field: str) -> HttpResponse:
    """Ask for the reason; after the POST, show the number in full this once."""
    case = get_object_or_404(Case.objects.visible_to(request.actor).select_related("applicant"), pk=pk)
    if field not in FIELDS or not FIELDS[field].is_given(case):
        raise Http404
    if not may_reveal(case, request.actor):
        raise PermissionDenied(_("Only the applicant and the office that decides now may see the full number."))
    form = RevealForm(request.POST or None)
    value = ""
    if request.method == "POST" and form.is_valid():
        value = reveal(case, field, request.actor, reason=form.cleaned_data["reason"])
    context = {"case": case, "form": form, "title": FIELDS[field].link, "value": value}
    return render(request, "accounts/reveal.html", context)
