"""Where services by card are met: the menu, the hall, the pages of cases."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.change_desk import BUSINESS, is_known_person
from talent.enums import CARD_SERVICE
from workflow.actors import Actor
from workflow.enums import OrganisationKind, State
from workflow.items import PERSON, Category, Item, register_item
from workflow.models import Case
from workflow.navigation import register_page
from workflow.registry import Link, case_link

SERVICES = gettext_lazy("Services by the Bohai talent card")


def may_count(actor: Actor) -> bool:
    return actor.kind in (OrganisationKind.COUNTY_HR, OrganisationKind.CITY_HR)


register_page(BUSINESS, SERVICES, "talent:services", visible=is_known_person, order=124)
register_page(
    gettext_lazy("Queries and statistics"),
    gettext_lazy("Statistics of services by card"),
    "talent:service_statistics",
    visible=may_count,
    order=250,
)
register_item(
    Item(
        CARD_SERVICE,
        SERVICES,
        PERSON,
        Category.TALENT,
        OrganisationKind.COUNTY_HR,
        "talent:services",
        guide="talent:services",
        order=14,
        case_type=CARD_SERVICE,
    )
)


@case_link
def request_of(case: Case, actor: Actor) -> Iterator[Link]:
    if case.case_type == CARD_SERVICE and case.state != State.DRAFT:
        label = _("Result and evaluation") if actor.is_person else _("Department, time limit and result")
        yield Link(label, reverse("talent:request_state", args=[case.pk]))
