"""What talent offers in 个人办事: one's own facts, which applications need."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.enums import OrganisationKind
from workflow.items import PERSON, Category, Item, register_item

ITEMS = (
    Item(
        "work", _("Work experience"), PERSON, Category.FACTS, OrganisationKind.COUNTY_HR, "talent:works", order=30,
    ),
    Item(
        "education", _("Education details"), PERSON, Category.FACTS, OrganisationKind.COUNTY_HR, "talent:educations",
        order=40,
    ),
    Item(
        "basics", _("Basic information"), PERSON, Category.FACTS, OrganisationKind.COUNTY_HR, "talent:profile",
        order=50,
    ),
)  # fmt: skip

for _item in ITEMS:
    register_item(_item)
