"""Where holders meet what they may ask for later: the menu and the hall."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talent.enums import CARD_CHANGE
from workflow.actors import Actor
from workflow.enums import OrganisationKind
from workflow.items import PERSON, Category, Item, register_item
from workflow.navigation import register_page

BUSINESS = _("Business handling")
CHANGE = _("Change of the Bohai talent card")


def is_known_person(actor: Actor) -> bool:
    return actor.is_person and getattr(actor.user, "person_id", None) is not None


register_page(BUSINESS, CHANGE, "talent:changes", visible=is_known_person, order=122)
register_item(
    Item(
        CARD_CHANGE,
        CHANGE,
        PERSON,
        Category.TALENT,
        OrganisationKind.COUNTY_HR,
        "talent:changes",
        order=12,
        case_type=CARD_CHANGE,
    )
)
