"""What the specialist's decisions write on a request: who does it until when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from talent.enums import CardState
from talent.models import ServiceRequest
from workflow import clock
from workflow.deadlines import Calendars
from workflow.models import Case
from workflow.registry import ActContext, Closed, Move, effect, gate


@gate("talent.card_serves")
def card_serves(cases: Sequence[Case]) -> Closed:
    """The card may have been cancelled, lost or frozen, or have run out, since the service was asked for."""
    closed: Closed = {}
    for request in ServiceRequest.objects.of_cases(cases).select_related("card"):
        state = request.card.state_on(clock.today())
        if state != CardState.VALID:
            words = {"state": state.label}
            closed[request.pk] = _("The card is not valid (%(state)s): services are for valid cards.") % words
    return closed


@effect("talent.accept_service")
def accept_service(moves: Sequence[Move], context: ActContext) -> None:
    """From today counts the time limit; the case is due with it."""
    cases = {move.case.pk: move.case for move in moves}
    requests = list(_requests(moves))
    calendars = Calendars.of_regions({request.case.region for request in requests})
    today = clock.local_date(context.at)
    for request in requests:
        days = context.payload.get("working_days") or request.service.working_days
        request.department = context.payload.get("department") or request.service.department
        request.promised_on = calendars.due_on(request.case.region_id, today, days)
        request.accepted_at = context.at
        cases[request.pk].due_on = request.promised_on
    ServiceRequest.objects.bulk_update(requests, ["department", "promised_on", "accepted_at"])


@effect("talent.finish_service")
def finish_service(moves: Sequence[Move], context: ActContext) -> None:
    requests = list(_requests(moves))
    for request in requests:
        request.outcome, request.result = context.payload["outcome"], context.payload["result"]
        request.finished_at = context.at
    ServiceRequest.objects.bulk_update(requests, ["outcome", "result", "finished_at"])


def _requests(moves: Sequence[Move]) -> Iterable[ServiceRequest]:
    return ServiceRequest.objects.of_cases([move.case for move in moves]).select_related("service", "case__region")
