"""The pages of the subsidies in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import UserKind
from workflow.actors import Actor
from workflow.enums import OrganisationKind
from workflow.navigation import register_page

BUSINESS = _("Business handling")
STATISTICS = _("Queries and statistics")
MONEY = _("Money matters")


def acts_for_organisation(actor: Actor) -> bool:
    return actor.is_unit or actor.is_office


def is_office(actor: Actor) -> bool:
    return actor.is_office


def is_county_finance(actor: Actor) -> bool:
    return actor.kind == OrganisationKind.COUNTY_FIN


def keeps_stops(actor: Actor) -> bool:
    return actor.kind == OrganisationKind.COUNTY_HR


def is_known_person(actor: Actor) -> bool:
    """An individual whose registration is approved."""
    return actor.is_person and getattr(actor.user, "person_id", None) is not None


register_page(
    BUSINESS, _("Application for the rent subsidy"), "subsidies:rent_list", visible=is_known_person, order=110
)


def is_person(actor: Actor) -> bool:
    """An employer's account that acts for no employer yet is nobody who is paid."""
    return actor.is_person and getattr(actor.user, "kind", "") != UserKind.UNIT


register_page(MONEY, _("My payments"), "subsidies:my_payments", visible=is_person, order=180)
register_page(MONEY, _("Returned payments"), "subsidies:ledger", visible=is_county_finance, order=190)
register_page(MONEY, _("Stops of payments"), "subsidies:stops", visible=keeps_stops, order=195)
register_page(
    STATISTICS,
    _("Statistics of subsidy applications"),
    "subsidies:statistics",
    visible=acts_for_organisation,
    order=210,
)
register_page(STATISTICS, _("Statistics of payments"), "subsidies:payments", visible=acts_for_organisation, order=220)
register_page(STATISTICS, _("Lists and batches"), "subsidies:batches", visible=is_office, order=230)
