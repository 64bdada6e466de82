"""The months that a case holds: no month is ever paid twice to one person, the database says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from subsidies.models import MonthClaim, RentApplication
from subsidies.rules.period import overlap_reason
from workflow.models import Case
from workflow.services import Refused


def replace_claims(application: RentApplication, *, months: Iterable[date]) -> None:
    """Let the case hold exactly these months. Raises Refused with the month and the other case where one is taken.

    Whoever comes second at the same moment waits for the first at the unique constraint and is refused by it.
    """
    family = application.programme.family
    MonthClaim.objects.of_cases([application.case]).delete()
    claims = [
        MonthClaim(person_id=application.person_id, family=family, month=month, case_id=application.case_id)
        for month in months
    ]
    try:
        with transaction.atomic():
            MonthClaim.objects.bulk_create(claims)
    except IntegrityError as error:
        held = MonthClaim.objects.of(application.person_id, family).besides(application.case_id).holders()
        taken = [(claim.month, held[claim.month]) for claim in claims if claim.month in held]
        if not taken:
            raise
        raise Refused(overlap_reason(taken)) from error


def release_claims(cases: Sequence[Case]) -> None:
    MonthClaim.objects.of_cases(cases).delete()


def claims_of(cases: Sequence[Case]) -> list[MonthClaim]:
    """The months that these cases were last filed for, as they would be held again: unsaved rows, one query."""
    applications = RentApplication.objects.filed(cases)
    return [
        MonthClaim(person_id=row.person_id, family=row.programme.family, month=month, case_id=row.case_id)
        for row in applications
        for month in months_of(row.case)
    ]


def months_of(case: Case) -> list[date]:
    """The months of the latest filing, from the case's own columns."""
    return [date.fromisoformat(f"{month}-01") for month in case.summary.get("month_list", [])]
