"""What the pages of issued cards show: the holder's own, the list of the city bureau, one card with its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talent.card_filters import CardFilter
from talent.documents.card_faces import CardFace, card_faces
from talent.enums import LIVING, CardEventKind, CardLevel, CardState
from talent.models import Card, CardEvent, CardPrint, HandOut, PrintRun
from talent.services.card_expiry import report_by
from workflow import clock
from workflow.actors import Actor
from workflow.case_lists import Status
from workflow.enums import OrganisationKind, Role
from workflow.keyset import Keyset, read_cursor
from workflow.masking import mask_number
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import minute_text

NEWEST_FIRST = Keyset(("id",), "n", descending=True)
KINDS = {
    CardState.VALID: "done",
    CardState.LOST: "bad",
    CardState.FROZEN: "warn",
    CardState.EXPIRED: "plain",
    CardState.CANCELLED: "plain",
}


def keeps_cards(actor: Actor) -> bool:
    """The city bureau's 服务专员 and 负责人 print, hand out, freeze and cancel."""
    return actor.kind == OrganisationKind.CITY_HR and actor.role in (Role.SPECIALIST, Role.LEADER)


def card_status(card: Card) -> Status:
    state = card.state_on(clock.today())
    return Status(str(state.label), KINDS[state])


@dataclass(frozen=True, slots=True)
class OwnCard:
    """``face`` of a card that is not void."""

    card: Card
    title: str
    status: Status
    face: CardFace | None
    facts: list[tuple[str, str]]
    notes: list[str]
    may_report_loss: bool
    may_report_found: bool


def own_cards(actor: Actor, origin: str) -> list[OwnCard]:
    """The newest first."""
    cards = list(Card.objects.visible_to(actor).whole().order_by("-id"))
    today = clock.today()
    living = [card for card in cards if card.state_on(today) in LIVING]
    faces = {face.card.pk: face for face in card_faces(living, origin)}
    return [_own_card(card, faces.get(card.pk)) for card in cards]


def _own_card(card: Card, face: CardFace | None) -> OwnCard:
    return OwnCard(
        card=card,
        title=card.scheme.card_name if face is None else str(card.scheme),
        status=card_status(card),
        face=face,
        facts=card_facts(card),
        notes=_notes(card),
        may_report_loss=face is not None and card.lost_at is None,
        may_report_found=face is not None and card.lost_at is not None,
    )


def card_facts(card: Card) -> list[tuple[str, str]]:
    facts = [
        (_("Card number"), card.number),
        (_("Type of card"), str(CardLevel(card.level).label)),
        (_("Name"), card.name),
        # A foreigner's card bears one name.
        (_("Name in Latin letters"), card.name_latin if card.name_latin != card.name else ""),
        (_("Employer"), card.unit_name),
        (_("Valid from"), card.valid_from.isoformat()),
        (_("Valid until"), card.valid_until.isoformat()),
    ]
    return [(label, value) for label, value in facts if value]


def _notes(card: Card) -> list[str]:
    notes = []
    state, due = card.state_on(clock.today()), report_by(card)
    if state == CardState.LOST:
        notes.append(_("You have reported this card lost: nobody can use it until you withdraw the report."))
    if state == CardState.FROZEN:
        notes.append(_("This card is frozen for now. Ask the office that issued it."))
    if due is not None and state in LIVING:
        text = _("You no longer work for %(unit)s: report your new employer by %(day)s.")
        notes.append(text % {"unit": card.unit_name, "day": due.isoformat()})
    return notes


@dataclass(frozen=True, slots=True)
class CardRow:
    pk: int
    number: str
    name: str
    unit: str
    level: str
    until: str
    status: Status
    # How far it is on its way to its holder.
    paper: str
    url: str


@dataclass(frozen=True, slots=True)
class CardList:
    filter: CardFilter
    rows: list[CardRow]
    pager: ListPager


def card_list(actor: Actor, query: QueryDict) -> CardList:
    """Four statements, however many rows."""
    found = CardFilter(query, Card.objects.kept_by(actor))
    part = NEWEST_FIRST.slice(found.qs.values_list("id"), read_cursor(query, NEWEST_FIRST.pattern))
    return CardList(found, card_rows([row[0] for row in part.rows]), pager_of(query, NEWEST_FIRST, part))


