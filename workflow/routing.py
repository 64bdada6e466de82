"""Which organisation holds a stage: the one function that knows, for a whole set of cases with one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workflow.enums import PERSON, OrganisationKind
from workflow.models import Case, Organisation, Stage, ancestors_by_region


class Offices:
    """Active offices that may hold a stage of these cases, looked up by kind and region."""

    def __init__(self, cases: Sequence[Case], stages: Iterable[Stage]) -> None:
        kinds = {stage.actor_kind for stage in stages} - {PERSON, OrganisationKind.UNIT, OrganisationKind.COUNTY_HR}
        self._ancestors = ancestors_by_region(cases)
        codes = {code for codes in self._ancestors.values() for code in codes}
        offices = Organisation.objects.active().filter(kind__in=kinds, region__in=codes)
        found = offices.order_by("-id").values_list("kind", "region", "pk") if kinds else ()
        self._offices = {(kind, code): pk for kind, code, pk in found}

    def holder_id(self, case: Case, stage: Stage) -> int | None:
        """None where the person acts or where the region has no such office."""
        if stage.actor_kind == PERSON:
            return None
        if stage.actor_kind == OrganisationKind.UNIT:
            return case.unit_id
        if stage.actor_kind == OrganisationKind.COUNTY_HR:
            # The unit's chosen 主管部门 fixes the county.
            return case.supervisor_id
        offices = (self._offices.get((stage.actor_kind, code)) for code in self._ancestors[case.region_id])
        return next((office for office in offices if office is not None), None)
