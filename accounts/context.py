"""The bell of the header: how many messages are unread."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Notification


def inbox(request: HttpRequest) -> dict[str, Any]:
    """``unread`` costs its one query only where a template prints it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread": SimpleLazyObject(lambda: Notification.objects.station().of(user.pk).unread().count())}
