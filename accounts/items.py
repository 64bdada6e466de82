"""What accounts offer in 单位办事: the people of the employer and its own details."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.enums import OrganisationKind
from workflow.items import UNIT, Category, Item, register_item

ITEMS = (
    Item(
        "people", _("Review of personal registrations"), UNIT, Category.REGISTRATION, OrganisationKind.COUNTY_HR,
        "workflow:queue", ("person_registration", "unit"), order=50,
    ),
    Item(
        "employer", _("Employer information"), UNIT, Category.FACTS, OrganisationKind.COUNTY_HR, "accounts:unit_info",
        order=60,
    ),
)  # fmt: skip

for _item in ITEMS:
    register_item(_item)
