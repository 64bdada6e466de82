"""Numbers and credit codes of sign-ups that nobody verified in time are free again; the accounts stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Identifier, StatedPerson, StatedUnit, User
from accounts.services.stated_claims import STATED_KINDS, merely_stating
from workflow import clock
from workflow.bulk import KeyIn
from workflow.models import OutboxMessage
from workflow.worker_wake import wake_workers

CHUNK = 500
CLAIM_EXPIRED = "accounts.claim_expired"


def release_unverified(moment: datetime) -> int:
    """Of accounts that have stated nothing since ``moment``; answers how many. What they stated stays with them."""
    return sum(_release(keys, moment) for keys in _chunks(moment))


def _chunks(moment: datetime) -> Iterator[list[int]]:
    after = 0
    while keys := list(_stale(moment).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        after = keys[-1]
        yield keys


def _stale(moment: datetime) -> QuerySet[User]:
    since = {"user": OuterRef("pk"), "stated_at__gte": moment}
    return merely_stating().filter(
        Exists(_claims().filter(user=OuterRef("pk"))),
        ~Exists(StatedPerson.objects.filter(**since)),
        ~Exists(StatedUnit.objects.filter(**since)),
        date_joined__lt=moment,
    )


def _claims() -> QuerySet[Identifier]:
    return Identifier.objects.filter(kind__in=STATED_KINDS)


@transaction.atomic
def _release(keys: Collection[int], moment: datetime) -> int:
    """Six statements for any number. Whoever is locked states something or is being verified: another time."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = User.objects.select_for_update(of=("self",), no_key=True, skip_locked=skip).filter(KeyIn("pk", list(keys)))
    locked = list(rows.order_by("pk").values_list("pk", flat=True))
    # Read anew under the locks.
    stale = _stale(moment).filter(KeyIn("pk", locked))
    users = dict(stale.order_by("pk").values_list("pk", "is_active"))
    _claims().filter(KeyIn("user", list(users))).delete()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind=CLAIM_EXPIRED, recipient_id=key, created_at=clock.now())
        for key, is_active in users.items()
        if is_active
    )
    transaction.on_commit(wake_workers)
    return len(users)
