"""The public query, which stands in both lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.enums import OrganisationKind
from workflow.items import PERSON, UNIT, Category, Item, register_item

for _audience in (PERSON, UNIT):
    register_item(
        Item(
            f"progress-{_audience}", _("Progress of a case"), _audience, Category.QUERY, OrganisationKind.COUNTY_HR,
            "workflow:progress", asks=True, is_public=True, order=90,
        )
    )  # fmt: skip