def card_rows(keys: Sequence[int]) -> list[CardRow]:
    cards = Card.objects.filter(pk__in=keys).order_by("-id")
    papers = paper_states(keys)
    return [
        CardRow(
            pk=card.pk,
            number=card.number,
            name=card.name,
            unit=card.unit_name,
            level=card.level,
            until=card.valid_until.isoformat(),
            status=card_status(card),
            paper=papers[card.pk, card.edition],
            url=reverse("talent:card_manage", args=[card.pk]),
        )
        for card in cards
    ]


class PaperStates(dict[tuple[int, int], str]):
    """{(card, edition): how far it is}"""

    def __missing__(self, key: tuple[int, int]) -> str:
        return _("Not printed")


def paper_states(keys: Sequence[int]) -> PaperStates:
    states = PaperStates()
    for card, edition, copy in (
        CardPrint.objects.filter(card__in=keys).order_by("copy").values_list("card", "edition", "copy")
    ):
        states[card, edition] = _("Printed") if copy == 1 else _("Printed %(count)s times") % {"count": copy}
    for card, edition in HandOut.objects.filter(card__in=keys).values_list("card", "edition"):
        states[card, edition] = pgettext("plastic card", "Handed out")
    return states


@dataclass(frozen=True, slots=True)
class EventLine:
    when: str
    what: str
    who: str
    more: str


@dataclass(frozen=True, slots=True)
class CardPage:
    card: Card
    status: Status
    facts: list[tuple[str, str]]
    events: list[EventLine]
    hand_outs: list[HandOut]
    deeds: list[tuple[str, str]]
    may_hand_out: bool


def card_page(card: Card) -> CardPage:
    events = CardEvent.objects.filter(card=card).select_related("actor", "organisation").order_by("-id")
    hand_outs = list(HandOut.objects.filter(card=card).order_by("-id"))
    printed = CardPrint.objects.filter(card=card, edition=card.edition).exists()
    given = any(row.edition == card.edition for row in hand_outs)
    more = [(_("Edition"), str(card.edition)), (_("Document number"), mask_number(card.person.number))]
    return CardPage(
        card=card,
        status=card_status(card),
        facts=card_facts(card) + more,
        events=[_event_line(event) for event in events],
        hand_outs=hand_outs,
        deeds=deeds_for(card),
        may_hand_out=printed and not given and card.is_valid_on(clock.today()),
    )


def deeds_for(card: Card) -> list[tuple[str, str]]:
    """(part of the address, label of the button) of what the bureau may do to it now."""
    if card.cancelled_at is not None:
        return []
    deeds = [("cancel", _("Cancel the card"))]
    if card.state_on(clock.today()) in LIVING:
        deeds.insert(0, ("release", _("Release")) if card.frozen_at is not None else ("freeze", _("Freeze")))
    return deeds


def _event_line(event: CardEvent) -> EventLine:
    who = " · ".join(str(part) for part in (event.organisation, event.actor) if part is not None)
    return EventLine(
        when=minute_text(event.at),
        what=str(CardEventKind(event.kind).label),
        who=who or _("System"),
        more=_(", ").join([text for text in (event.reason, *_changes(event)) if text]),
    )


def _changes(event: CardEvent) -> list[str]:
    """What the details say, in words: dates and employers that changed, the run of a print."""
    details = event.details
    lines = [f"{before} → {after}" for before, after in (details[key] for key in ("unit", "until") if key in details)]
    return [*lines, details["run"]] if "run" in details else lines


@dataclass(frozen=True, slots=True)
class RunRow:
    run: PrintRun
    made: str
    cards: int
    url: str


@dataclass(frozen=True, slots=True)
class FetchRow:
    at: str
    by: str
    reason: str


def fetch_rows(run: PrintRun) -> list[FetchRow]:
    rows = run.fetches.select_related("fetched_by")
    return [FetchRow(minute_text(row.fetched_at), str(row.fetched_by), row.reason) for row in rows]


def run_list(actor: Actor, query: QueryDict) -> tuple[list[RunRow], ListPager]:
    part = NEWEST_FIRST.slice(
        PrintRun.objects.visible_to(actor).values_list("id"), read_cursor(query, NEWEST_FIRST.pattern)
    )
    runs = PrintRun.objects.for_list().filter(pk__in=[row[0] for row in part.rows])
    rows = [
        RunRow(run, minute_text(run.made_at), run.cards, reverse("talent:print_run", args=[run.token]))  # type: ignore[attr-defined]
        for run in runs
    ]
    return rows, pager_of(query, NEWEST_FIRST, part)
