"""Names in Latin script, as passports write them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# With the extensions (Vietnamese among them), marks that have no letter of their own, and the comma after a surname.
LETTER = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
WORD = rf"[{LETTER}][{LETTER}\u0300-\u036fʻʼ]*"
LATIN_NAME = re.compile(rf"{WORD}(?:[ '.’·,-]+{WORD})*\.?")
LENGTH = 80


def is_latin_name(name: str) -> bool:
    """``name``: as ``identifiers.normalise_name`` gives it."""
    return LATIN_NAME.fullmatch(name) is not None


def validate_latin_name(name: str) -> None:
    """Surname and given names of somebody; ``name`` is normalised."""
    if not is_latin_name(name) or not 2 <= len(name) <= LENGTH:
        message = _("Enter the name in Latin letters as in the passport, surname first, at most %(length)s characters.")
        raise ValidationError(message, "latin_name", {"length": LENGTH})
