"""单位注册 of an employer that was here before: until an office has agreed, nobody has changed what stood of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import serializers

from accounts.models import UnitProfile, UnitRegistration
from workflow.models import Organisation

FACTS = ("name", "code", "region", "parent")
DETAILS = (
    "uscc", "principal", "principal_phone", "unit_kind", "industry", "address", "founded_on", "affiliation",
)  # fmt: skip


def facts_of_former(uscc: str) -> str:
    """ "" where the employer is new."""
    unit = Organisation.objects.units().filter(code=uscc).select_related("profile").first()
    if unit is None:
        return ""
    rows: list[Organisation | UnitProfile] = [unit]
    if hasattr(unit, "profile"):
        rows.append(unit.profile)
    return str(serializers.serialize("json", rows, fields=[*FACTS, *DETAILS]))


def restore_former(cases: Iterable[int]) -> None:
    """Of registrations that ended without an approval that stands; a fixed number of statements."""
    found = UnitRegistration.objects.filter(case__in=list(cases), organisation__active=False)
    kept = [row.object for one in found if one.former for row in serializers.deserialize("json", one.former)]
    units = [row for row in kept if isinstance(row, Organisation)]
    Organisation.objects.bulk_update(units, FACTS)
    UnitProfile.objects.bulk_update([row for row in kept if isinstance(row, UnitProfile)], DETAILS)
    found.update(former="")
