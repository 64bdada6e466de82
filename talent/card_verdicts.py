"""What the public page answers of a code: by whom signed, which edition, and what the card is worth today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.enums import CardLevel, CardState
from talent.models import Card
from talent.services.signing import ForgedCodeError, RevokedKeyError, check_code
from workflow import clock
from workflow.masking import mask_name
from workflow.models.place import in_chinese
from workflow.presentation.times import minute_text
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """``shape`` as ``_status.html`` takes it."""

    key: str
    title: Text
    text: Text
    shape: str


# The words of spec 4.10 for the states of a card, and two more.
ANSWERS = {
    CardState.VALID: Answer(
        "valid", CardState.VALID.label, gettext_lazy("This card is genuine and valid today."), "done"
    ),
    CardState.EXPIRED: Answer(
        "expired", CardState.EXPIRED.label, gettext_lazy("This card is genuine but has run out."), "bad"
    ),
    CardState.LOST: Answer(
        "lost",
        CardState.LOST.label,
        gettext_lazy("The holder has reported this card lost. Do not accept it, and tell the office that issued it."),
        "bad",
    ),
    CardState.CANCELLED: Answer(
        "cancelled", CardState.CANCELLED.label, gettext_lazy("This card was cancelled and is void."), "bad"
    ),
    CardState.FROZEN: Answer(
        "frozen",
        CardState.FROZEN.label,
        gettext_lazy("This card is frozen for now. Ask the office that issued it."),
        "bad",
    ),
}
REPLACED = Answer(
    "replaced",
    gettext_lazy("Void: a newer card was made"),
    gettext_lazy("The holder has a newer card with the same number. Ask for that one."),
    "bad",
)
RENEWAL_DUE = Answer(
    "untrusted",
    gettext_lazy("Code no longer accepted"),
    gettext_lazy("The key of this code was withdrawn, so it proves nothing. The holder gets a new card at the office."),
    "bad",
)
FORGED = Answer(
    "forged",
    gettext_lazy("Not genuine"),
    gettext_lazy("No office has signed this code: it was forged, changed or cut off. Do not accept the card."),
    "bad",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``facts`` of a genuine card only, and no more than what must be compared with the card in hand."""

    answer: Answer
    facts: list[tuple[str, str]]
    asked_at: str


def judge(text: str) -> Verdict:
    """Three statements at most; nothing is told of a card by a code that nobody trusted has signed."""
    try:
        code = check_code(text)
    except RevokedKeyError:
        return _without_facts(RENEWAL_DUE)
    except ForgedCodeError:
        return _without_facts(FORGED)
    card = Card.objects.select_related("scheme").filter(number=code.number).first()
    if card is None or code.edition > card.edition:
        return _without_facts(FORGED)
    if code.edition < card.edition:
        return _of_card(REPLACED, card)
    return _of_card(ANSWERS[card.state_on(clock.today())], card)


def _without_facts(answer: Answer) -> Verdict:
    return Verdict(answer, [], minute_text(clock.now()))


def _of_card(answer: Answer, card: Card) -> Verdict:
    return Verdict(answer, [(str(label), read(card)) for label, read in FACTS], minute_text(clock.now()))


def _issuer(card: Card) -> str:
    return card.scheme.issuer if in_chinese() else card.scheme.issuer_en


# What the page tells of a genuine card: it, its start and the holder's own page name the same list.
FACTS: Sequence[tuple[Text, Callable[[Card], str]]] = (
    (gettext_lazy("Card"), lambda card: str(card.scheme)),
    (gettext_lazy("Card number"), lambda card: card.number),
    (gettext_lazy("Type of card"), lambda card: str(CardLevel(card.level).label)),
    (gettext_lazy("Name (its first character)"), lambda card: mask_name(card.name)),
    (gettext_lazy("Valid until"), lambda card: card.valid_until.isoformat()),
    (gettext_lazy("Issued by"), _issuer),
)


def what_is_told() -> str:
    labels = [_("state of the card"), *(str(label) for label, _read in FACTS), _("Verified at")]
    return _(", ").join(labels)
