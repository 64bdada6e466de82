"""What the subsidies offer in 单位办事 and 个人办事."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from subsidies.enums import GRADUATE_RENT
from workflow.enums import OrganisationKind
from workflow.items import PERSON, UNIT, Category, Item, register_item

ITEMS = (
    Item(
        "graduate-rent", _("Application for the rent subsidy"), PERSON, Category.SUBSIDY, OrganisationKind.COUNTY_HR,
        "subsidies:rent_list", guide="subsidies:rent_start", order=10, case_type=GRADUATE_RENT,
    ),
    Item(
        "my-payments", _("My payments"), PERSON, Category.QUERY, OrganisationKind.COUNTY_FIN, "subsidies:my_payments",
        asks=True, order=20,
    ),
    Item(
        "rent-review", _("Review of subsidy applications"), UNIT, Category.SUBSIDY, OrganisationKind.COUNTY_HR,
        "workflow:queue", (GRADUATE_RENT, "unit"), guide="subsidies:rent_start", order=10,
    ),
    Item(
        "rent-report", _("Report of subsidy applications"), UNIT, Category.SUBSIDY, OrganisationKind.COUNTY_HR,
        "workflow:queue", (GRADUATE_RENT, "unit_report"), guide="subsidies:rent_start", order=20,
    ),
    Item(
        "applications", _("Statistics of subsidy applications"), UNIT, Category.QUERY, OrganisationKind.COUNTY_HR,
        "subsidies:statistics", asks=True, order=30,
    ),
    Item(
        "payments", _("Statistics of payments"), UNIT, Category.QUERY, OrganisationKind.COUNTY_FIN,
        "subsidies:payments", asks=True, order=40,
    ),
)  # fmt: skip

for _item in ITEMS:
    register_item(_item)
