"""What the last two stages of 渤海英才卡 do: the card is issued, and the card is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from talent.card_glyphs import unprintable_cards, why_unprintable
from talent.enums import LIVING, CardState
from talent.models import Card, CardApplication
from talent.services.card_prints import make_run
from talent.services.card_record import tell_holders
from talent.services.issuing import issue_cards, level_of, lock_living_cards
from workflow import clock
from workflow.models import Case
from workflow.registry import ActContext, Closed, Move, effect, gate


@gate("talent.card_may_be_issued")
def card_may_be_issued(cases: Sequence[Case]) -> Closed:
    """Three statements; the applicants' living cards are locked from here on."""
    living, closed, seen = lock_living_cards(cases), Closed(), set[tuple[int, int]]()
    rows = CardApplication.objects.of_cases(cases).select_related("case__unit", "category", "scheme").order_by("case")
    for row in rows:
        again = _("Another application of the same person is decided with it: decide this one afterwards.")
        key = row.person_id, row.scheme_id
        if reason := again if key in seen else _why_not_issued(row, living.get(key)):
            closed[row.case_id] = reason
        seen.add(key)
    return closed


def _why_not_issued(row: CardApplication, held: Card | None) -> str:
    today = clock.today()
    if row.category is None:
        return _("The application names no category: return it.")
    if row.contract_end is not None and row.contract_end < today:
        return _("The labour contract has run out, so no card can be valid: return the application.")
    if held is not None and (reason := _why_held(held, level_of(row), today)):
        return reason
    return why_unprintable(row.case.subject, row.case.unit.name if row.case.unit is not None else "")


def _why_held(held: Card, level: str, today: date) -> str:
    """A higher card takes the place of the one that is there; anything else is a change of that one."""
    state = held.state_on(today)
    if state == CardState.FROZEN:
        return _("The applicant's card %(number)s is frozen: release or cancel it first.") % {"number": held.number}
    if state == CardState.EXPIRED or level < held.level:
        return ""
    words = {"number": held.number, "level": held.level, "until": held.valid_until.isoformat()}
    return (
        _(
            "The applicant holds the card %(number)s of type %(level)s until %(until)s: it is renewed, changed or "
            "replaced there, and a new one is for a higher type."
        )
        % words
    )


@gate("talent.card_printable")
def card_printable(cases: Sequence[Case]) -> Closed:
    """No card leaves the printer with an empty box in its name."""
    cards = list(Card.objects.of_cases(cases))
    reasons = unprintable_cards(cards)
    return {card.case_id: reasons[card.pk] for card in cards if card.pk in reasons}


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
