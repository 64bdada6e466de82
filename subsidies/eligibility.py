"""From rows to facts: what the rules are asked about, for any number of applications with the same queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from subsidies.amounts import Span, insured_span
from subsidies.completeness import find_gaps, labels_of
from subsidies.facts import Entitlement, Facts, Terms, entitlement
from subsidies.models import MonthClaim, RentApplication
from subsidies.rules import check_all, failures
from talent.models import WorkExperience
from workflow import clock
from workflow.findings import Check
from workflow.models import Filing


@dataclass(frozen=True, slots=True)
class Assessment:
    """All rules over one application, and what it is entitled to."""

    checks: list[Check]
    entitlement: Entitlement
    # Fields of the form that are still empty or cannot be read.
    gaps: list[str]

    @property
    def failed(self) -> list[Check]:
        return failures(self.checks)

    @property
    def reasons(self) -> list[str]:
        """Why it cannot be filed yet; empty when it can."""
        empty = [_("Not filled in completely: %(fields)s") % {"fields": labels_of(self.gaps)}] if self.gaps else []
        return [*empty, *(check.reason for check in self.failed if check.field not in self.gaps)]


@dataclass(frozen=True, slots=True)
class Known:
    """All that was read of one application, once: the facts of its rules, and what goes into its filing beside them."""

    facts: Facts
    terms: Terms
    gaps: list[str]
    # The present employment, and the months that the case holds already.
    work: WorkExperience | None
    held: frozenset[date]

    def judge(self) -> Assessment:
        """In the language in force; asks the database nothing."""
        return Assessment(check_all(self.facts, self.terms), entitlement(self.facts, self.terms), self.gaps)


def assess(application: RentApplication) -> Assessment:
    return assess_all([application])[application.pk]


def assess_all(applications: Sequence[RentApplication]) -> dict[int, Assessment]:
    return {pk: known.judge() for pk, known in read_all(applications).items()}


def read_all(applications: Sequence[RentApplication]) -> dict[int, Known]:
    """``applications`` come from ``.whole()``; two further queries for all of them, three if any was filed before."""
    works = current_works(application.person_id for application in applications)
    claims = _claims(applications)
    applied = _first_days(applications)
    terms = {application.programme_id: application.programme.terms for application in applications}
    result = {}
    for application in applications:
        work, all_claims = works.get(application.person_id), claims[application.person_id]
        facts = _facts(application, work, _taken(application, all_claims), applied.get(application.pk))
        held = frozenset(claim.month for claim in all_claims if claim.case_id == application.case_id)
        result[application.pk] = Known(facts, terms[application.programme_id], find_gaps(application), work, held)
    return result


def current_works(person_ids: Iterable[int]) -> dict[int, WorkExperience]:
    """{person: the present employment}"""
    rows = WorkExperience.objects.of_persons(set(person_ids)).current()
    return {work.person_id: work for work in rows}


def _claims(applications: Sequence[RentApplication]) -> dict[int, list[MonthClaim]]:
    """{person: every month that cases of theirs hold}"""
    held: dict[int, list[MonthClaim]] = defaultdict(list)
    for claim in MonthClaim.objects.of_persons({row.person_id for row in applications}):
        held[claim.person_id].append(claim)
    return held


def _taken(application: RentApplication, claims: Iterable[MonthClaim]) -> dict[date, str]:
    """{month: number of the other case that holds it}"""
    family = application.programme.family
    return {c.month: str(c.case) for c in claims if c.family == family and c.case_id != application.case_id}


def _first_days(applications: Sequence[RentApplication]) -> dict[int, date]:
    """{application: the day of its first submission}; drafts are left out."""
    filed = [row.pk for row in applications if row.case.seq]
    filings = Filing.objects.filter(case__in=filed, number=1) if filed else Filing.objects.none()
    return {pk: clock.local_date(moment) for pk, moment in filings.values_list("case", "filed_at")}


def _facts(
    application: RentApplication, work: WorkExperience | None, taken: dict[date, str], applied_on: date | None
) -> Facts:
    education, unit = application.education, application.person.unit
    return Facts(
        today=clock.today(),
        applied_on=applied_on,
        education=education.level if education else "",
        full_time=education.full_time if education else None,
        graduated_on=education.graduated_on if education else None,
        has_current_work=work is not None,
        works_at_registered_unit=_at_registered_unit(application, work),
        unit_kind=unit.profile.unit_kind if unit is not None and hasattr(unit, "profile") else "",
        contract=Span(work.contract_start, work.contract_end) if work and work.contract_start else None,
        insured=_insured(application),
        insured_months=application.insured_months,
        lease=Span(application.lease_start, application.lease_end)
        if application.lease_start and application.lease_end
        else None,
        rent=application.monthly_rent,
        owns_house=application.owns_house,
        enjoyed_other=application.enjoyed_other,
        start=application.start,
        end=application.end,
        taken=taken,
    )


def _at_registered_unit(application: RentApplication, work: WorkExperience | None) -> bool:
    """Once filed, the case stays with the unit that it was filed through."""
    registered = application.person.unit_id
    same_case = not application.case.number or application.case.unit_id == registered
    return work is not None and registered is not None and work.unit_id == registered and same_case


def _insured(application: RentApplication) -> Span | None:
    if application.insured_from is None or application.insured_months is None:
        return None
    return insured_span(application.insured_from, application.insured_months)
