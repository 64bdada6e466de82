"""What every signed-in page shows of the account: unread messages, and no menu before the approval."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.middleware import idle_seconds
from accounts.models import Notification


def inbox(request: HttpRequest) -> dict[str, Any]:
    """``unread`` costs its one query only where a template prints it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    found: dict[str, Any] = {"idle_seconds": idle_seconds(user)}
    found |= {"unread": SimpleLazyObject(lambda: Notification.objects.station().of(user.pk).unread().count())}
    # Until the registration is approved the menu would only lead to refusals.
    return found if getattr(user, "is_approved", True) else found | {"rail": None}
