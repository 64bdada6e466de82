"""What is done at a counter, written down in the transaction of the deed."""

from __future__ import annotations

from accounts.enums import CounterDeed
from accounts.models import CounterEvent, CounterOpening, CounterReset, User
from workflow import clock
from workflow.actors import Actor
from workflow.models import Organisation


class CounterRefused(Exception):
    """The message is for the officer at the counter."""


def note_deed(
    actor: Actor,
    deed: CounterDeed,
    *,
    user: User | None = None,
    opening: CounterOpening | None = None,
    reset: CounterReset | None = None,
    counter: Organisation | None = None,
) -> CounterEvent:
    """``counter`` where the system acts, which has none of its own."""
    subject = opening or reset
    place = counter or actor.organisation
    assert place is not None
    return CounterEvent.objects.create(
        counter=place,
        officer_id=actor.user_id,
        deed=deed,
        user_id=user.pk if user is not None else subject.user_id if subject is not None else None,
        opening=opening,
        reset=reset,
        at=clock.machine_now(),
    )
