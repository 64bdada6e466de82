"""Accounts that a unit opened for a colleague who never came: stopped after a time, and their numbers are free."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import AccountDeed
from accounts.models import AccountEvent, User
from accounts.services.account_log import note_deed
from accounts.services.closing import keeps_users_alone, shut
from workflow.actors import Actor
from workflow.bulk import KeyIn

AT_ONCE = 100
# Each of them has made the link good anew, or may have.
RENEWING = (AccountDeed.OPENED, AccountDeed.LINK, AccountDeed.STARTED)
STOPPING = (AccountDeed.STOPPED, AccountDeed.STARTED)


def stop_unused(moment: datetime) -> int:
    """Where no link sent since ``moment`` was used either; answers how many.

    As if the unit had stopped them: it starts them again as long as nobody else has the numbers.
    """
    return sum(_stop(key, moment) for key in _unused(moment).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def expired_of(users: Collection[User]) -> set[int]:
    """Of these accounts, those that ``stop_unused`` has stopped; no statement where none is stopped."""
    stopped = [user.pk for user in users if not user.is_active]
    if not stopped:
        return set()
    deeds = AccountEvent.objects.filter(KeyIn("user", stopped), deed__in=STOPPING).order_by("id")
    last = dict(deeds.values_list("user", "by"))
    return {user for user, by in last.items() if by is None}


def _unused(moment: datetime) -> QuerySet[User]:
    renewed = AccountEvent.objects.filter(user=OuterRef("pk"), deed__in=RENEWING, at__gte=moment)
    never_there = User.objects.filter(password_changed_at=None, last_login=None, password__startswith="!")  # noqa: S106
    return never_there.filter(~Exists(renewed), is_active=True, unit_user__opened_at__lt=moment)


@transaction.atomic
def _stop(key: int, moment: datetime) -> int:
    skip = connection.features.has_select_for_update_skip_locked
    locked = User.objects.select_for_update(of=("self",), skip_locked=skip).filter(pk=key).first()
    if locked is None or not _unused(moment).filter(pk=key).exists() or keeps_users_alone(locked):
        return 0
    shut(locked)
    unit = Actor(user=None, organisation=locked.unit_user.organisation)
    note_deed(locked, AccountDeed.STOPPED, by=unit, note="邀请链接逾期未使用，系统自动停用")
    return 1
