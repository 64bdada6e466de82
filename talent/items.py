"""What talent offers: the talent card, and one's own facts, which applications need."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talent.enums import BOHAI_CARD
from workflow.enums import OrganisationKind
from workflow.items import PERSON, UNIT, Category, Item, register_item

ITEMS = (
    Item(
        "talent-card", _("Application for the Bohai talent card"), PERSON, Category.TALENT, OrganisationKind.COUNTY_HR,
        "talent:apply_list", guide="talent:apply_start", order=10, case_type=BOHAI_CARD,
    ),
    Item(
        "talent-card-review", _("Review by the employer (talent card)"), UNIT, Category.TALENT,
        OrganisationKind.COUNTY_HR, "workflow:queue", (BOHAI_CARD, "unit"), guide="talent:apply_start", order=10,
    ),
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
    Item(
        "wallet", _("Document wallet"), PERSON, Category.FACTS, OrganisationKind.COUNTY_HR, "talent:wallet", order=55,
    ),
)  # fmt: skip

for _item in ITEMS:
    register_item(_item)
