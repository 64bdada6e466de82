"""实名等级: the level of an account and the checks that made it move together, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import RealNameLevel, VerificationOutcome
from accounts.models import User, Verification
from workflow import clock
from workflow.bulk import KeyIn, insert_rows

# Who looked, where it was no verifier of ``accounts.verifiers``: the office or employer that approved a registration,
# the officer at a counter, and whoever changed a name or number.
REVIEW, COUNTER, CHANGE = "review", "counter", "change"
COLUMNS = ("user", "verifier", "outcome", "level", "reason", "officer", "at")


@transaction.atomic
def raise_level(
    users: Iterable[User | int],
    *,
    level: RealNameLevel,
    verifier: str,
    officer: User | int | None = None,
    reason: str = "",
) -> int:
    """Accounts below ``level`` reach it; three statements for any number. Answers how many were below."""
    below = _locked(users).filter(real_name_level__lt=level)
    return _move(below, level, verifier, VerificationOutcome.PASSED, officer, reason)


@transaction.atomic
def drop_level(users: Iterable[User | int], *, reason: str, officer: User | int | None = None) -> int:
    """Name or number changed: what was checked is no longer what the account says. Back to 初级 from above it.

    Three statements for any number. Answers how many had been checked.
    """
    above = _locked(users).filter(real_name_level__gt=RealNameLevel.BASIC)
    return _move(above, RealNameLevel.BASIC, CHANGE, VerificationOutcome.DROPPED, officer, reason)


def note_check(
    user: User, *, outcome: VerificationOutcome, verifier: str, reason: str, officer: User | None = None
) -> None:
    """A check that changed nothing: it did not agree, or could not be made."""
    Verification.objects.create(
        user=user,
        verifier=verifier,
        outcome=outcome,
        level=user.real_name_level,
        reason=reason[:200],
        officer=officer,
        at=clock.now(),
    )


def _locked(users: Iterable[User | int]) -> QuerySet[User]:
    keys = [_key(user) for user in users]
    return User.objects.select_for_update(of=("self",), no_key=True).filter(KeyIn("pk", keys)).order_by("pk")


def _move(
    accounts: QuerySet[User],
    level: RealNameLevel,
    verifier: str,
    outcome: VerificationOutcome,
    officer: User | int | None,
    reason: str,
) -> int:
    keys = list(accounts.values_list("pk", flat=True))
    if not keys:
        return 0
    User.objects.filter(KeyIn("pk", keys)).update(real_name_level=level)
    seen_by = _key(officer) if officer is not None else None
    row = (verifier, str(outcome), int(level), reason[:200], seen_by, clock.now())
    insert_rows(Verification, COLUMNS, [(key, *row) for key in keys])
    return len(keys)


def _key(user: User | int) -> int:
    return user if isinstance(user, int) else user.pk
