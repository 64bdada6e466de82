"""信息维护 → 账号管理: the accounts of those who work for a unit. A person of another unit is nobody here (404)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms.account import RevealForm
from accounts.forms.member import MemberForm
from accounts.forms.unit_users import MemberFilterForm, ReasonForm
from accounts.models import AccountEvent, User
from accounts.presentation import event_lines, person_facts
from accounts.services.accounts import Taken
from accounts.services.closing import reasons_against_closing
from accounts.services.members import (
    FIELDS,
    MemberRefused,
    change_member,
    close_member,
    closed_by,
    look_at_member,
    reopen_member,
    send_member_link,
    was_closed_by,
)
from accounts.services.one_time_links import LinkRefused
from accounts.unit_people import Wanted, find_members, may_keep, members_of
from accounts.views.confirmation import Confirmation, confirm
from accounts.views.unit_users import link_maker
from workflow.keyset import PAGE_SIZE, Keyset, Slice, read_cursor, write_key
from workflow.masking import mask_number, mask_phone
from workflow.middleware import ActorRequest
from workflow.models import Organisation
from workflow.presentation.pages import POSITION
from workflow.sealing import sealed_address

MEMBERS = Keyset(("pk",), "n", descending=True)
EVENTS_SHOWN = 20


def _unit(request: ActorRequest) -> Organisation:
    if request.actor.organisation is None or not request.actor.is_unit:
        raise PermissionDenied(_("This page belongs to employers."))
    return request.actor.organisation


def _member(request: ActorRequest, pk: int, *, to_change: bool = True) -> User:
    user = get_object_or_404(members_of(_unit(request)), pk=pk)
    if to_change and not may_keep(request.actor):
        raise PermissionDenied(_("Only handlers and administrators of the employer may change this."))
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: ActorRequest) -> HttpResponse:
    unit = _unit(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    form = MemberFilterForm(request.GET or None)
    rows = find_members(unit, form.wanted)
    cursor = read_cursor(request.GET, MEMBERS.pattern)
    page = MEMBERS.slice(rows, cursor, PAGE_SIZE, read=lambda found: [(user.pk, user) for user in found])
    closed = [user for _pk, user in page.rows if not user.is_active]
    to_reopen = closed_by(closed, request.actor) if closed else set()
    lines = [
        {
            "user": user,
            "number": mask_number(user.person.number) if user.person else "",
            "phone": mask_phone(user.phone) if user.phone else "",
            "may_reopen": user.pk in to_reopen,
        }
        for _pk, user in page.rows
    ]
    context = {"form": form, "lines": lines, "pager": _pager(request, page), "is_filtered": form.wanted != Wanted()}
    context["may_change"] = may_keep(request.actor)
    return render(request, "accounts/members.html", context)


def _pager(request: ActorRequest, page: Slice) -> dict[str, str]:
    kept = request.GET.copy()
    for name in POSITION:
        kept.pop(name, None)

    def address(**position: str) -> str:
        query = kept.copy()
        query.update(position)
        return f"?{query.urlencode()}"

    return {
        "first": address() if page.has_previous else "",
        "previous": address(before=write_key(page.rows[0][:1])) if page.has_previous and page.rows else "",
        "next": address(after=write_key(page.rows[-1][:1])) if page.has_next else "",
        "last": address(last="1") if page.has_next else "",
        "text": "",
    }


def member(request: ActorRequest, pk: int) -> HttpResponse:
    """查看详情: numbers masked."""
    user = _member(request, pk, to_change=False)
    context = {
        "account": user,
        "sections": person_facts(user),
        "events": event_lines(AccountEvent.objects.of(user.pk)[:EVENTS_SHOWN]),
        "may_change": may_keep(request.actor),
        "may_reopen": not user.is_active and was_closed_by(user, request.actor),
    }
    return render(request, "accounts/member.html", context)


def member_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """【修改】."""
    user = _member(request, pk)
    assert user.person is not None
    form = MemberForm(request.POST or None, person=user.person)
    if request.method == "POST" and form.is_valid():
        try:
            change_member(user, form.facts, by=request.actor)
        except MemberRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. %s was told of it.") % form.facts.name)
            return redirect("accounts:member", pk)
    return render(request, "accounts/member_edit.html", {"form": form, "account": user})


def member_close(request: ActorRequest, pk: int) -> HttpResponse:
    """【注销】."""
    user = _member(request, pk)
    words = Confirmation(
        title=_("Close the account"),
        text=_(
            "The account signs in no more, and its phone and ID number may be registered again. What was filed stays. "
            "Drafts and returned cases stay as they are; nobody can submit them until the closure is cancelled."
        ),
        button=pgettext("account", "Close"),
        is_danger=True,
    )

    def act(reason: str) -> None:
        close_member(user, by=request.actor, reason=reason)

    barred = " ".join(reasons_against_closing(user)) if user.is_active else ""
    return _confirm(request, user, words, act, _("The account of %s is closed.") % user, barred=barred)


def member_reopen(request: ActorRequest, pk: int) -> HttpResponse:
    """【撤销注销】."""
    user = _member(request, pk)
    words = Confirmation(
        title=_("Cancel the closure"),
        text=_("The account signs in again with its old password, if nobody has registered its numbers meanwhile."),
        button=_("Cancel the closure"),
    )

    def act(reason: str) -> None:
        reopen_member(user, by=request.actor, reason=reason)

    return _confirm(request, user, words, act, _("The account of %s is open again.") % user)


def _confirm(
    request: ActorRequest, user: User, words: Confirmation, act: Callable[[str], None], done: str, *, barred: str = ""
) -> HttpResponse:
    back = reverse("accounts:member", args=[user.pk])
    if barred:
        return confirm(request, user, words, back=back, refused=barred, is_barred=True)
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return confirm(request, user, words, back=back, form=form)
    try:
        act(form.cleaned_data["reason"])
    except (MemberRefused, Taken) as refused:
        return confirm(request, user, words, back=back, form=form, refused=str(refused))
    messages.success(request, done)
    return redirect(back)


def member_password(request: ActorRequest, pk: int) -> HttpResponse:
    """【修改密码】: a link to the person's own phone."""
    user = _member(request, pk)
    back = reverse("accounts:member", args=[pk])
    words = Confirmation(
        title=_("Change the password"),
        text=_("A link goes to the person's own phone. Nobody else learns the password; until then the old one holds."),
        button=_("Send the link to the phone"),
    )
    if request.method == "POST":
        try:
            link = send_member_link(user, by=request.actor, link_of=link_maker(request))
        except (MemberRefused, LinkRefused) as refused:
            return confirm(request, user, words, back=back, refused=str(refused))
        messages.success(request, _("A link was sent to %s.") % link.target_masked)
        return redirect(back)
    return confirm(request, user, words, back=back)


@never_cache
def member_reveal(request: ActorRequest, pk: int, field: str) -> HttpResponse:
    """Ask for the reason; after the POST, show the number in full this once."""
    user = _member(request, pk)
    if field not in FIELDS:
        raise Http404
    form, value = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            value = look_at_member(user, field, by=request.actor, reason=form.cleaned_data["reason"])
        except MemberRefused as refused:
            raise Http404 from refused
    context = {"account": user, "form": form, "field": field, "value": value}
    return render(request, "accounts/member_reveal.html", context)
