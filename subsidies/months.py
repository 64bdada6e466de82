"""Gates and effects about the months that cases hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from django.db import connection
from django.utils.translation import gettext as _

from subsidies.eligibility import Assessment, assess_all
from subsidies.models import MonthClaim, RentApplication
from subsidies.rules.period import overlap_reason
from subsidies.services.claims import claims_of, lock_persons, months_of, release_claims
from workflow.enums import State
from workflow.models import Case
from workflow.registry import ActContext, Closed, Move, effect, gate


@gate("subsidies.eligible")
def eligible(cases: Sequence[Case]) -> Closed:
    """For submissions: every rule must hold, whichever way the case comes."""
    judged = {case.pk: case.judged for case in cases if isinstance(case.judged, Assessment)}
    rest = [case for case in cases if case.pk not in judged]
    assessed = judged | (assess_all(list(RentApplication.objects.whole().of_cases(rest))) if rest else {})
    reasons = {pk: assessment.reasons for pk, assessment in assessed.items()}
    return {pk: _("; ").join(lines) for pk, lines in reasons.items() if lines}


@gate("subsidies.months_still_free")
def months_still_free(cases: Sequence[Case]) -> Closed:
    """For the take-back of a rejection: meanwhile other cases may have taken the months, or the last under the cap."""
    rejected = [case for case in cases if case.state == State.REJECTED]
    if connection.in_atomic_block:  # a page that only asks holds nobody up
        lock_persons([case.pk for case in rejected])
    wanted = claims_of(cases)
    others: dict[tuple[int, str], dict[date, tuple[int, str]]] = defaultdict(dict)
    for claim in MonthClaim.objects.of_persons({claim.person_id for claim in wanted}):
        others[claim.person_id, claim.family][claim.month] = claim.case_id, str(claim.case)
    taken: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for claim in wanted:
        holder, number = others[claim.person_id, claim.family].get(claim.month, (claim.case_id, ""))
        if holder != claim.case_id:
            taken[claim.case_id].append((claim.month, number))
    closed: Closed = {}
    for application in RentApplication.objects.filed(rejected):
        holders = others[application.person_id, application.programme.family].values()
        if reason := _over_cap(application, used=sum(holder != application.case_id for holder, _number in holders)):
            closed[application.case_id] = reason
    return closed | {pk: overlap_reason(months) for pk, months in taken.items()}


def _over_cap(application: RentApplication, *, used: int) -> str:
    """``used``: months that other cases of the person hold."""
    months, most = len(months_of(application.case)), application.programme.max_months
    if used + months <= most:
        return ""
    words = {"months": months, "used": used, "max": most}
    return _("%(months)s months would be held again, but %(used)s of at most %(max)s are used meanwhile.") % words


@effect("subsidies.release_months")
def release_months(moves: Sequence[Move], context: ActContext) -> None:
    """Rejected or withdrawn: the months may be applied for again."""
    release_claims([move.case for move in moves])


@effect("subsidies.claim_months_again")
def claim_months_again(moves: Sequence[Move], context: ActContext) -> None:
    """A rejection was taken back; cases that never lost their months keep them."""
    cases = [move.case for move in moves]
    kept = set(MonthClaim.objects.of_cases(cases).values_list("case", flat=True))
    again = claims_of([case for case in cases if case.pk not in kept])
    MonthClaim.objects.bulk_create(sorted(again, key=attrgetter("person_id", "family", "month")))
