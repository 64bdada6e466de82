"""What the city's approval of a change does to the card, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from talent.enums import ChangeKind
from talent.models import Card, CardChange
from talent.services.cards import move_card, renew_card, replace_card
from talent.services.issuing import end_of_validity
from talent.services.specialists import choose_specialist
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case
from workflow.registry import ActContext, Closed, Move, Text, effect, gate


@gate("talent.card_changeable")
def card_changeable(cases: Sequence[Case]) -> Closed:
    """The card may have been frozen, cancelled or run out since the change was filed."""
    today = clock.today()
    changes = CardChange.objects.of_cases(cases).select_related("card__scheme")
    return {change.case_id: reason for change in changes if (reason := why_closed(change, today))}


def why_closed(change: CardChange, today: date) -> Text:
    card = change.card
    if card.cancelled_at is not None:
        return _("The card is cancelled.")
    if card.frozen_at is not None:
        return _("The card is frozen: release it first, or refuse the change.")
    if change.kind == ChangeKind.RENEW:
        return "" if _is_longer(change, card, today) else _("The contract that was filed does not outlast the card.")
    if card.valid_until < today or (change.contract_end is not None and change.contract_end < today):
        return _("The card or the labour contract has run out.")
    return ""


def _is_longer(change: CardChange, card: Card, today: date) -> bool:
    until = end_of_validity(card.scheme, max(today, card.valid_until), change.contract_end)
    return until > card.valid_until and until >= today


@effect("talent.change_card", irreversible=True)
def change_card(moves: Sequence[Move], context: ActContext) -> None:
    """A new edition of each card; changes come one by one, so each is written by itself."""
    cases = {move.case.pk: move.case for move in moves}
    for change in CardChange.objects.whole().of_cases(cases.values()).order_by("card_id"):
        _apply(change, cases[change.pk], context.actor)


def _apply(change: CardChange, case: Case, actor: Actor) -> None:
    card = change.card
    if change.kind == ChangeKind.RENEW:
        renew_card(card, contract_end=change.contract_end, actor=actor, case=case)
    elif change.kind == ChangeKind.REPLACE:
        replace_card(card, actor=actor, case=case)
    else:
        _move(change, case, actor)


def _move(change: CardChange, case: Case, actor: Actor) -> None:
    """To the employer that confirmed it; another county has another specialist."""
    unit, before = change.case.unit, change.card.supervisor_id
    assert unit is not None
    card = move_card(
        change.card,
        unit=unit,
        supervisor=change.case.supervisor,
        contract_end=change.contract_end,
        actor=actor,
        case=case,
    )
    if card.supervisor_id != before:
        card.specialist = choose_specialist(card.supervisor)
        card.save(update_fields=["specialist"])
