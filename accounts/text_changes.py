"""What is new in a text, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph that came (``is_new``) or went."""

    text: str
    is_new: bool


def find_changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """In the order of reading; a reworded paragraph goes and comes."""
    found: list[Change] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [Change(text, is_new=False) for text in before[i1:i2]]
            found += [Change(text, is_new=True) for text in after[j1:j2]]
    return found
