"""Numbers and names that people type: normalised, then checked with a message that says what would mend them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.latin_names import LATIN_NAME

MALE, FEMALE = "1", "2"
MAX_AGE = 150
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
# GB/T 2260, and the three prefixes of residence permits.
_PARTS = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82, 83))
PROVINCES = frozenset(str(code) for part in _PARTS for code in part)
RESIDENCE_PERMITS = ("81", "82", "83")

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?", re.ASCII)
POSTCODE = re.compile(r"\d{6}", re.ASCII)
ACCOUNT = re.compile(r"\d{16,19}", re.ASCII)
# 〇, the basic block, extensions A to H, and the compatibility ideographs.
HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
HAN_NAME = re.compile(rf"{HAN}+(?:·{HAN}+)*")
DOTS = str.maketrans(dict.fromkeys("•・．‧∙●﹒.", "·"))

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}

# Kinds of DOCUMENT_KINDS whose form is a pattern (公安部 and 移民局 practice).
DOCUMENT_FORMS: dict[str, tuple[re.Pattern[str], Promise]] = {
    "02": (re.compile(r"[HM]\d{8}(\d{2})?", re.ASCII), _("H or M and 8 digits")),
    "03": (re.compile(r"\d{8}|\d{10}[A-Z]?", re.ASCII), _("8 digits")),
    "06": (re.compile(r"[A-Z0-9]{5,17}"), _("5 to 17 letters and digits")),
    "07": (re.compile(r"[A-Z0-9]{5,17}"), _("5 to 17 letters and digits")),
    "99": (re.compile(r"[A-Z0-9()/-]{2,30}"), _("2 to 30 letters and digits")),
}
# 外国人永久居留身份证: nationality (3 letters), in practice place, date of birth (6 digits), order and check.
PERMANENT_RESIDENCE_2017 = re.compile(r"[A-Z]{3}\d{4}(\d{6})\d{2}", re.ASCII)
# 新版外国人永久居留身份证机读信息规则（2023版）: 9, province, nationality (3 digits), then as in GB 11643.
FOREIGNER = "9"


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A checked number of GB 11643; ``sex`` is a code of GB/T 2261.1."""

    number: str
    birth_date: date
    sex: str


def _plain(text: str) -> str:
    """Half-width, without invisible characters."""
    text = text.translate(FULL_WIDTH)
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})


def normalise_code(text: str) -> str:
    """Half-width capitals without spaces: identity numbers, credit codes, documents."""
    return "".join(_plain(text).split()).upper()


def normalise_account(text: str) -> str:
    return normalise_code(text).replace("-", "")


def normalise_mobile(text: str) -> str:
    """Digits without separators and without the country code."""
    return re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", re.sub(r"[-()]", "", normalise_code(text)))


def normalise_landline(text: str) -> str:
    """0317-1234567-801: brackets and long dashes become hyphens."""
    text = re.sub(r"[‐-―−]", "-", normalise_code(text))
    return re.sub(r"^\((0\d{2,3})\)", r"\1-", text)


def normalise_name(text: str) -> str:
    """Every dot between parts of a Chinese name is ·, no spaces within it; Latin names keep single spaces."""
    parts = _plain(text).split()
    name = "".join(parts).translate(DOTS) if re.search(HAN, text) else " ".join(parts)
    return unicodedata.normalize("NFC", name)


def id_check_character(body: str) -> str:
    """ISO 7064 Mod 11,2 over the first 17 digits."""
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True)) % 11]


def parse_resident_id(text: str, today: date | None = None) -> ResidentId:
    """Check a number of 18 characters (identity card, residence permit, permanent residence of 2023)."""
    number = normalise_code(text)
    _check_id_form(number)
    birth_date = _birth_date(number[6:14], today or timezone.localdate())
    if id_check_character(number[:17]) != number[17]:
        message = _(
            "The identity number contains a typing error: its last character does not fit the others. "
            "Compare every digit with the document."
        )
        raise ValidationError(message, "id_check")
    return ResidentId(number, birth_date, MALE if int(number[16]) % 2 else FEMALE)


