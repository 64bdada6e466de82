"""Prints in runs, reprints counted, and 发放登记."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from talent.card_glyphs import refuse_unprintable
from talent.enums import LIVING, CardEventKind, CardState
from talent.models import Card, CardEvent, CardPrint, HandOut, PrintFetch, PrintRun
from talent.services.card_record import card_event, tell_holders
from workflow import clock
from workflow.actors import Actor
from workflow.models import Act
from workflow.services import Refused
from workflow.services.numbering import next_batch_number

# One file for the printer: more are printed in several runs.
MOST = 500


def make_run(
    cards: Sequence[Card], actor: Actor, *, at: datetime, act: Act | None = None, reason: str = "", token: uuid.UUID
) -> PrintRun:
    """A run of these cards, which are locked; whatever was printed before of an edition makes its print a reprint."""
    assert actor.organisation is not None
    assert actor.user_id is not None
    run = PrintRun.objects.create(
        token=token,
        number=next_batch_number(actor.organisation.code, "card", clock.local_date(at)),
        organisation=actor.organisation,
        made_by_id=actor.user_id,
        made_at=at,
        act=act,
        reason=reason,
    )
    copies = copies_of(cards)
    prints = [CardPrint(run=run, card=card, edition=card.edition, copy=copies[card.pk] + 1) for card in cards]
    CardPrint.objects.bulk_create(prints)
    CardEvent.objects.bulk_create(_event(one, run, actor, at) for one in prints)
    office = {"office": actor.organisation.name, "office_phone": actor.organisation.phone}
    tell_holders("talent.card_printed", [(one.card, office) for one in prints if one.copy == 1])
    return run


def copies_of(cards: Sequence[Card]) -> Counter[int]:
    """{card: how often its present edition was printed}"""
    editions = {card.pk: card.edition for card in cards}
    rows = CardPrint.objects.filter(card__in=editions).values_list("card", "edition")
    return Counter(card for card, edition in rows if editions[card] == edition)


def _event(one: CardPrint, run: PrintRun, actor: Actor, at: datetime) -> CardEvent:
    details = {"run": run.number, "edition": one.edition, "copy": one.copy}
    if one.copy == 1:
        return card_event(one.card, CardEventKind.PRINTED, actor, at=at, details=details)
    return card_event(one.card, CardEventKind.REPRINTED, actor, at=at, reason=run.reason or run.number, details=details)


@transaction.atomic
def print_again(cards: Iterable[Card], *, reason: str, actor: Actor, token: uuid.UUID) -> PrintRun:
    """【打印】 of new editions, 【补打】 of what was printed before and then for a reason.

    The same form again answers the first run. Raises Refused, naming the cards that are void, or lack the reason.
    """
    locked = list(Card.objects.select_for_update(of=("self",)).filter(pk__in=[c.pk for c in cards]).order_by("pk"))
    # Whoever pressed first has held the cards until now.
    done = PrintRun.objects.filter(token=token).first()
    if done is not None:
        return done
    if not locked:
        raise Refused(_("Tick the cards that you want to print."))
    if len(locked) > MOST:
        raise Refused(_("At most %(most)s cards are printed in one run.") % {"most": MOST})
    today = clock.today()
    void = [card.number for card in locked if card.state_on(today) not in LIVING]
    if void:
        raise Refused(_("These cards are void and are not printed: %(numbers)s") % {"numbers": _(", ").join(void)})
    copies = copies_of(locked)
    again = [card.number for card in locked if copies[card.pk]]
    if again and not reason:
        words = {"numbers": _(", ").join(again)}
        raise Refused(_("Say why these cards are printed again: %(numbers)s") % words)
    refuse_unprintable(locked)
    return make_run(locked, actor, at=clock.now(), reason=reason, token=token)


@transaction.atomic
def refuse_unsaid(run: PrintRun, reason: str) -> None:
    """Raises Refused for a file that was taken before, unless it is said why it is taken again."""
    PrintRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if not reason and run.fetches.exists():
        raise Refused(_("The file of this run was taken before: say why you need it again."))


@transaction.atomic
def note_fetch(run: PrintRun, actor: Actor, *, reason: str = "") -> PrintFetch:
    """Raises Refused as ``refuse_unsaid`` does: of two at once the second one says why."""
    refuse_unsaid(run, reason)
    assert actor.user_id is not None
    return PrintFetch.objects.create(run=run, fetched_by_id=actor.user_id, fetched_at=clock.now(), reason=reason)


@transaction.atomic
def hand_out(
    card: Card, *, recipient: str, is_holder: bool, recipient_number: str, received_on: date, actor: Actor
) -> HandOut:
    """发放: of the edition that was printed, once. Raises Refused."""
    assert actor.user_id is not None
    assert actor.organisation_id is not None
    card = Card.objects.select_for_update(of=("self",)).get(pk=card.pk)
    printed = CardPrint.objects.filter(card=card, edition=card.edition).select_related("run").order_by("copy").first()
    if printed is None:
        raise Refused(_("This card has not been printed yet."))
    if HandOut.objects.filter(card=card, edition=card.edition).exists():
        raise Refused(_("This card was handed out already."))
    state = card.state_on(clock.today())
    if state != CardState.VALID:
        raise Refused(_("This card is not valid (%(state)s): it is not handed out.") % {"state": state.label})
    if not clock.local_date(printed.run.made_at) <= received_on <= clock.today():
        raise Refused(_("A card is received between the day of its print and today."))
    row = HandOut.objects.create(
        card=card,
        edition=card.edition,
        # Whoever comes in person is who the card says.
        recipient=card.name if is_holder else recipient,
        is_holder=is_holder,
        recipient_number="" if is_holder else recipient_number,
        received_on=received_on,
        entered_by_id=actor.user_id,
        organisation_id=actor.organisation_id,
        entered_at=clock.now(),
    )
    card_event(card, CardEventKind.HANDED_OUT, actor, details={"edition": card.edition}).save()
    return row
