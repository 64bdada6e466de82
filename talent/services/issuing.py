"""The card is issued when the head of the city bureau approves: numbered without gaps, valid as long as may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from talent.enums import CardEventKind, CardLevel, CardState, ProofKind
from talent.models import Card, CardApplication, CardEvent, CardScheme
from talent.services.card_record import card_event
from workflow import clock
from workflow.actors import Actor
from workflow.bulk import count_up, update_rows
from workflow.models import Case, Filing, Material, NumberCounter
from workflow.services.own_papers import filed_materials


def end_of_validity(scheme: CardScheme, start: date, contract_end: date | None) -> date:
    """The last day: so many years from ``start``, and never beyond the labour contract (spec 4.10)."""
    try:
        full = start.replace(year=start.year + scheme.validity_years) - timedelta(days=1)
    except ValueError:
        # Begun on 29 February: the last day of February.
        full = date(start.year + scheme.validity_years, 2, 28)
    return full if contract_end is None else min(full, contract_end)


def issue_cards(cases: Sequence[Case], actor: Actor, *, at: datetime) -> list[Card]:
    """A card for each of these cases; an older card of the same person ends with it.

    The counter's rows stay locked until the commit: no number is given twice, and none is left out by a rollback.
    """
    day = clock.local_date(at)
    applications = _applications(cases)
    filings = _last_filings(cases)
    photos = _photos(filings)
    numbers = _Numbers(applications, day)
    cards = [
        _card(application, numbers.next(application), filings.get(application.case_id), photos, day, at)
        for application in applications
    ]
    ended = _end_older(cards, actor, at)
    Card.objects.bulk_create(cards)
    _name_cards(cases, cards)
    CardEvent.objects.bulk_create(
        [*ended, *(card_event(card, CardEventKind.ISSUED, actor, at=at, case=card.case) for card in cards)]
    )
    return cards


def _name_cards(cases: Sequence[Case], cards: Sequence[Card]) -> None:
    """卡号 in the queue of who prints them."""
    numbers = {card.case_id: card.number for card in cards}
    for case in cases:
        case.summary = {**case.summary, "card_number": numbers[case.pk]}
    update_rows(Case, ["id", "summary"], [(case.pk, case.summary) for case in cases])


def _applications(cases: Sequence[Case]) -> list[CardApplication]:
    rows = CardApplication.objects.of_cases(cases).select_related(
        "case__unit", "case__region", "case__supervisor", "category", "person", "scheme", "specialist"
    )
    return list(rows.order_by("case"))


class _Numbers:
    """{prefix}{level}{year}{five digits}, one statement for however many."""

    def __init__(self, applications: Sequence[CardApplication], day: date) -> None:
        self._day = day
        wanted = Counter(self._prefix(application) for application in applications)
        last = count_up(NumberCounter, "prefix", "last", {f"card/{prefix}": count for prefix, count in wanted.items()})
        self._last = {prefix: last[f"card/{prefix}"] - count for prefix, count in wanted.items()}

    def _prefix(self, application: CardApplication) -> str:
        return f"{application.scheme.number_prefix}{level_of(application)}{self._day:%Y}"

    def next(self, application: CardApplication) -> str:
        prefix = self._prefix(application)
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:05}"


def _last_filings(cases: Sequence[Case]) -> dict[int, Filing]:
    return {filing.case_id: filing for filing in Filing.objects.filter(case__in=cases).order_by("number")}


def _photos(filings: dict[int, Filing]) -> dict[int, Material]:
    """{case: the photo as it was filed}: of the person's own, or uploaded with the application."""
    own = filed_materials(list(filings.values()), ProofKind.PHOTO)
    found = {filing.case_id: own[filing.pk][0] for filing in filings.values() if filing.pk in own}
    missing = filings.keys() - found.keys()
    uploaded = Material.objects.filter(case__in=missing, kind=ProofKind.PHOTO, removed_at=None).order_by("pk")
    return found | {photo.case_id: photo for photo in uploaded if photo.case_id is not None}


def _card(
    application: CardApplication,
    number: str,
    filing: Filing | None,
    photos: dict[int, Material],
    day: date,
    at: datetime,
) -> Card:
    case, unit = application.case, application.case.unit
    assert unit is not None, "the chain begins with the employer"
    return Card(
        number=number,
        case=case,
        scheme=application.scheme,
        person=application.person,
        unit=unit,
        supervisor=case.supervisor,
        region=case.region,
        specialist=application.specialist,
        name=case.subject,
        name_latin=_filed(filing, "personal", "name_latin"),
        unit_name=unit.name,
        level=level_of(application),
        category=application.category,
        photo=photos.get(case.pk),
        issued_at=at,
        valid_from=day,
        valid_until=end_of_validity(application.scheme, day, application.contract_end),
        contract_end=application.contract_end,
    )


def _filed(filing: Filing | None, section: str, row: str) -> str:
    """What the form as filed says there."""
    sections: list[dict[str, Any]] = filing.content.get("sections", []) if filing is not None else []
    rows = (line for part in sections if part["key"] == section for line in part["rows"])
    return next((str(line["value"] or "") for line in rows if line["key"] == row), "")


def _end_older(cards: Sequence[Card], actor: Actor, at: datetime) -> list[CardEvent]:
    """One living card of a scheme for each person: the events, unsaved, of those that a new one replaces."""
    new = {(card.person_id, card.scheme_id): card for card in cards}
    rows = Card.objects.living().filter(person__in=[card.person_id for card in cards])
    older = [card for card in rows.select_for_update(of=("self",)).order_by("pk") if _key(card) in new]
    for card in older:
        card.state, card.cancelled_at = CardState.CANCELLED, at
        card.save(update_fields=["state", "cancelled_at"])
    return [
        card_event(card, CardEventKind.CANCELLED, actor, at=at, reason=f"换领新卡 {new[_key(card)].number}")
        for card in older
    ]


def _key(card: Card) -> tuple[int, int]:
    return card.person_id, card.scheme_id


def lock_living_cards(cases: Sequence[Case]) -> dict[tuple[int, int], Card]:
    """{(person, scheme): the card that an applicant of these cases holds now}, locked where that is possible."""
    applicants = CardApplication.objects.of_cases(cases).values("person")
    rows = Card.objects.living().filter(person__in=applicants).order_by("pk")
    return {_key(card): card for card in (rows.select_for_update() if connection.in_atomic_block else rows)}


def level_of(application: CardApplication) -> str:
    """申报卡类型 as it was filed and approved, whatever the administration has made of the category since."""
    filed = application.case.summary.get("card_level", "")
    return filed if filed in CardLevel.values else application.level
