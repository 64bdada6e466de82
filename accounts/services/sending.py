"""Handing queued messages to SMS provider and mail server: claimed, sent, marked; at least once, counted once."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection, models
from django.db.models import F

from accounts.enums import SendState
from accounts.models import Sending
from accounts.sms import Taken, TryLater
from workflow import clock

logger = logging.getLogger(__name__)

S = TypeVar("S", bound=Sending)

CLAIMED_AT_ONCE = 20
# A claim runs out after this time: the worker that made it is dead.
LEASE = timedelta(minutes=10)
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
# After about two hours the message has failed, with the reason; an administrator sends it again.
MAX_TRIES = 8
# Until then a sent message that nobody confirmed can be looked into and sent again.
PARAMS_KEPT = timedelta(days=7)
FORGOTTEN_AT_ONCE = 500
DIGITS = re.compile(r"\d(?:[ -]?\d){5,}")


def locked(due: models.QuerySet[S]) -> models.QuerySet[S]:
    return due.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)


def mark_claimed(model: type[Sending], messages: Iterable[Sending], **values: object) -> None:
    messages = list(messages)
    model._default_manager.filter(pk__in=[message.pk for message in messages]).update(
        tries=F("tries") + 1, retry_at=clock.machine_now() + LEASE, **values
    )
    for message in messages:
        message.tries += 1


def give_back(model: type[Sending], messages: Iterable[Sending]) -> None:
    """Nobody has tried these: the provider is out."""
    model._default_manager.filter(pk__in=[message.pk for message in messages], state=SendState.QUEUED).update(
        tries=F("tries") - 1, retry_at=clock.machine_now() + FIRST_DELAY
    )


def delay_after(tries: int) -> timedelta:
    """A minute after the first failure, doubling up to an hour."""
    doublings: int = 2 ** min(tries - 1, 10)
    return min(FIRST_DELAY * doublings, LONGEST_DELAY)


def scrub(said: str, secrets: Iterable[str] = ()) -> str:
    """What a provider says may repeat phone, code or number: neither log nor page shows them."""
    for secret in sorted((secret for secret in secrets if len(secret) > 1), key=len, reverse=True):
        said = said.replace(secret, "***")
    return DIGITS.sub("***", said)[:300]


def mark_taken(message: Sending, taken: Taken, **values: object) -> None:
    """Unless a receipt was faster and has marked it already."""
    now = clock.now()
    state = SendState.DELIVERED if taken.is_delivered else SendState.SENT
    is_over = state == SendState.DELIVERED or getattr(message, "urgent", False)
    changes: dict[str, object] = {"state": state, "sent_at": now, "retry_at": None, "unsure_since": None} | values
    changes["answer"] = scrub(taken.answer, secrets_of(message))
    if is_over and not settings.DEMO:
        changes["params"] = None
    type(message)._default_manager.filter(pk=message.pk, state=SendState.QUEUED).update(**changes)


def mark_later(message: Sending, later: TryLater) -> None:
    reason = scrub(str(later), secrets_of(message))
    logger.warning("%s %s was not taken (try %s): %s", message._meta.model_name, message.pk, message.tries, reason)
    if message.tries >= MAX_TRIES:
        mark_failed(message, reason)
        return
    now = clock.machine_now()
    unsure_since = (message.unsure_since or now) if later.unsure else message.unsure_since
    type(message)._default_manager.filter(pk=message.pk, state=SendState.QUEUED).update(
        answer=reason, retry_at=now + (later.after or delay_after(message.tries)), unsure_since=unsure_since
    )


def mark_failed(message: Sending, reason: str) -> None:
    reason = scrub(reason, secrets_of(message))
    logger.error("%s %s has failed: %s", message._meta.model_name, message.pk, reason)
    type(message)._default_manager.filter(pk=message.pk, state=SendState.QUEUED).update(
        state=SendState.FAILED, answer=reason, retry_at=None
    )


def secrets_of(message: Sending) -> list[str]:
    """What must not come back to us in an answer."""
    to = getattr(message, "phone", "") or getattr(message, "address", "")
    return [to, *(message.params or {}).values()]


def send_again(messages: models.QuerySet[S]) -> int:
    """Put failed messages back into the queue; answers how many. Those whose text is gone stay as they are."""
    failed = messages.filter(state=SendState.FAILED, params__isnull=False)
    return failed.update(state=SendState.QUEUED, tries=0, retry_at=None)


def drain(claim: Callable[[], list[S]], hand_over: Callable[[S], bool], model: type[S]) -> int:
    """Until nothing is due, or the provider is out: then the rest of a claim goes back at once."""
    handled = 0
    while claimed := claim():
        for number, message in enumerate(claimed, start=1):
            handled += 1
            if not hand_over(message):
                give_back(model, claimed[number:])
                return handled
    return handled


def forget_params(model: type[Sending]) -> int:
    """What was sent long ago needs no phone call to be explained: its facts go, the log stays. Not in demo mode."""
    if settings.DEMO:
        return 0
    old = model._default_manager.filter(params__isnull=False, created_at__lt=clock.now() - PARAMS_KEPT)
    keys = list(old.exclude(state=SendState.QUEUED).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    return model._default_manager.filter(pk__in=keys).update(params=None)
