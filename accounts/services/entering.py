"""The one end of every way in: password, code by text message, identity service, one click of the demo."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import SignInOutcome, SignInWay
from accounts.models import SignIn, User
from accounts.my_data_pages import MY_DATA_PAGES
from accounts.passwords import must_change_password
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.services.admission import why_shut
from accounts.services.completion import owes_completion
from accounts.services.consents import must_agree
from accounts.services.kept_forms import settle
from accounts.services.known_browsers import know_browser
from accounts.targets import own_address
from workflow import clock
from workflow.visitors import address_of

# Keys of the session.
PENDING, PROVED, TARGET = "pending_sign_in", "second_factor", "sign_in_target"
PENDING_SECONDS = 600
INACTIVE = gettext_lazy(
    "This account is closed or stopped, or its registration has expired. Register again; "
    "if your employer has stopped it, ask its administrator."
)


class NotAdmitted(Exception):
    """The account may not come in; the message is for whoever stands at the door."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that must be done before anything else, and the pages on which it is done."""

    page: str
    is_due: Callable[[User], bool]
    pages: frozenset[str]


STEPS = (
    Step(
        "accounts:second_factor_set_up",
        needs_second_factor,
        frozenset({"accounts:second_factor_set_up", "accounts:passkey_add"}),
    ),
    Step("accounts:password", must_change_password, frozenset({"accounts:password"})),
    # Before anything is asked of a person: what the data are for. The texts can be read, and their rules.
    Step(
        "accounts:agreement",
        must_agree,
        MY_DATA_PAGES
        | {"accounts:agreement", "accounts:text", "accounts:text_version", "portal:privacy", "portal:terms"},
    ),
    # 信息完善: before a legal person does anything else. 实名制成功 is still read, and who the account is.
    Step(
        "accounts:unit_details",
        owes_completion,
        frozenset({"accounts:unit_details", "accounts:profile", "accounts:real_name_result", "portal:help"}),
    ),
)


def due_step(user: User) -> Step | None:
    return next((step for step in STEPS if step.is_due(user)), None)


def enter(request: HttpRequest, user: User, *, way: SignInWay, target: str = "") -> str:
    """Let in whoever proved to be ``user``; answers the address of the next page.

    An account with a second factor is not signed in yet: its page comes first. What is due after that (setting up a
    second factor, changing the password) is held by ``accounts.gate``. Raises NotAdmitted for a closed account.
    """
    if not user.is_active:
        note_sign_in(request, user, way=way, outcome=SignInOutcome.INACTIVE)
        raise NotAdmitted(str(INACTIVE))
    if shut := why_shut(user, way=way):
        note_sign_in(request, user, way=way, outcome=SignInOutcome.INACTIVE)
        raise NotAdmitted(shut)
    target = own_address(request, target)
    if SESSION_KEY in request.session:
        request.session.flush()
    if has_second_factor(user):
        return ask_second_factor(request, user, way=way, target=target)
    return _admit(request, user, way=way, target=target, proved=False)


def ask_second_factor(request: HttpRequest, user: User, *, way: str, target: str) -> str:
    """Keep who came in what is not a signed-in session; its key is a new one."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "way": str(way),
        "target": target,
        "at": time.time(),
        # A password changed meanwhile ends this too.
        "hash": user.get_session_auth_hash(),
    }
    return resolve_url("accounts:second_factor")


def pending_user(request: HttpRequest) -> User | None:
    """Who stands between the two factors; nobody after ten minutes, a change of password or a closure."""
    pending: dict[str, Any] | None = request.session.get(PENDING)
    if pending is None:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    is_fresh = time.time() - pending["at"] < PENDING_SECONDS
    if user is None or not is_fresh or pending["hash"] != user.get_session_auth_hash():
        del request.session[PENDING]
        return None
    return user


def prove(request: HttpRequest, user: User) -> str:
    """The second factor was right: sign in whom ``pending_user`` named; answers the address of the next page."""
    pending = request.session.pop(PENDING)
    return _admit(request, user, way=pending["way"], target=pending["target"], proved=True)


def _admit(request: HttpRequest, user: User, *, way: str, target: str, proved: bool) -> str:
    elsewhere = way != SignInWay.DEMO and bool(UserSession.objects.purge_and_list(user))
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    settle(request, user)
    request.session[PROVED], request.session[TARGET] = proved, target
    UserSession.objects.create_from_request(request)
    note_sign_in(request, user, way=way, outcome=SignInOutcome.ENTERED)
    know_browser(request, user)
    if elsewhere:
        messages.warning(
            request, _("This account is signed in at another place too. See “Account management” → “Security”.")
        )
    return next_address(request, user)


def next_address(request: HttpRequest, user: User) -> str:
    """The step that is due, else the page that was asked for before signing in, else where this account begins."""
    if (step := due_step(user)) is not None:
        return resolve_url(step.page)
    target = request.session.pop(TARGET, "")
    return (user.is_approved and target) or start_page(user)


def start_page(user: object) -> str:
    """Where somebody begins: status-only accounts at their registration."""
    is_approved = not isinstance(user, User) or user.is_approved
    return resolve_url(settings.LOGIN_REDIRECT_URL if is_approved else "accounts:registration")


def note_sign_in(
    request: HttpRequest, user: User | None, *, way: str, outcome: SignInOutcome, entry: str = ""
) -> SignIn:
    """``entry`` where it is not the account's own, or no account is known."""
    return SignIn.objects.create(
        user=user,
        entry=entry or (user.kind if user is not None else ""),
        way=way,
        outcome=outcome,
        address=address_of(request)[:45],
        agent=request.headers.get("User-Agent", "")[:200],
        at=clock.now(),
    )
