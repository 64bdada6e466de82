"""Pages above all services: the hall, the home page, the demo's clock, sign-in and inbox."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.enums import RealNameLevel, SignInWay, UserKind
from accounts.models import User
from accounts.services.entering import enter
from portal.demo import inbox, people
from portal.forms import ClockForm
from portal.hall import categories, item_lists, offices
from portal.home import desks_of, own_cases
from workflow import clock
from workflow.context import open_seats
from workflow.middleware import ActorRequest
from workflow.models import PublicNotice
from workflow.navigation import home_todos
from workflow.worker_wake import wake_workers


@login_not_required
def hall(request: HttpRequest) -> HttpResponse:
    """网上办事: the lists of items, and at the upper left the box to sign in."""
    category, office = request.GET.get("category", ""), request.GET.get("office", "")
    context = {
        "notices": PublicNotice.objects.published()[:5],
        "lists": item_lists(category=category, office=office, kind=getattr(request.user, "kind", "")),
        "categories": categories(category),
        "offices": offices(office),
    }
    return render(request, "portal/hall.html", context)


def home(request: ActorRequest) -> HttpResponse:
    user = cast("User", request.user)
    if request.actor.is_person and user.kind == UserKind.OFFICER:
        return render(request, "portal/home_officer.html")
    if request.actor.is_person and user.person_id is None:
        # Registered by 自然人注册 or 法人注册, and no verifier has agreed yet; or an employer's account without a duty.
        return render(request, "portal/home_new.html", {"is_checked": user.real_name_level >= RealNameLevel.MIDDLE})
    if request.actor.is_person:
        context = {"cases": own_cases(request.actor), "todos": home_todos(request.actor)}
        return render(request, "portal/home_person.html", context)
    desks = desks_of(open_seats(request.actor, request.seats), request.waiting)
    return render(request, "portal/home_office.html", {"desks": desks, "todos": home_todos(request.actor)})


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@login_not_required
def help_centre(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404


def _back(request: HttpRequest, fallback: str) -> HttpResponse:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    # What does not begin with a slash would be taken for the name of a view.
    if is_ours and target.startswith("/"):
        return redirect(target)
    return redirect(fallback)


@require_POST
def move_clock(request: ActorRequest) -> HttpResponse:
    """Let the business date run ahead, and do what has become due."""
    _demo_only()
    form = ClockForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The business date was not moved: choose 1 to 60 days."))
        return _back(request, "portal:home")
    clock.move_ahead(form.days_from(clock.today()))
    wake_workers()
    messages.success(request, _("The business date is now %(day)s.") % {"day": clock.today().isoformat()})
    return _back(request, "portal:home")


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """One click, demo mode only, and only for the people that the demo data made."""
    _demo_only()
    if username not in people.USERNAMES:
        raise Http404
    user = get_object_or_404(User, username=username)
    return redirect(enter(request, user, way=SignInWay.DEMO))


@login_not_required
def demo_inbox(request: HttpRequest) -> HttpResponse:
    """What would have gone out by SMS, newest first."""
    _demo_only()
    context: dict[str, Any] = {"messages_sent": inbox.latest()}
    return render(request, "portal/demo_inbox.html", context)
