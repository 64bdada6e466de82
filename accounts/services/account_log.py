"""Who did what to whose account: written in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.enums import AccountDeed
from accounts.models import AccountEvent, User
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.bulk import insert_rows

COLUMNS = ("user", "deed", "by", "organisation", "note", "reason", "at")


def note_deed(user: User, deed: AccountDeed, *, by: Actor = SYSTEM, note: str = "", reason: str = "") -> AccountEvent:
    """``note``: what changed, in Chinese, numbers masked."""
    return AccountEvent.objects.create(
        user=user,
        deed=deed,
        by_id=by.user_id,
        organisation_id=by.organisation_id,
        note=note[:300],
        reason=reason[:200],
        at=clock.now(),
    )


def note_deeds(notes: Sequence[tuple[int, str]], deed: AccountDeed, *, by: Actor) -> None:
    """``notes``: (account, what changed); one statement for all of them."""
    now = clock.now()
    rows = [(user, str(deed), by.user_id, by.organisation_id, note[:300], "", now) for user, note in notes]
    if rows:
        insert_rows(AccountEvent, COLUMNS, rows)
