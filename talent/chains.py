"""The pages of a person's own facts in the menu; talent has no chain of its own yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talent import own_data, seeding
from workflow.actors import Actor
from workflow.navigation import register_page

# What a person may see, take along and have erased of it; the card scheme that is shipped.
__all__ = ["own_data", "seeding"]


def is_known_person(actor: Actor) -> bool:
    """An individual whose registration is approved."""
    return actor.is_person and getattr(actor.user, "person_id", None) is not None


GROUP = _("Information maintenance")
register_page(GROUP, _("Basic information"), "talent:profile", visible=is_known_person, order=300)
register_page(GROUP, _("Document wallet"), "talent:wallet", visible=is_known_person, order=305)
register_page(GROUP, _("Education details"), "talent:educations", visible=is_known_person, order=310)
register_page(GROUP, _("Work experience"), "talent:works", visible=is_known_person, order=320)
