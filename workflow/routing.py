"""Which organisation holds a stage: the one function that knows, for a whole set of cases with one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workflow.enums import PERSON, OrganisationKind
from workflow.models import Case, Organisation, Stage


class Offices:
    """Active offices that may hold a stage of these cases, looked up by kind and region."""

    def __init__(self, cases: Sequence[Case], stages: Iterable[Stage]) -> None:
        kinds = {stage.actor_kind for stage in stages} - {PERSON, OrganisationKind.UNIT, OrganisationKind.COUNTY_HR}
        codes = {code for case in cases for code in case.region.ancestors}
        found = Organisation.objects.active().filter(kind__in=kinds, region__in=codes).order_by("-id") if kinds else []
        self._offices = {(office.kind, office.region_id): office for office in found}

    def holder(self, case: Case, stage: Stage) -> Organisation | None:
        """None where the person acts or where the region has no such office."""
        if stage.actor_kind == PERSON:
            return None
        if stage.actor_kind == OrganisationKind.UNIT:
            return case.unit
        if stage.actor_kind == OrganisationKind.COUNTY_HR:
            # The unit's chosen 主管部门 fixes the county.
            return case.supervisor
        offices = (self._offices.get((stage.actor_kind, code)) for code in case.region.ancestors)
        return next((office for office in offices if office is not None), None)
