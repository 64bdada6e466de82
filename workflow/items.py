"""办事项目: what employers and individuals choose in the hall, before or after signing in; services register theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.addresses import address_of
from workflow.enums import OrganisationKind
from workflow.registry import Text

# Whose list it stands in: 单位办事 or 个人办事. The values are those of the entries at which people sign in.
UNIT, PERSON = "unit", "person"


class Category(models.TextChoices):
    """业务类别."""

    SUBSIDY = "subsidy", _("Subsidies and allowances")
    TALENT = "talent", _("Talent services")
    REGISTRATION = "registration", _("Registration and accounts")
    FACTS = "facts", _("Upkeep of information")
    QUERY = "query", _("Queries and statistics of one's own")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to apply for, or with ``asks`` to ask (查询类)."""

    key: str
    label: Text
    audience: str
    category: Category
    # 所属经办机构.
    office: OrganisationKind
    url_name: str
    args: tuple[str, ...] = ()
    asks: bool = False
    # Needs no sign-in.
    is_public: bool = False
    # Name of the address of its 办事指南.
    guide: str = ""
    order: int = 100
    # What is filed there: it may ask for a real-name level.
    case_type: str = ""

    @property
    def url(self) -> str:
        return address_of(self.url_name, *self.args)


_items: dict[str, Item] = {}


def register_item(item: Item) -> None:
    """Raises ValueError for a key that another item has: addresses are made of it."""
    if _items.setdefault(item.key, item) is not item:
        raise ValueError(f"Two items are called {item.key!r}.")


def all_items() -> list[Item]:
    return sorted(_items.values(), key=lambda item: item.order)


def item_named(key: str) -> Item | None:
    return _items.get(key)


def chosen(items: Iterable[Item], *, category: str, office: str) -> list[Item]:
    """按业务类别或所属经办机构; an empty word chooses all."""
    return [item for item in items if category in ("", item.category) and office in ("", item.office)]
