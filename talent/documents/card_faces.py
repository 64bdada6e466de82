"""Front and back of cards as a PDF for a card printer: CR80, 85.6 × 54 mm, one page a side (ISO/IEC 7810 ID-1)."""

from __future__ import annotations

import base64
import logging
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse

from talent.models import Card, CardService
from talent.services.signing import card_code
from workflow.models import Material
from workflow.printing import html_to_pdf, render_page

logger = logging.getLogger(__name__)

# Widths of what fits one line of the front, in half-width characters, each with the class of its size.
NAME_SIZES = ((8, "large"), (14, "medium"), (28, "small"))
LATIN_SIZES = ((22, "large"), (34, "medium"), (50, "small"))
UNIT_SIZES = ((26, "large"), (36, "medium"), (60, "small"))
SMALLEST = "tiny"
# Answers for human resources and social security in the whole country.
HOTLINE = "12333"
RIGHT_TO_LEFT = {"R", "AL"}


@dataclass(frozen=True, slots=True)
class CardFace:
    """What is drawn on both sides; the words of the scheme in both languages."""

    card: Card
    # The number in groups, as people read it out.
    number: str
    name_size: str
    name_direction: str
    latin_size: str
    unit_size: str
    valid: str
    # Both as data: addresses.
    photo: str
    qr: str
    services: str
    services_en: str
    hotline: str


def card_faces(cards: Iterable[Card], origin: str) -> Iterator[CardFace]:
    """``origin``: "https://host", where the codes are verified. ``cards``: as ``CardQuerySet.whole`` reads them."""
    services: dict[int, list[CardService]] = {}
    for card in cards:
        if card.scheme_id not in services:
            services[card.scheme_id] = list(CardService.objects.filter(scheme=card.scheme_id, active=True))
        yield _face(card, [one for one in services[card.scheme_id] if card.level in one.levels], origin)


def verify_url(card: Card, origin: str) -> str:
    return origin.rstrip("/") + reverse("talent:card_verify", args=[card_code(card)])


def qr_picture(text: str) -> str:
    """With its quiet zone: what stands around it is coloured."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=2, dark="#0b1f33", light="#ffffff"))


def cards_pdf(cards: Sequence[Card], origin: str, *, bleed: bool = False) -> bytes:
    """Two pages for each card, front and back, as printers that turn the card want them."""
    context = {"faces": list(card_faces(cards, origin)), "bleed": bleed}
    return html_to_pdf(render_page("talent/card_print.html", context))


def _face(card: Card, services: Sequence[CardService], origin: str) -> CardFace:
    return CardFace(
        card=card,
        number=spaced_number(card.number),
        name_size=_size(card.name, NAME_SIZES),
        name_direction="rtl" if reads_right_to_left(card.name) else "ltr",
        latin_size=_size(card.name_latin, LATIN_SIZES),
        unit_size=_size(card.unit_name, UNIT_SIZES),
        valid=f"{card.valid_from:%Y.%m.%d} – {card.valid_until:%Y.%m.%d}",
        photo=_photo(card.photo),
        qr=qr_picture(verify_url(card, origin)),
        services="、".join(service.name for service in services),
        services_en=", ".join(service.name_en for service in services),
        hotline=str(settings.SITE["hotline"]) or HOTLINE,
    )


def spaced_number(number: str) -> str:
    """BHYC B 2026 00001: prefix, level, year, sequence."""
    head = number.rstrip("0123456789")
    digits = number[len(head) :]
    return " ".join((head[:-1], head[-1:], digits[:4], digits[4:]))


def reads_right_to_left(text: str) -> bool:
    """By its first letter that has a direction at all (UAX #9, P2)."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind in RIGHT_TO_LEFT for kind in strong if kind in {"L", *RIGHT_TO_LEFT}), False)


def width_of(text: str) -> int:
    """In half-width characters; what stands on others has no width."""
    wide = {"W": 2, "F": 2}
    return sum(wide.get(unicodedata.east_asian_width(c), 1) for c in text if not unicodedata.combining(c))


def _size(text: str, sizes: Sequence[tuple[int, str]]) -> str:
    width = width_of(text)
    return next((size for most, size in sizes if width <= most), SMALLEST)


def _photo(photo: Material | None) -> str:
    """Without a photo, or where its file is lost, the card shows the empty box; the daily check of the files tells."""
    if photo is None:
        return ""
    try:
        with photo.file.open("rb") as file:
            return f"data:{photo.content_type};base64,{base64.b64encode(file.read()).decode()}"
    except OSError:
        logger.warning("The photo %s is not in the storage.", photo.pk)
        return ""
