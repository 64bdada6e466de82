"""The lists of the hall: 单位办事 and 个人办事, by business category or by the office that handles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel
from accounts.real_name import level_needed
from workflow.enums import OrganisationKind
from workflow.items import PERSON, UNIT, Category, Item, all_items, chosen

TITLES: Mapping[str, str | Promise] = {PERSON: _("Services for individuals"), UNIT: _("Services for employers")}


@dataclass(frozen=True, slots=True)
class Line:
    """``asks_to_sign_in``: whoever is signed out is shown the box for it."""

    label: str
    url: str
    asks_to_sign_in: bool
    is_query: bool
    category: str
    office: str
    guide: str
    # 实名等级 that it asks for, if any.
    level: str


@dataclass(frozen=True, slots=True)
class ItemList:
    audience: str
    title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


def item_lists(*, category: str, office: str, kind: str) -> list[ItemList]:
    """Whoever is signed in sees their own list first; ``kind`` is empty for everybody else."""
    items = chosen(all_items(), category=category, office=office)
    return [
        ItemList(audience, str(TITLES[audience]), [_line(item, kind) for item in items if item.audience == audience])
        for audience in sorted(TITLES, key=lambda audience: audience != kind)
    ]


def _line(item: Item, kind: str) -> Line:
    return Line(
        label=str(item.label),
        url=item.url if item.is_public else reverse("accounts:item", args=[item.key]),
        asks_to_sign_in=not (kind or item.is_public),
        is_query=item.asks,
        category=str(item.category.label),
        office=str(item.office.label),
        guide=reverse(item.guide) if item.guide else "",
        level=_level(item),
    )


def _level(item: Item) -> str:
    needed = level_needed(item.case_type) if item.case_type else RealNameLevel.NONE
    return str(needed.label) if needed else ""


def categories(value: str) -> list[Choice]:
    used = {item.category for item in all_items()}
    return [Choice(each, str(each.label), each == value) for each in Category if each in used]


def offices(value: str) -> list[Choice]:
    used = {item.office for item in all_items()}
    return [Choice(each, str(each.label), each == value) for each in OrganisationKind if each in used]
