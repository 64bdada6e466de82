"""What the city's approval of a change does to the card, and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from talent.enums import ChangeKind
from talent.models import Card, CardChange
from talent.services.editions import Edition, lock_cards, moved, renewed, replaced, write_editions
from talent.services.issuing import end_of_validity
from talent.services.specialists import choose_specialist
from workflow import clock
from workflow.models import Case, Organisation
from workflow.registry import ActContext, Closed, Move, Text, effect, gate

Choose = Callable[[Organisation | None], User | None]


@gate("talent.card_changeable")
def card_changeable(cases: Sequence[Case]) -> Closed:
    """The card may have been frozen, cancelled, found or changed since this was filed; from here it is locked."""
    changes = CardChange.objects.of_cases(cases)
    if connection.in_atomic_block:
        lock_cards(changes.values_list("card", flat=True))
    today, seen, closed = clock.today(), set[int](), Closed()
    for change in changes.select_related("card__scheme", "card__person", "case").order_by("case"):
        again = _("Another change of this card is decided with it: decide this one afterwards.")
        if reason := again if change.card_id in seen else why_closed(change, today):
            closed[change.case_id] = reason
        seen.add(change.card_id)
    return closed


def why_closed(change: CardChange, today: date) -> Text:
    card = change.card
    if card.cancelled_at is not None:
        return _("The card is cancelled.")
    if card.frozen_at is not None:
        return _("The card is frozen: release it first, or refuse the change.")
    if change.kind == ChangeKind.RENEW:
        return _why_not_renewed(change, card, today)
    if card.valid_until < today or (change.contract_end is not None and change.contract_end < today):
        return _("The card or the labour contract has run out.")
    if change.kind == ChangeKind.REPLACE and card.lost_at is None:
        return _("The card is not reported lost any more: there is nothing to replace.")
    if change.kind == ChangeKind.MOVE and card.person.unit_id != change.case.unit_id:
        return _("The holder no longer works for the employer that has confirmed the change: return it.")
    return ""


def _why_not_renewed(change: CardChange, card: Card, today: date) -> Text:
    if today < card.valid_until - timedelta(days=card.scheme.renew_before_days):
        return _("The card has been renewed already.")
    until = end_of_validity(card.scheme, max(today, card.valid_until), change.contract_end)
    is_longer = until > card.valid_until and until >= today
    return "" if is_longer else _("The contract that was filed does not outlast the card.")


@effect("talent.change_card", irreversible=True)
def change_card(moves: Sequence[Move], context: ActContext) -> None:
    """A new edition of each card; the statements do not grow with their number."""
    cases = {move.case.pk: move.case for move in moves}
    changes = list(CardChange.objects.of_cases(cases.values()).select_related("case__unit__region", "case__supervisor"))
    cards = lock_cards(change.card_id for change in changes)
    choose = cache(choose_specialist)
    editions = [_edition(cards[change.card_id], change, cases[change.pk], choose) for change in changes]
    write_editions(editions, context.actor, at=context.at)


def _edition(card: Card, change: CardChange, case: Case, choose: Choose) -> Edition:
    if change.kind == ChangeKind.RENEW:
        return renewed(card, contract_end=change.contract_end, case=case)
    if change.kind == ChangeKind.REPLACE:
        return replaced(card, case=case)
    return _moved(card, change, case, choose)


def _moved(card: Card, change: CardChange, case: Case, choose: Choose) -> Edition:
    """To the employer that confirmed it; another county has another specialist."""
    unit, supervisor, before = change.case.unit, change.case.supervisor, card.supervisor_id
    assert unit is not None
    edition = moved(card, unit=unit, supervisor=supervisor, contract_end=change.contract_end, case=case)
    if card.supervisor_id != before:
        card.specialist = choose(supervisor)
    return edition
