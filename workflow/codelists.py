"""Code lists of national standards and of our own, with Chinese and English names."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml
from django.utils.functional import lazy
from django.utils.translation import get_language

# Made once: `lazy` makes a class at each call, and `lazystr` would call it for every name of every list shown.
_name_of = lazy(str, str)
DATA = Path(__file__).parent / "data" / "codelists.yaml"


class Name(NamedTuple):
    zh: str
    en: str

    def __str__(self) -> str:
        """The name in the language of the page; Chinese outside of one."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class CodeList:
    """``standard`` and ``version`` say whose codes they are; they are stored and exchanged, names are only shown."""

    standard: str
    version: str
    codes: Mapping[str, Name]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For form fields: the labels follow the language of the page that shows them."""
        return [(code, _name_of(name)) for code, name in self.codes.items()]

    def label(self, code: str) -> str:
        """The name in the language of the page; a code that is not in the list is shown as it is."""
        return str(self.codes.get(code, code))

    def label_zh(self, code: str) -> str:
        """The Chinese name, for printed forms and filings."""
        return self.codes[code].zh if code in self.codes else code

    def only(self, *codes: str) -> "CodeList":
        """The part of the list that a form offers, in the order given."""
        return CodeList(self.standard, self.version, {code: self.codes[code] for code in codes})

    def __contains__(self, code: object) -> bool:
        return code in self.codes


def read_code_lists(text: str) -> dict[str, CodeList]:
    """Read the YAML of the data file; raise ValueError for a code that YAML did not keep as text."""
    lists = {}
    for key, entry in yaml.safe_load(text).items():
        if not all(isinstance(code, str) for code in entry["codes"]):
            raise ValueError(f"{key}: every code must be quoted text.")
        names = {code: Name(*pair) for code, pair in entry["codes"].items()}
        lists[key] = CodeList(entry["standard"], entry["version"], names)
    return lists


_lists = read_code_lists(DATA.read_text(encoding="utf-8"))

DOCUMENT_KINDS = _lists["document_kinds"]
SEX = _lists["sex"]
MARITAL = _lists["marital"]
EDUCATION = _lists["education"]
DEGREE = _lists["degree"]
POLITICAL = _lists["political"]
ETHNIC = _lists["ethnic"]
NATIONALITY = _lists["nationality"]
TITLE_LEVEL = _lists["title_level"]
SKILL_LEVEL = _lists["skill_level"]
CONTRACT_KIND = _lists["contract_kind"]
EMPLOYMENT_FORM = _lists["employment_form"]
UNIT_KIND = _lists["unit_kind"]
INDUSTRY = _lists["industry"]
ECONOMIC = _lists["economic"]
INDUSTRY_DIVISION = _lists["industry_division"]
# 门类 of a 大类: {section: (first, last division)}.
DIVISIONS_OF = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60), "H": (61, 62),
    "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79), "O": (80, 82),
    "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97),
}  # fmt: skip
