from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import AccountEvent
from accounts.presentation import event_lines
from workflow.middleware import ActorRequest

EVENTS_PER_PAGE = 20
# Of a key that a database can hold.
MOST_DIGITS = 18


def account_log(request: ActorRequest) -> HttpResponse:
    """What others did to one's own account, newest first."""
    before = request.GET.get("before", "")
    key = int(before) if before.isdecimal() and len(before) <= MOST_DIGITS else None
    found = AccountEvent.objects.of(request.user.pk).before(key)
    rows = list(found[: EVENTS_PER_PAGE + 1])
    shown = rows[:EVENTS_PER_PAGE]
    pager = {
        "first": request.path,
        "previous": request.path if before else "",
        "next": f"{request.path}?before={shown[-1].pk}" if len(rows) > EVENTS_PER_PAGE else "",
        "last": "",
        "text": "",
    }
    return render(request, "accounts/account_log.html", {"events": event_lines(shown), "pager": pager})
