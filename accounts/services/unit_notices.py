"""What people are told when their unit does something to their account. Nobody can switch these off."""

from __future__ import annotations

from pathlib import Path

from accounts.message_kinds import load_kinds
from accounts.models import User
from accounts.services.security_notices import tell_of_change

load_kinds(Path(__file__).parent.parent / "data" / "unit_messages.yaml")

USER_CHANGED, USER_STOPPED, USER_STARTED = "unit_user_changed", "unit_user_stopped", "unit_user_started"
MEMBER_CHANGED, MEMBER_CLOSED, MEMBER_REOPENED = "member_changed", "member_closed", "member_reopened"


def tell(user: User, kind: str, *, phone: str = "") -> None:
    tell_of_change(user, kind, phone=phone or user.phone)
