"""What the last two stages of 渤海英才卡 do: the card is issued, and the card is printed."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from talent.enums import LIVING
from talent.models import Card, CardApplication
from talent.services.card_prints import make_run
from talent.services.card_record import tell_holders
from talent.services.issuing import issue_cards, living_cards_of
from workflow import clock
from workflow.models import Case
from workflow.registry import ActContext, Closed, Move, effect, gate


@gate("talent.card_may_be_issued")
def card_may_be_issued(cases: Sequence[Case]) -> Closed:
    """Two statements, and one for the living cards of the applicants."""
    today, living = clock.today(), living_cards_of(cases)
    closed: Closed = {}
    for row in CardApplication.objects.of_cases(cases).select_related("category"):
        held = living.get(row.case_id)
        if row.category is None:
            closed[row.case_id] = _("The application names no category: return it.")
        elif row.contract_end is not None and row.contract_end < today:
            closed[row.case_id] = _("The labour contract has run out, so no card can be valid: return the application.")
        elif held is not None and held.frozen_at is not None:
            closed[row.case_id] = _("The applicant's card %(number)s is frozen: release or cancel it first.") % {
                "number": held.number
            }
    return closed


@effect("talent.issue_card", irreversible=True)
def issue_card(moves: Sequence[Move], context: ActContext) -> None:
    """市负责人 has approved: number, term and the filed photo are fixed."""
    cards = issue_cards([move.case for move in moves], context.actor, at=context.at)
    tell_holders("talent.card_issued", [(card, {"until": card.valid_until.isoformat()}) for card in cards])


@effect("talent.print_cards", irreversible=True)
def print_cards(moves: Sequence[Move], context: ActContext) -> None:
    """【打印】: one run of the whole selection. A card that was cancelled meanwhile ends its case unprinted."""
    rows = Card.objects.of_cases([move.case for move in moves]).select_for_update(of=("self",)).order_by("pk")
    cards = [card for card in rows if card.state_on(clock.local_date(context.at)) in LIVING]
    if cards:
        make_run(cards, context.actor, at=context.at, act=context.act, token=context.act.pk)
