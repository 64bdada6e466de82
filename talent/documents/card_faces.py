"""Front and back of cards as a PDF for a card printer: CR80, 85.6 × 54 mm, one page a side (ISO/IEC 7810 ID-1)."""

from __future__ import annotations

import base64
import io
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from PIL import Image

from talent.card_glyphs import refuse_unprintable
from talent.models import Card, CardScheme, CardService, SignedCode
from talent.services.signing import signer
from workflow import clock
from workflow.models import Material
from workflow.pdfs import preview_page
from workflow.printing import html_to_pdf, render_page

logger = logging.getLogger(__name__)

# Widths of what fits one line of the front, in half-width characters, each with the class of its size.
NAME_SIZES = ((8, "large"), (14, "medium"), (28, "small"))
LATIN_SIZES = ((22, "large"), (34, "medium"), (50, "small"))
UNIT_SIZES = ((26, "large"), (36, "medium"), (60, "small"))
SMALLEST = "tiny"
# Answers for human resources and social security in the whole country.
HOTLINE = "12333"
# Pixels: 300 dots per inch.
PICTURE_WIDTH, GAP = 1011, 24
RIGHT_TO_LEFT = {"R", "AL"}


@dataclass(frozen=True, slots=True)
class Words:
    """What is printed on every card, in both languages whatever the page is in."""

    name: str = "姓名"
    name_en: str = "Name"
    unit: str = "工作单位"
    unit_en: str = "Employer"
    valid: str = "有效期"
    valid_en: str = "Valid"
    scan: str = "扫码验证真伪"
    scan_en: str = "Scan to verify"
    services: str = "服务事项"
    services_en: str = "Services"
    notice: str = "持卡须知"
    notice_en: str = "Notice"
    rules: str = ""
    rules_en: str = ""
    telephone: str = "电话 Tel."


def words_for(scheme: CardScheme) -> Words:
    days = scheme.change_report_days
    return Words(
        rules=f"本卡仅限本人使用，不得转借。遗失请立即在网上挂失；更换工作单位请于{days}日内申报。",
        rules_en=f"For the holder alone. Report a loss online at once, and a new employer within {days} days.",
    )


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
    words: Words


def card_faces(cards: Sequence[Card], origin: str, *, printed: bool = False) -> list[CardFace]:
    """``origin``: "https://host", where the codes are verified. ``cards``: as ``CardQuerySet.whole`` reads them.

    Which key has signed their codes is written down.
    """
    if not cards:
        return []
    carried = CardService.objects.filter(scheme__in={card.scheme_id for card in cards}, active=True)
    services: dict[int, list[CardService]] = {}
    for service in carried.order_by("scheme", "position"):
        services.setdefault(service.scheme_id, []).append(service)
    signs = signer()
    SignedCode.objects.note(signs.key_id, cards, clock.now(), printed=printed)
    return [
        _face(
            card,
            [one for one in services.get(card.scheme_id, ()) if card.level in one.levels],
            verify_url(signs.code_of(card), origin),
        )
        for card in cards
    ]


def verify_url(code: str, origin: str) -> str:
    return origin.rstrip("/") + reverse("talent:card_verify", args=[code])


def qr_picture(text: str) -> str:
    """With its quiet zone: what stands around it is coloured."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=2, dark="#0b1f33", light="#ffffff"))


def cards_pdf(cards: Sequence[Card], origin: str, *, bleed: bool = False, printed: bool = False) -> bytes:
    """Two pages for each card, front and back, as printers that turn the card want them. Raises Refused."""
    return html_to_pdf(cards_html(cards, origin, bleed=bleed, printed=printed))


def cards_html(cards: Sequence[Card], origin: str, *, bleed: bool = False, printed: bool = False) -> str:
    """``printed``: it goes to a card printer, not to the holder. Raises Refused for a character that no font has."""
    refuse_unprintable(cards)
    faces = card_faces(cards, origin, printed=printed)
    return render_page("talent/card_print.html", {"faces": faces, "bleed": bleed})


def _face(card: Card, services: Sequence[CardService], address: str) -> CardFace:
    return CardFace(
        card=card,
        number=spaced_number(card.number),
        name_size=_size(card.name, NAME_SIZES),
        name_direction="rtl" if reads_right_to_left(card.name) else "ltr",
        latin_size=_size(card.name_latin, LATIN_SIZES),
        unit_size=_size(card.unit_name, UNIT_SIZES),
        valid=f"{card.valid_from:%Y.%m.%d} – {card.valid_until:%Y.%m.%d}",
        photo=_photo(card.photo),
        qr=qr_picture(address),
        services="、".join(service.name for service in services),
        services_en=", ".join(service.name_en for service in services),
        hotline=str(settings.SITE["hotline"]) or HOTLINE,
        words=words_for(card.scheme),
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


def card_picture(card: Card, origin: str) -> bytes:
    """Front above back as one JPEG: what a phone keeps and shows without the portal. Raises Refused."""
    pdf = cards_pdf([card], origin)
    sides = [Image.open(io.BytesIO(preview_page(pdf, page, PICTURE_WIDTH) or b"")) for page in (0, 1)]
    picture = Image.new("RGB", (sides[0].width, sum(side.height for side in sides) + GAP), "white")
    picture.paste(sides[0], (0, 0))
    picture.paste(sides[1], (0, sides[0].height + GAP))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=92)
    return target.getvalue()
