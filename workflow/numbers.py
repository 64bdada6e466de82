"""Case numbers: region, case type, day, sequence and a check character (ISO 7064 Mod 37,36)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER = re.compile(r"(?P<region>[0-9]{6})(?P<code>[A-Z]{3})(?P<day>[0-9]{8})(?P<sequence>[0-9]{6})(?P<check>[0-9A-Z])")
LAST_SEQUENCE = 999_999


def check_character(body: str) -> str:
    """ISO 7064 Mod 37,36: finds every single wrong character and nearly every swap of two neighbours."""
    product = 36
    for character in body:
        product = ((product + ALPHABET.index(character)) % 36 or 36) * 2 % 37
    return ALPHABET[(1 - product) % 36]


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """``region`` is a GB/T 2260 code, ``code`` three letters of the case type, ``sequence`` 1 to 999999."""

    region: str
    code: str
    day: date
    sequence: int

    def __post_init__(self) -> None:
        if not 1 <= self.sequence <= LAST_SEQUENCE:
            raise ValueError(f"{self.sequence} does not fit a case number of one region and day.")
        if not NUMBER.fullmatch(self.body + "0"):
            raise ValueError(f"{self.body} is not the body of a case number.")

    @property
    def body(self) -> str:
        return f"{self.region}{self.code}{self.day:%Y%m%d}{self.sequence:06}"

    def __str__(self) -> str:
        return self.body + check_character(self.body)


def normalise_case_number(text: str) -> str:
    """Half-width capitals without spaces or hyphens."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def parse_case_number(text: str) -> CaseNumber:
    """Read a number as a person typed it; raise ValueError unless it could have been given out."""
    match = NUMBER.fullmatch(normalise_case_number(text))
    if match is None:
        raise ValueError("A case number is 6 digits, 3 letters, 14 digits and a check character.")
    day = datetime.strptime(match["day"], "%Y%m%d").date()  # noqa: DTZ007
    number = CaseNumber(match["region"], match["code"], day, int(match["sequence"]))
    if check_character(number.body) != match["check"]:
        raise ValueError("The check character does not match.")
    return number


def validate_case_number(text: str) -> None:
    try:
        parse_case_number(text)
    except ValueError as error:
        raise ValidationError(
            _("This is not a valid case number. Copy all 24 characters from the receipt or the text message."),
            code="case_number",
        ) from error
