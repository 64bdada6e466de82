"""What time does to cards: they run out, their holders are reminded, and who leaves an employer must report it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from talent.enums import CardEventKind, CardState
from talent.models import Card, CardEvent, CardScheme
from talent.services.card_record import card_event, tell_holders
from workflow import clock
from workflow.actors import SYSTEM
from workflow.models import NumberCounter
from workflow.timers import register_timer

AT_ONCE = 500
# Days are what counts.
REST = timedelta(minutes=10)


def expire_cards() -> int:
    """Living cards past their last day are void from here on; answers how many."""
    with transaction.atomic():
        cards = _some(Card.objects.past_their_end(clock.today()))
        Card.objects.filter(pk__in=[card.pk for card in cards]).update(state=CardState.EXPIRED)
        _record(cards, CardEventKind.EXPIRED, "talent.card_expired")
    return len(cards)


def remind_of_the_end() -> int:
    """Once for each card, on the day on which its renewal opens, or on the first day after it that a worker runs."""
    today = clock.today()
    return sum(_remind(scheme, today) for scheme in CardScheme.objects.order_by("pk"))


@transaction.atomic
def _remind(scheme: CardScheme, today: date) -> int:
    """The counter keeps the day until which the holders of this scheme were reminded."""
    yesterday = {"last": today.toordinal() - 1}
    kept, _made = NumberCounter.objects.get_or_create(prefix=f"card-end/{scheme.pk}", defaults=yesterday)
    kept = NumberCounter.objects.select_for_update().get(pk=kept.pk)
    missed = today.toordinal() - kept.last
    if missed <= 0:
        return 0
    last = today + timedelta(days=scheme.renew_before_days)
    due = Card.objects.filter(scheme=scheme, state=CardState.VALID, valid_until__lte=last)
    cards = list(due.filter(valid_until__gt=last - timedelta(days=missed)).select_related("scheme").order_by("pk"))
    _tell(cards, "talent.card_ends")
    kept.last = today.toordinal()
    kept.save(update_fields=["last"])
    return len(cards)


def notice_leavers() -> int:
    """The holder no longer works for the employer on the card: from today counts the time to report the new one."""
    today = clock.today()
    elsewhere = Q(person__unit=None) | ~Q(person__unit=F("unit"))
    with transaction.atomic():
        cards = _some(Card.objects.living().filter(elsewhere, left_unit_on=None, valid_until__gte=today))
        Card.objects.filter(pk__in=[card.pk for card in cards]).update(left_unit_on=today)
        _record(cards, CardEventKind.LEFT_UNIT, "talent.card_left_unit")
    return len(cards)


def notice_returners() -> int:
    """Who works there again, or had never left, has nothing to report."""
    with transaction.atomic():
        cards = _some(Card.objects.left_behind().filter(person__unit=F("unit")))
        Card.objects.filter(pk__in=[card.pk for card in cards]).update(left_unit_on=None)
        CardEvent.objects.bulk_create([card_event(card, CardEventKind.CAME_BACK, SYSTEM) for card in cards])
    return len(cards)


def report_by(card: Card) -> date | None:
    """The last day to report the change of employer; none where nothing is to be reported."""
    if card.left_unit_on is None:
        return None
    return card.left_unit_on + timedelta(days=card.scheme.change_report_days)


def _some(due: QuerySet[Card]) -> list[Card]:
    return list(due.select_for_update(of=("self",)).select_related("scheme").order_by("pk")[:AT_ONCE])


def _record(cards: Sequence[Card], kind: CardEventKind, told: str) -> None:
    CardEvent.objects.bulk_create([card_event(card, kind, SYSTEM) for card in cards])
    _tell(cards, told)


def _tell(cards: Sequence[Card], told: str) -> None:
    if cards:
        tell_holders(told, [(card, _facts(card)) for card in cards])


def _facts(card: Card) -> Mapping[str, str]:
    today = clock.today()
    return {
        "until": card.valid_until.isoformat(),
        "unit": card.unit_name,
        "report_by": (today + timedelta(days=card.scheme.change_report_days)).isoformat(),
    }


for _timer in (expire_cards, remind_of_the_end, notice_leavers, notice_returners):
    register_timer(_timer, rest=REST)