def _check_id_form(number: str) -> None:
    if len(number) == 15 and number.isdecimal():
        message = _("Identity numbers of 15 digits are no longer valid. Enter the 18-digit number of the current card.")
        raise ValidationError(message, "id_15_digits")
    if len(number) != 18:
        message = _("An identity number has 18 characters, this one has %(length)s. Compare it with the document.")
        raise ValidationError(message, "id_length", {"length": len(number)})
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        message = _("An identity number has 17 digits and ends in a digit or X. Remove all other characters.")
        raise ValidationError(message, "id_characters")


def _birth_date(digits: str, today: date) -> date:
    """``today`` is the real date: nobody is born later than now, wherever the business clock stands."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        message = _(
            "Digits 7 to 14 of the identity number, %(digits)s, are not a date. Compare them with the document."
        )
        raise ValidationError(message, "id_date", {"digits": digits}) from error
    if born > today:
        message = _(
            "The date of birth in the identity number, %(date)s, lies in the future. Compare it with the document."
        )
        raise ValidationError(message, "id_future", {"date": born.isoformat()})
    if today.year - born.year > MAX_AGE:
        message = _(
            "The year of birth in the identity number, %(year)s, is too long ago. Compare it with the document."
        )
        raise ValidationError(message, "id_age", {"year": born.year})
    return born


def validate_resident_id(text: str) -> None:
    parse_resident_id(text)


def resident_id_warning(text: str) -> Promise | None:
    """Codes of regions come and go, so an unknown one is no error."""
    number = normalise_code(text)
    if number.removeprefix(FOREIGNER)[:2] not in PROVINCES:
        return _(
            "The first two digits of the identity number are not a known province. Compare them with the document."
        )
    return None


def validate_document_number(kind: str, text: str) -> None:
    """Check a number by the form of its kind, a code of DOCUMENT_KINDS."""
    number = normalise_code(text)
    if kind in {"01", "04"}:
        _validate_card(kind, number)
    elif kind == "05":
        if not PERMANENT_RESIDENCE_2017.fullmatch(number):
            is_new = number.startswith(FOREIGNER) and len(number) == 18
            _require_form(is_new, _("3 letters and 12 digits, or 18 digits from 9"))
            parse_resident_id(number)
    else:
        pattern, form = DOCUMENT_FORMS[kind]
        _require_form(pattern.fullmatch(number) is not None, form)


def tells_birth(kind: str, text: str) -> bool:
    """Whether a number of this kind holds date of birth and sex: of permanent residence cards the new ones alone."""
    return kind in {"01", "04"} or (kind == "05" and len(normalise_code(text)) == 18)


def read_document(kind: str, text: str) -> ResidentId | None:
    """Check a number by the form of its kind; answers what it tells."""
    validate_document_number(kind, text)
    return parse_resident_id(text) if tells_birth(kind, text) else None


def document_warning(kind: str, text: str) -> Promise | None:
    """What is unusual in a number that its kind allows."""
    if tells_birth(kind, text):
        return resident_id_warning(text)
    old = PERMANENT_RESIDENCE_2017.fullmatch(normalise_code(text)) if kind == "05" else None
    if old is not None and not re.fullmatch(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", old[1]):
        return _("Characters 8 to 13 of the number are usually the date of birth. Compare them with the card.")
    return None


def _validate_card(kind: str, number: str) -> None:
    parse_resident_id(number)
    if kind == "01" and number.startswith(RESIDENCE_PERMITS):
        message = _(
            "This is the number of a residence permit for Hong Kong, Macao or Taiwan residents. Choose that kind."
        )
        raise ValidationError(message, "document_kind")
    if kind == "01" and number.startswith(FOREIGNER):
        message = _("This is the number of a foreign permanent resident identity card. Choose that kind.")
        raise ValidationError(message, "document_kind")
    if kind == "04":
        _require_form(number.startswith(RESIDENCE_PERMITS), _("18 digits beginning with 81, 82 or 83"))


def _require_form(fits: bool, form: Promise) -> None:
    if not fits:
        message = _("The number of this kind of document is %(form)s. Compare it with the document.")
        raise ValidationError(message, "document_form", {"form": form})


def validate_uscc(text: str) -> None:
    """Unified social credit code, GB 32100-2015."""
    code = normalise_code(text)
    if len(code) != 18:
        message = _(
            "A unified social credit code has 18 characters, this one has %(length)s. Copy it from the licence."
        )
        raise ValidationError(message, "uscc_length", {"length": len(code)})
    wrong = "".join(sorted(set(code) - set(USCC_ALPHABET)))
    if wrong:
        message = _(
            "A unified social credit code never contains %(characters)s. "
            "Look whether the licence has 1, 0, 5, U or 2 in its place."
        )
        raise ValidationError(message, "uscc_characters", {"characters": wrong})
    if uscc_check_character(code[:17]) != code[17]:
        message = _(
            "The unified social credit code contains a typing error: its last character does not fit the others. "
            "Compare every character with the licence."
        )
        raise ValidationError(message, "uscc_check")


def uscc_check_character(body: str) -> str:
    total = sum(USCC_ALPHABET.index(character) * weight for character, weight in zip(body, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def uscc_warning(text: str) -> Promise | None:
    """The organisation code inside (GB 11714) has a check of its own, which some old numbers fail."""
    inner = normalise_code(text)[8:17]
    total = sum(int(character, 36) * weight for character, weight in zip(inner, ORGANISATION_WEIGHTS, strict=False))
    if len(inner) != 9 or inner[8] != "0123456789X"[-total % 11]:
        return _("The organisation code inside the credit code is unusual. Compare it with the licence once more.")
    return None


def validate_mobile(text: str) -> None:
    if not MOBILE.fullmatch(normalise_mobile(text)):
        raise ValidationError(_("A mobile number has 11 digits and begins with 13 to 19. Check the number."), "mobile")


def validate_landline(text: str) -> None:
    if not LANDLINE.fullmatch(normalise_landline(text)):
        message = _("Enter a landline number like 0317-1234567, with an extension like 0317-1234567-801.")
        raise ValidationError(message, "landline")


def validate_phone(text: str) -> None:
    """A mobile or a landline number."""
    if not (MOBILE.fullmatch(normalise_mobile(text)) or LANDLINE.fullmatch(normalise_landline(text))):
        message = _("Enter a mobile number of 11 digits, or a landline number like 0317-1234567.")
        raise ValidationError(message, "phone")


def validate_postcode(text: str) -> None:
    if not POSTCODE.fullmatch(normalise_code(text)):
        raise ValidationError(_("A postcode has 6 digits."), "postcode")


def validate_bank_account(text: str) -> None:
    if not ACCOUNT.fullmatch(normalise_account(text)):
        message = _("A bank account has 16 to 19 digits. Copy the long number on the front of the card.")
        raise ValidationError(message, "bank_account")


def bank_account_warning(text: str) -> Promise | None:
    """Luhn (ISO/IEC 7812); passbooks and some cards fail it, so it never stops anybody."""
    digits = [int(digit) for digit in reversed(normalise_account(text)) if digit.isdecimal()]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return _("The account may contain a typing error. Compare it with the card once more.") if total % 10 else None


def validate_person_name(text: str) -> None:
    name = normalise_name(text)
    if any(unicodedata.category(character) == "Co" for character in name):
        message = _(
            "The name contains a character of a private font that others cannot read. Type it with a newer keyboard."
        )
        raise ValidationError(message, "name_private")
    if not 2 <= len(name) <= 50 or not (HAN_NAME.fullmatch(name) or LATIN_NAME.fullmatch(name)):
        message = _("Enter the name as on the document: Chinese characters, with · between parts, or Latin letters.")
        raise ValidationError(message, "name")
