"""The two numbers of a case: the short one that people type, and the 办件编号 that other systems know it by."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.identifiers import PROVINCES, normalise_code, validate_uscc

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER = re.compile(r"(?P<region>[0-9]{6})(?P<code>[A-Z]{3})(?P<day>[0-9]{8})(?P<sequence>[0-9]{6})(?P<check>[0-9A-Z])")
LAST_SEQUENCE = 999_999
ITEM_CODE_LENGTH = 31
INTERNAL_LENGTH = 43
LAST_INTERNAL_SEQUENCE = 9_999
NATION = "00"


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


@dataclass(frozen=True, slots=True)
class ItemCode:
    """实施编码 (GB/T 39554.1): credit code of the body, its level (1 国家 to 6 村), 12 digits 基本编码 of the item."""

    uscc: str
    level: int
    basic: str

    def __post_init__(self) -> None:
        try:
            validate_uscc(self.uscc)
        except ValidationError as error:
            raise ValueError("The first 18 characters are not a unified social credit code.") from error
        if not 1 <= self.level <= 6:
            raise ValueError("The level of a body is 1 to 6.")
        if not re.fullmatch(r"[0-9]{12}", self.basic) or self.basic[:2] not in {NATION, *PROVINCES}:
            raise ValueError("A basic code is 12 digits and begins with a province or 00.")

    def __str__(self) -> str:
        return f"{self.uscc}{self.level}{self.basic}"


def parse_item_code(text: str) -> ItemCode:
    """Read 31 characters; raise ValueError unless they are an 实施编码."""
    code = normalise_code(text)
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{13}", code):
        raise ValueError(f"An item code is {ITEM_CODE_LENGTH} characters, the last 13 of them digits.")
    return ItemCode(code[:18], int(code[18]), code[19:])


def validate_item_code(text: str) -> None:
    try:
        parse_item_code(text)
    except ValueError as error:
        message = _(
            "An item code is the credit code of the office (18 characters), its level (1 to 6) and "
            "the basic code of the item (12 digits, beginning with a province or 00)."
        )
        raise ValidationError(message, code="item_code") from error


@dataclass(frozen=True, slots=True)
class InternalNo:
    """办件编号: 实施编码 (31) + yyyyMMdd + the sequence of the item on that day (4 digits)."""

    item: ItemCode
    day: date
    sequence: int

    def __post_init__(self) -> None:
        if not 1 <= self.sequence <= LAST_INTERNAL_SEQUENCE:
            raise ValueError(f"{self.sequence} does not fit the four digits of one item and day.")

    def __str__(self) -> str:
        return f"{self.item}{self.day:%Y%m%d}{self.sequence:04}"


def parse_internal_number(text: str) -> InternalNo:
    """Read the 43 characters; raise ValueError unless they could have been given out."""
    number = normalise_code(text)
    if len(number) != INTERNAL_LENGTH or not re.fullmatch(r"[0-9]{12}", number[ITEM_CODE_LENGTH:]):
        raise ValueError(f"An internal number is {INTERNAL_LENGTH} characters, the last 12 of them digits.")
    day = datetime.strptime(number[ITEM_CODE_LENGTH:-4], "%Y%m%d").date()  # noqa: DTZ007
    return InternalNo(parse_item_code(number[:ITEM_CODE_LENGTH]), day, int(number[-4:]))
