"""Two locks on every page: sessions end when nobody uses them, and status-only accounts see their status."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.enums import UserKind
from accounts.models.registration import registrations_of
from accounts.my_data_pages import MY_DATA_PAGES
from accounts.returning import to_sign_in
from accounts.services.kept_forms import KEY, WAS, keep_form
from accounts.validity import ended_text, has_ended
from workflow.presentation.drafting import returned_opinion

Respond = Callable[[HttpRequest], HttpResponse]

SEEN, SINCE = "seen", "since"
SINCE = "since"
# The session is written at most this often.
TOUCH_SECONDS = 30
# Fragments that ask for themselves: they must not keep a session alive.
POLLED = frozenset({"workflow:job_progress"})
# What a page does by itself when nobody uses it.
UNUSED = frozenset({"accounts:keep_form"})
# What an account may use before its registration is approved, beside the public pages.
STATUS_ONLY = MY_DATA_PAGES | frozenset(
    {
        "accounts:registration",
        "accounts:registration_edit",
        "accounts:registration_submit",
        "accounts:registration_withdraw",
        "accounts:system",
        "accounts:account",
        "accounts:agreement",
        "accounts:phone",
        "accounts:message_settings",
        "accounts:email_link",
        "accounts:password",
        "accounts:security",
        "accounts:second_factor_set_up",
        "accounts:second_factor_remove",
        "accounts:passkey_add",
        "accounts:recovery_codes",
        "accounts:session_end",
        "accounts:sessions_end",
        "accounts:messages",
        "accounts:messages_read",
        "accounts:sign_out",
        "accounts:keep_alive",
        "accounts:keep_form",
        "workflow:materials",
        "workflow:material_add",
        "workflow:material_remove",
        "workflow:material_preview",
        "workflow:material_page",
        "workflow:material_download",
    }
)


def is_public(view: Callable[..., Any]) -> bool:
    return not getattr(view, "login_required", True)


class IdleMiddleware:
    """Wall-clock time, never the demo clock: a moved business date must not sign anybody out."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return None
        now, seen = time.time(), request.session.get(SEEN)
        if seen is not None and now - seen > idle_seconds(request.user):
            idle = _("You were signed out because the page was not used for a while. Sign in again.")
            return self._end(request, view, idle)
        if has_ended(request.user):
            return self._end(request, view, ended_text(request.user))
        # The session's own age begins anew with every request that is noted; this one does not.
        if now - request.session.get(SINCE, now) > settings.SESSION_COOKIE_AGE:
            return self._end(request, view, _("A sign-in is good for 8 hours. Sign in again."))
        if SINCE not in request.session:
            request.session[SINCE] = now
        is_poll = request.headers.get("HX-Request") == "true" and view_name(request) in POLLED
        is_poll = is_poll or view_name(request) in UNUSED
        if seen is None or (now - seen > TOUCH_SECONDS and not is_poll):
            request.session[SEEN] = now
        return None

    def _end(self, request: HttpRequest, view: Callable[..., Any], why: str) -> HttpResponse | None:
        owner, kept = request.user.pk, request.session.get(KEY)
        logout(request)
        # What was typed outlives the sign-in of whoever typed it.
        request.session[WAS] = owner
        if kept is not None:
            request.session[KEY] = kept
        if request.method == "POST" and not is_public(view):
            keep_form(request, owner=owner)
        messages.warning(request, why)
        return None if is_public(view) else to_sign_in(request)


def idle_seconds(user: object) -> int:
    is_officer = getattr(user, "kind", "") == UserKind.OFFICER or getattr(user, "is_staff", False)
    minutes: int = settings.IDLE_MINUTES_OFFICERS if is_officer else settings.IDLE_MINUTES
    return 60 * minutes


def view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match is not None else ""


class ApprovalMiddleware:
    """Until a registration is approved, every business address answers 403 and says where to look."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if is_public(view) or not request.user.is_authenticated or getattr(request.user, "is_approved", True):
            return None
        if view_name(request) in STATUS_ONLY:
            return None
        case = registrations_of(request.user.pk).first()
        is_unit = getattr(request.user, "kind", "") == UserKind.UNIT
        context = {
            "is_open": case is not None and case.is_editable,
            "opinion": returned_opinion(case) if case is not None else "",
            "is_unit": is_unit,
        }
        return render(request, "accounts/not_approved.html", context, status=403)
