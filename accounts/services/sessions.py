"""The open sign-ins of an account: see them, end one, end the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.browsers import browser_name, mask_network_address
from accounts.middleware import SEEN
from accounts.models import User
from workflow import clock
from workflow.timers import register_timer


@dataclass(frozen=True, slots=True)
class OpenSession:
    pk: int
    browser: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


def open_sessions(user: User, *, this: str | None) -> list[OpenSession]:
    """Newest first; ``this``: the key of the session that asks."""
    return sorted(_read(user, this), key=lambda session: session.seen, reverse=True)


def _read(user: User, this: str | None) -> Iterator[OpenSession]:
    engine = import_module(settings.SESSION_ENGINE)
    for row in UserSession.objects.purge_and_list(user):
        seen = engine.SessionStore(row.session_key).get(SEEN)
        yield OpenSession(
            row.pk,
            browser_name(row.user_agent),
            mask_network_address(row.ip),
            row.created_at,
            datetime.fromtimestamp(seen, tz=UTC) if seen else row.last_seen_at,
            row.session_key == this,
        )


def end_session(user: User, pk: int) -> bool:
    """False where it has ended already or is not this account's."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    return True


def end_other_sessions(user: User, *, this: str | None) -> int:
    """Answers how many ended; ``this`` None: all of them."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=this or ""))
    for row in rows:
        row.end()
    return len(rows)


def forget_expired_sessions() -> int:
    """What Django's clearsessions does."""
    return Session.objects.filter(expire_date__lt=clock.machine_now()).delete()[0]


register_timer(forget_expired_sessions, rest=timedelta(hours=3))
