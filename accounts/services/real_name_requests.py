"""窗口核验: the account asks under a number, an officer who has the papers before them confirms or refuses."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import RealNameLevel, VerificationOutcome
from accounts.message_kinds import load_kinds
from accounts.models import RealNameRequest, StatedPerson, StatedUnit, User
from accounts.real_name_papers import missing_papers
from accounts.services.phones import holds_number
from accounts.services.real_name import COUNTER, note_check
from accounts.services.recognition import StatementChanged, recognise
from accounts.services.security_notices import tell_of_change
from accounts.services.statements import digest_of, stated_of
from workflow import clock
from workflow.actors import Actor
from workflow.enums import OrganisationKind
from workflow.lookup_keys import identity_key
from workflow.models import Organisation

DIGITS, GOOD_FOR = 10, timedelta(days=30)
COUNTERS = (OrganisationKind.COUNTER, OrganisationKind.COUNTY_HR)
CONFIRMED, REFUSED = "real_name_confirmed", "real_name_refused"

load_kinds(Path(__file__).parent.parent / "data" / "real_name_messages.yaml")


class Over(Exception):
    """The request was decided, has expired or is about something else now; the message is for the officer."""


def is_counter(actor: Actor) -> bool:
    """Whoever may look at papers and confirm."""
    return actor.kind in COUNTERS


def ask_counter(user: User) -> RealNameRequest:
    """The number to show at a counter; the one that waits already is good for what is stated now."""
    digest = digest_of(stated_of(user))
    now = clock.now()
    facts = {"digest": digest, "asked_at": now, "expires_at": now + GOOD_FOR}
    RealNameRequest.objects.filter(user=user, decided_at=None, expires_at__lte=now).update(number=_new_number())
    if not RealNameRequest.objects.filter(user=user, decided_at=None).update(**facts):
        try:
            with transaction.atomic():
                return RealNameRequest.objects.create(user=user, number=_new_number(), **facts)
        except IntegrityError:
            # The other press of the same button was faster.
            RealNameRequest.objects.filter(user=user, decided_at=None).update(**facts)
    return RealNameRequest.objects.get(user=user, decided_at=None)


def _new_number() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def find_request(number: str, actor: Actor) -> RealNameRequest | None:
    """What waits under the number that somebody shows; employers belong to the counters of their county and city."""
    digits = "".join(character for character in number if character.isdecimal())
    waiting = RealNameRequest.objects.waiting(clock.now()).filter(user__is_active=True)
    found = waiting.filter(number=digits).select_related("user").first()
    if found is None or not _is_near(found.user, actor.organisation):
        return None
    return found


def _is_near(user: User, office: Organisation | None) -> bool:
    stated = stated_of(user)
    if stated is None or office is None:
        return False
    return isinstance(stated, StatedPerson) or (
        stated.region is not None and office.region_id in stated.region.ancestors
    )


def is_own(request: RealNameRequest, actor: Actor) -> bool:
    """Nobody confirms themselves: neither the account they work with, nor their own, nor whose seat they keep.

    Nor an employer that they represent or register.
    """
    if request.user_id in (actor.user_id, actor.stands_in_for_id):
        return True
    stated = stated_of(request.user)
    if stated is None or not isinstance(actor.user, User):
        return False
    own = {actor.identity_key, actor.absent_identity_key}
    officer = actor.user
    return any(identity_key(number) in own or holds_number(officer, number) for number in _numbers_of(stated))


def _numbers_of(stated: StatedPerson | StatedUnit) -> list[str]:
    """Of the person, or of those who stand for the employer."""
    if isinstance(stated, StatedPerson):
        return [stated.number]
    return [number for number in (stated.principal_number, stated.agent_number) if number]


@transaction.atomic
def confirm(
    request: RealNameRequest, actor: Actor, *, seen: str, level: RealNameLevel, papers: Collection[str]
) -> RealNameRequest:
    """The officer has had these papers before them. ``seen``: the digest of what their page showed.

    Raises Over, Taken, and PermissionDenied where the request is the officer's own.
    """
    request = _lock(request, actor, seen)
    officer = _officer(actor)
    if missing := missing_papers(request.user, papers, level):
        raise Over(_("Not ticked: %(paper)s") % {"paper": missing[0]})
    try:
        recognise(request.user, digest=request.digest, level=level, verifier=COUNTER, officer=officer)
    except StatementChanged as changed:
        raise Over(_changed()) from changed
    _decide(request, actor, VerificationOutcome.PASSED, level=level, papers=sorted(papers))
    tell_of_change(request.user, CONFIRMED, phone=request.user.phone)
    return request


@transaction.atomic
def refuse(request: RealNameRequest, actor: Actor, *, seen: str, reason: str) -> RealNameRequest:
    """Raises Over, and PermissionDenied where the request is the officer's own."""
    request = _lock(request, actor, seen)
    officer, outcome = _officer(actor), VerificationOutcome.FAILED
    note_check(request.user, outcome=outcome, verifier=COUNTER, reason=reason, officer=officer)
    _decide(request, actor, outcome, reason=reason)
    tell_of_change(request.user, REFUSED, phone=request.user.phone)
    return request


def _lock(request: RealNameRequest, actor: Actor, seen: str) -> RealNameRequest:
    rows = RealNameRequest.objects.select_for_update(of=("self",)).waiting(clock.now()).select_related("user")
    locked = rows.filter(pk=request.pk, user__is_active=True).first()
    if locked is None:
        raise Over(_("This request has been decided or has expired. The citizen can ask for a new number."))
    if not is_counter(actor) or is_own(locked, actor):
        raise PermissionDenied(_("Nobody confirms their own real name: another officer must look at the papers."))
    if not seen or seen != locked.digest or seen != digest_of(stated_of(locked.user)):
        raise Over(_changed())
    return locked


def _changed() -> str:
    return _("The citizen has changed the data meanwhile. Search the number again and compare anew.")


def _officer(actor: Actor) -> User:
    assert isinstance(actor.user, User)
    return actor.user


def _decide(request: RealNameRequest, actor: Actor, outcome: VerificationOutcome, **facts: object) -> None:
    request.decided_at, request.outcome = clock.now(), outcome
    request.officer, request.organisation = _officer(actor), actor.organisation
    for name, value in facts.items():
        setattr(request, name, value)
    request.save()
