"""The security administrator's side of 更正 and 删除: what waits, until when, and the answer with its reason."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.data_sections import data_section
from accounts.forms.my_data import AnswerForm
from accounts.models import DataRequest, User
from accounts.services.data_requests import answer
from accounts.services.erasing import kept_of, open_cases
from workflow import clock
from workflow.keyset import PAGE_SIZE, Keyset, read_cursor
from workflow.middleware import ActorRequest
from workflow.presentation.pages import pager_of
from workflow.presentation.times import day_text, minute_text
from workflow.services import Refused

ANSWERED_SHOWN = 50
# Each has the same time: what was asked first is due first.
WAITING = Keyset(("pk",), "n")


def _officer(request: ActorRequest) -> User:
    user = cast("User", request.user)
    if not user.has_perm("accounts.change_datarequest"):
        raise PermissionDenied(_("Requests about personal data are answered by the security administrator."))
    return user


def _line(row: DataRequest) -> dict[str, object]:
    section = data_section(row.subject)
    return {
        "row": row,
        "about": section.title if section is not None else "",
        "asked": minute_text(row.asked_at),
        "due": day_text(row.due_on),
        "is_late": row.is_waiting and row.due_on < clock.today(),
        "answered": minute_text(row.decided_at),
    }


@require_GET
def data_requests(request: ActorRequest) -> HttpResponse:
    _officer(request)
    cursor = read_cursor(request.GET, WAITING.pattern)
    page = WAITING.slice(DataRequest.objects.waiting(), cursor, PAGE_SIZE, read=lambda rows: [(r.pk, r) for r in rows])
    waiting = [_line(row) for _pk, row in page.rows]
    answered = [_line(row) for row in DataRequest.objects.answered()[:ANSWERED_SHOWN]]
    context = {"waiting": waiting, "answered": answered, "pager": pager_of(request.GET, WAITING, page)}
    return render(request, "accounts/data_requests.html", context)


@never_cache
def data_request(request: ActorRequest, pk: int) -> HttpResponse:
    """What would be erased and what must stay stands beside the answer."""
    officer = _officer(request)
    found = get_object_or_404(DataRequest.objects.select_related("user", "decided_by", "erasure"), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer(found, by=officer, granted=form.cleaned_data["granted"], words=form.cleaned_data["words"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The request was answered."))
        return redirect("accounts:data_request", pk)
    is_deletion = found.kind == DataRequest.Kind.DELETION
    context = {
        "line": _line(found),
        "form": form if found.is_waiting and found.user_id != officer.pk else None,
        "kept": kept_of(found.user) if is_deletion and found.is_waiting else [],
        "hindrances": list(open_cases(found.user)) if is_deletion and found.is_waiting else [],
        "erasure": getattr(found, "erasure", None),
    }
    return render(request, "accounts/data_request.html", context)
