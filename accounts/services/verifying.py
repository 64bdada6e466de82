"""重新认证: ask the verifier about what was stated, outside of every transaction, and keep what it says."""

from __future__ import annotations

import logging
import uuid

from django.utils.translation import gettext as _

from accounts.enums import RealNameLevel, VerificationOutcome
from accounts.models import StatedPerson, StatedUnit, User
from accounts.services.accounts import Taken
from accounts.services.limits import give_back, left, take
from accounts.services.real_name import note_check
from accounts.services.real_name_requests import ask_counter
from accounts.services.recognition import StatementChanged, recognise
from accounts.services.statements import claim_of, digest_of, stated_of
from accounts.verifiers import Unavailable, Verdict, Verifier, verifier
from workflow.lookup_keys import identity_key

logger = logging.getLogger(__name__)

# Tries of an account, and of everybody about one number: whether a name belongs to a number is nobody else's business.
ACCOUNT, ACCOUNT_TRIES = "real_name", 5
NUMBER, NUMBER_TRIES = "real_name_number", 10
PRESS, DAY = "real_name_press", 86400


class TooOften(Exception):
    """No more tries today; the message is for whoever pressed the button."""


def verify(user: User, *, token: uuid.UUID) -> None:
    """One press of 【重新认证】; the result page says what came of it. A second press with the token changes nothing.

    Raises TooOften, and StatementChanged where another form was saved meanwhile.
    """
    # As it stands after what was stated now: a changed name has dropped the level.
    user = User.objects.get(pk=user.pk)
    stated = stated_of(user)
    if stated is None:
        raise StatementChanged
    if user.real_name_level >= RealNameLevel.MIDDLE:
        return
    found = verifier()
    if found is None or not found.takes(claim_of(stated)):
        ask_counter(user)
        return
    if not take(PRESS, str(token), tries=1, seconds=DAY):
        return
    try:
        _count(user, stated)
    except TooOften:
        # Nothing was asked: the same page asks tomorrow.
        give_back(PRESS, str(token))
        raise
    digest = digest_of(stated)
    try:
        verdict = _ask(found, stated)
    except Unavailable as fault:
        _give_back(user, stated)
        logger.warning("%s: %s", found.key, fault)
        note_check(user, outcome=VerificationOutcome.UNAVAILABLE, verifier=found.key, reason="")
        return
    _keep(user, found, verdict, digest)


def tries_left(user: User) -> int:
    return left(ACCOUNT, str(user.pk), tries=ACCOUNT_TRIES, seconds=DAY)


def _ask(found: Verifier, stated: StatedPerson | StatedUnit) -> Verdict:
    try:
        return found.check(claim_of(stated))
    except Unavailable:
        raise
    except Exception as error:
        # Whatever a verifier lets through may carry the number in its text: only its name is told.
        raise Unavailable(type(error).__name__) from None


def _keep(user: User, found: Verifier, verdict: Verdict, digest: str) -> None:
    if not verdict.agrees:
        note_check(user, outcome=VerificationOutcome.FAILED, verifier=found.key, reason=_disagreement(user))
        return
    try:
        recognise(user, digest=digest, level=RealNameLevel.MIDDLE, verifier=found.key, reason=verdict.serial)
    except Taken as taken:
        note_check(user, outcome=VerificationOutcome.FAILED, verifier=found.key, reason=str(taken))


def _disagreement(user: User) -> str:
    if user.kind == User.Kind.UNIT:
        return _("Name, credit code and legal representative do not agree with the register.")
    return _("Name and document number do not agree with the register.")


def _number_of(stated: StatedPerson | StatedUnit) -> str:
    return identity_key(stated.number if isinstance(stated, StatedPerson) else stated.uscc)


def _count(user: User, stated: StatedPerson | StatedUnit) -> None:
    if not take(ACCOUNT, str(user.pk), tries=ACCOUNT_TRIES, seconds=DAY):
        raise TooOften(_("Five checks were made today. Try again tomorrow, or go to a counter with your documents."))
    if not take(NUMBER, _number_of(stated), tries=NUMBER_TRIES, seconds=DAY):
        give_back(ACCOUNT, str(user.pk))
        raise TooOften(_("This number was checked too often today. Try again tomorrow, or go to a counter."))


def _give_back(user: User, stated: StatedPerson | StatedUnit) -> None:
    """A verifier that was out has told nobody anything."""
    give_back(ACCOUNT, str(user.pk))
    give_back(NUMBER, _number_of(stated))
