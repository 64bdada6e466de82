"""业务经办窗口: an office of its own below an HR bureau; a bureau that wants one sets one up and gives duties at it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet

from workflow.actors import Actor
from workflow.enums import OrganisationKind
from workflow.models import Organisation, Region


def is_counter(actor: Actor) -> bool:
    return actor.kind == OrganisationKind.COUNTER


def open_counters() -> QuerySet[Organisation]:
    """Where people may go."""
    return Organisation.objects.active().filter(kind=OrganisationKind.COUNTER).select_related("region")


def bureaus_of(counter: Organisation) -> QuerySet[Organisation]:
    """The HR bureaus whose employers this counter serves: that above it, or of a city all of its counties."""
    bureaus = Organisation.objects.active().filter(kind=OrganisationKind.COUNTY_HR)
    if counter.parent is not None and counter.parent.kind == OrganisationKind.CITY_HR:
        below = Q(region__lineage__contains=f"/{counter.parent.region_id}/")
        return bureaus.filter(below).select_related("region")
    return bureaus.filter(pk=counter.parent_id or 0).select_related("region")


def city_of(counter: Organisation) -> str:
    """The name that stands in the manual's titles of papers where 杭州市 stood."""
    city = Region.objects.filter(pk__in=counter.region.ancestors, level=2).first()
    return city.name if city is not None else counter.region.name


def city_of_all() -> str:
    """Of a portal for one city, its name; for several, nothing."""
    codes = {code for counter in open_counters() for code in counter.region.ancestors}
    names = list(Region.objects.filter(pk__in=codes, level=2).values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else ""


def resets_by_text_message() -> bool:
    """【忘记密码】 by oneself; switched off, the counter is the only way."""
    return bool(settings.RESET_BY_SMS)
