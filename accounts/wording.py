"""Texts with {placeholders} that administrators write: names are filled in, and nothing else is ever evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.utils.translation import gettext as _

# A bare name: no attribute, index, format or expression can be written, so none can be reached.
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Not followed by a number or a name for one.
HOTLINE = re.compile(r"服务热线(?!\s*[：:（(]?\s*[\d{])|\bhotline\b(?!\s*[:(]?\s*[\d{])")
BRACED = re.compile(r"\{[^{}]*\}")


class MissingFact(Exception):
    """A placeholder of the text for which the message has nothing."""


def fill(text: str, facts: Mapping[str, str]) -> str:
    """One pass: what a fact says is never read as a placeholder. Raises MissingFact."""
    if missing := [name for name in names_in(text) if name not in facts]:
        raise MissingFact(f"nothing to put in the place of {', '.join(missing)}")
    return PLACEHOLDER.sub(lambda match: facts[match[1]], text)


def with_hotline(text: str) -> str:
    """Where the text says to call the hotline, and names no number, the number that is configured."""
    number = settings.SITE.get("hotline") or ""
    return HOTLINE.sub(lambda match: f"{match[0]}{'' if match[0] > 'z' else ' '}{number}", text) if number else text


def names_in(text: str) -> list[str]:
    """The placeholders of the text in their order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def find_faults(text: str, allowed: Iterable[str]) -> Iterator[str]:
    """Say what cannot be saved: unknown placeholders by name, and every brace that belongs to none."""
    allowed = tuple(allowed)
    known = " ".join(f"{{{name}}}" for name in allowed)
    for name in names_in(text):
        if name not in allowed:
            yield _("There is no placeholder {%(name)s} here. Allowed are: %(known)s") % {"name": name, "known": known}
    rest = PLACEHOLDER.sub("", text)
    for piece in BRACED.findall(rest) or [brace for brace in "{}" if brace in rest]:
        yield _("“%(piece)s” is no placeholder: braces hold one of these names only: %(known)s") % {
            "piece": piece,
            "known": known,
        }
    if "$" in text and re.search(r"\$\s*\{", text):
        yield _("Write {name} without a dollar sign before it.")
