"""Registrations that are never approved expire, so that nobody squats a number."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from accounts.models import PersonRegistration, UnitRegistration
from accounts.services.registration import withdraw_registration
from accounts.services.unused_invitations import stop_unused
from accounts.services.unverified_claims import release_unverified
from workflow import clock
from workflow.models import Case
from workflow.services import Refused
from workflow.timers import register_timer

AT_ONCE = 100
# Days are what counts, and no index leads to what nobody has touched.
REST = timedelta(hours=1)


def expire_registrations() -> int:
    """Withdraw what nobody approved nor moved within the configured days, and release what nobody verified in them.

    Accounts that a unit opened, and nobody came to use, stop then too. Answers how many all that concerned.
    """
    moment = clock.now() - timedelta(days=settings.REGISTRATION_EXPIRES_DAYS)
    stale = [r.case for r in UnitRegistration.objects.stale(moment)[:AT_ONCE]]
    stale += [r.case for r in PersonRegistration.objects.stale(moment)[:AT_ONCE]]
    return sum(_expire(case) for case in stale) + release_unverified(moment) + stop_unused(moment)


register_timer(expire_registrations, rest=REST)


def _expire(case: Case) -> int:
    try:
        withdraw_registration(case)
    except Refused:
        # Somebody decided it a moment ago.
        return 0
    return 1
