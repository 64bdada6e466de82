"""系统管理 → 单位用户管理: for the administrators of a unit alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.forms.unit_users import UnitUserChangeForm, UnitUserForm
from accounts.models import User
from accounts.services.accounts import Taken
from accounts.services.one_time_links import LinkRefused
from accounts.services.told_numbers import counting_answers
from accounts.services.unit_users import (
    ManageRefused,
    change_unit_user,
    open_unit_user,
    own_roles,
    send_new_password,
    start_unit_user,
    stop_unit_user,
    was_used,
)
from accounts.services.unused_invitations import expired_of
from accounts.unit_people import number_of, roles_of, users_of
from accounts.views.confirmation import Confirmation, confirm
from accounts.views.register import add_errors
from workflow import clock
from workflow.enums import Role
from workflow.keyset import PAGE_SIZE, Keyset, read_cursor
from workflow.masking import mask_number, mask_phone
from workflow.middleware import ActorRequest
from workflow.models import Organisation
from workflow.presentation.pages import pager_of

USERS = Keyset(("pk",), "n")


def _unit(request: ActorRequest) -> Organisation:
    if not request.actor.manages or request.actor.organisation is None:
        raise PermissionDenied(_("This page belongs to the administrators of an employer."))
    return request.actor.organisation


def _user(request: ActorRequest, pk: int) -> User:
    return get_object_or_404(users_of(_unit(request)), pk=pk)


def link_maker(request: HttpRequest) -> Callable[[str], str]:
    """From a token to the address of the page that takes it."""
    return lambda token: request.build_absolute_uri(reverse("accounts:set_password", args=[token]))


def unit_users(request: ActorRequest) -> HttpResponse:
    unit = _unit(request)
    cursor = read_cursor(request.GET, USERS.pattern)
    page = USERS.slice(users_of(unit), cursor, PAGE_SIZE, read=lambda found: [(user.pk, user) for user in found])
    users = [user for _pk, user in page.rows]
    roles = roles_of(users, unit, clock.today())
    expired = expired_of(users)
    lines = [
        {
            "user": user,
            "phone": mask_phone(user.phone) if user.phone else "",
            "roles": _(", ").join(str(Role(role).label) for role in roles[user.pk]),
            "is_me": user.pk == request.user.pk,
            "is_new": not was_used(user),
            "is_expired": user.pk in expired,
        }
        for user in users
    ]
    context = {"lines": lines, "unit": unit, "pager": pager_of(request.GET, USERS, page)}
    return render(request, "accounts/unit_users.html", context)


def unit_user_add(request: ActorRequest) -> HttpResponse:
    """【新增】."""
    _unit(request)
    form = UnitUserForm(request.POST or None, initial={"roles": [Role.HANDLER]})
    if request.method == "POST" and form.is_valid():
        username, link_of = form.cleaned_data["username"], link_maker(request)
        act = lambda: open_unit_user(form.facts, username=username, by=request.actor, link_of=link_of)  # noqa: E731
        if (user := _try(request, form, act)) is not None:
            messages.success(
                request, _("The account of %s is open. A link to choose the password was sent to the phone.") % user
            )
            return redirect("accounts:unit_users")
    return render(request, "accounts/unit_user_form.html", {"form": form, "account": None})


def unit_user_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """【修改】."""
    user = _user(request, pk)
    roles = own_roles(user, _unit(request))
    initial = {"name": user.name, "phone": user.phone, "email": user.email, "roles": list(roles)}
    number = number_of(user)
    form = UnitUserChangeForm(request.POST or None, initial=initial, used=was_used(user), has_number=bool(number))
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and _try(request, form, lambda: change_unit_user(user, form.facts, by=request.actor)) is not None:
        messages.success(request, _("Saved. %s was told of it.") % user)
        return redirect("accounts:unit_users")
    context = {
        "form": form,
        "account": user,
        "number": mask_number(number) if number else "",
        "phone": mask_phone(user.phone) if user.phone and "phone" not in form.fields else "",
    }
    return render(request, "accounts/unit_user_form.html", context)


def _try(request: ActorRequest, form: forms.Form, act: Callable[[], User]) -> User | None:
    try:
        with counting_answers(cast(User, request.user).pk):
            return act()
    except Taken as taken:
        add_errors(form, taken)
    except (ManageRefused, LinkRefused) as refused:
        form.add_error(None, str(refused))
    return None


def unit_user_reset(request: ActorRequest, pk: int) -> HttpResponse:
    """【重置密码】: a link to the colleague's own phone; the administrator never knows a password."""
    user = _user(request, pk)
    words = Confirmation(
        title=_("Reset the password"),
        text=_("A link goes to the phone of the account. Until it is used, the old password holds."),
        button=_("Send the link to the phone"),
    )

    def act() -> None:
        send_new_password(user, by=request.actor, link_of=link_maker(request))

    return _confirm(request, user, words, act, _("A link to a new password was sent to the phone of %s.") % user)


def unit_user_stop(request: ActorRequest, pk: int) -> HttpResponse:
    """【停用】."""
    user = _user(request, pk)
    words = Confirmation(
        title=_("Stop the account"),
        text=_(
            "The account signs in no more and all its sign-ins end at once. Its phone and ID number may be registered "
            "by others until it is started again."
        ),
        button=_("Stop"),
        is_danger=True,
    )
    return _confirm(
        request, user, words, lambda: stop_unit_user(user, by=request.actor), _("The account of %s is stopped.") % user
    )


def unit_user_start(request: ActorRequest, pk: int) -> HttpResponse:
    """【启用】."""
    user = _user(request, pk)
    words = Confirmation(
        title=_("Start the account again"),
        text=_("The account signs in with its old password and has the roles that it had."),
        button=_("Start"),
    )
    return _confirm(
        request, user, words, lambda: start_unit_user(user, by=request.actor), _("The account of %s is active.") % user
    )


def _confirm(
    request: ActorRequest, user: User, words: Confirmation, act: Callable[[], object], done: str
) -> HttpResponse:
    back = reverse("accounts:unit_users")
    if request.method == "POST":
        try:
            act()
        except (ManageRefused, LinkRefused, Taken) as refused:
            return confirm(request, user, words, back=back, refused=str(refused))
        messages.success(request, done)
        return redirect(back)
    return confirm(request, user, words, back=back)
