"""Made-up item codes of the HR bureaus: real ones are published by the office that handles the item."""

from __future__ import annotations

from collections.abc import Sequence

from portal.demo.units import credit_code
from workflow import registry
from workflow.enums import OrganisationKind
from workflow.identifiers import ORGANISATION_WEIGHTS
from workflow.models import Organisation, Region, ServiceItem
from workflow.numbers import ItemCode

BUREAUS = (OrganisationKind.COUNTY_HR, OrganisationKind.CITY_HR)


def make_items(offices: Sequence[Organisation]) -> None:
    for office in (office for office in offices if office.kind in BUREAUS):
        for position, case_type in enumerate(sorted(registry.case_types), 1):
            code = ItemCode(_office_code(office.region), office.region.level + 1, f"13999900{position:04}")
            ServiceItem.objects.get_or_create(case_type=case_type, organisation=office, defaults={"code": str(code)})


def _office_code(region: Region) -> str:
    """A credit code of a 机关 in this region, right by both of its checks."""
    inner = f"00{region.code}"
    total = sum(int(digit) * weight for digit, weight in zip(inner, ORGANISATION_WEIGHTS, strict=True))
    return credit_code(f"11{region.code}{inner}{'0123456789X'[-total % 11]}")
