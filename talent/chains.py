"""渤海英才卡 and the pages of a person's own facts: what talent registers is registered by being imported here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talent import (
    application_data,
    card_keeping,
    card_requests,
    cases,
    consistency,
    full_fields,
    own_data,
    seeding,
    space_data,
    specialist_desk,
    summary_desk,
    summary_looks,
    summary_messages,
    summary_rules,
    unit_applications,
    wallet_keeping,
    wallet_messages,
)
from talent.services import taking_over
from workflow.actors import Actor
from workflow.navigation import register_page

# The case type; what a person may see, take along and have erased of it; the card scheme that is shipped.
__all__ = [
    "application_data",
    "card_keeping",
    "card_requests",
    "cases",
    "consistency",
    "full_fields",
    "own_data",
    "seeding",
    "space_data",
    "specialist_desk",
    "summary_desk",
    "summary_looks",
    "summary_messages",
    "summary_rules",
    "taking_over",
    "unit_applications",
    "wallet_keeping",
    "wallet_messages",
]


def is_known_person(actor: Actor) -> bool:
    """An individual whose registration is approved."""
    return actor.is_person and getattr(actor.user, "person_id", None) is not None


register_page(
    _("Business handling"),
    _("Application for the Bohai talent card"),
    "talent:apply_list",
    visible=is_known_person,
    order=120,
)
GROUP = _("Information maintenance")
register_page(GROUP, _("Basic information"), "talent:profile", visible=is_known_person, order=300)
register_page(GROUP, _("Document wallet"), "talent:wallet", visible=is_known_person, order=305)
register_page(GROUP, _("Education details"), "talent:educations", visible=is_known_person, order=310)
register_page(GROUP, _("Work experience"), "talent:works", visible=is_known_person, order=320)
register_page(GROUP, _("Honours and awards"), "talent:honour_list", visible=is_known_person, order=322)
register_page(GROUP, _("Projects and patents"), "talent:project_list", visible=is_known_person, order=324)
register_page(GROUP, _("Family members"), "talent:family_list", visible=is_known_person, order=326)
