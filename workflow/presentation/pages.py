"""Addresses of the pages of a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from workflow.keyset import Keyset, Slice, write_key

POSITION = ("after", "before", "last")


@dataclass(frozen=True, slots=True)
class ListPager:
    """What ``_pager.html`` prints; empty addresses are not there."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    text: str = ""


def pager_of(query: QueryDict, keyset: Keyset, slice_: Slice, text: str = "") -> ListPager:
    rest = query.copy()
    for key in POSITION:
        rest.pop(key, None)
    base = rest.urlencode()

    def address(position: str = "") -> str:
        return "?" + "&".join(filter(None, [base, position]))

    if not slice_.rows:
        return ListPager(text=text)
    width = len(keyset.columns)
    first, last = slice_.rows[0][:width], slice_.rows[-1][:width]
    return ListPager(
        first=address() if slice_.has_previous else "",
        previous=address(f"before={write_key(first)}") if slice_.has_previous else "",
        next=address(f"after={write_key(last)}") if slice_.has_next else "",
        last=address("last=1") if slice_.has_next else "",
        text=text,
    )
