"""What every page shows of the account: where it begins, unread messages, and no menu before the approval."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject

from accounts.enums import UserKind
from accounts.identity_service import is_configured, service_name
from accounts.middleware import idle_seconds
from accounts.models import Notification, StatedUnit
from accounts.services.entering import due_step, start_page


def inbox(request: HttpRequest) -> dict[str, Any]:
    """``unread`` came with the account; only for somebody who has just signed in it is counted."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"start": resolve_url(settings.LOGOUT_REDIRECT_URL), "identity_service": _identity_service()}
    unread = SimpleLazyObject(lambda: _unread(user))
    found: dict[str, Any] = {
        "start": start_page(user),
        "idle_seconds": idle_seconds(user),
        "unread": unread,
        "stated_unit": _stated_unit(request),
        "identity_service": _identity_service(),
    }
    # Until the registration is approved, or something else must be done first, the menu would only lead back.
    return found if getattr(user, "is_approved", True) and due_step(user) is None else found | {"rail": None}


def _identity_service() -> str:
    """Its name; empty where none is configured, and no button is shown."""
    return service_name() if is_configured() else ""


def _stated_unit(request: HttpRequest) -> str:
    """The employer that an account names which acts for none yet."""
    user: Any = request.user
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_person or getattr(user, "kind", "") != UserKind.UNIT:
        return ""
    return StatedUnit.objects.filter(user=user).values_list("name", flat=True).first() or ""


def _unread(user: Any) -> int:
    known: int | None = getattr(user, "unread", None)
    return known if known is not None else Notification.objects.station().of(user.pk).unread().count()
