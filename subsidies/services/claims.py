"""The months that a case holds: no month is ever paid twice to one person, the database says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Person
from subsidies.models import MonthClaim, RentApplication
from subsidies.rules.period import overlap_reason
from workflow.bulk import insert_rows
from workflow.models import Case

CLAIM_FIELDS = ("person", "family", "month", "case")


@dataclass(frozen=True, slots=True)
class Wish:
    """The months that a case is to hold, and those that it holds already."""

    application: RentApplication
    months: frozenset[date]
    held: frozenset[date]


def lock_persons(case_ids: Iterable[int]) -> None:
    """Whoever reads the months of these cases' persons to write some comes after this, and after locking the cases.

    In key order: no deadlock (docs/decisions/0012).
    """
    theirs = RentApplication.objects.filter(pk__in=list(case_ids)).values("person")
    locked = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=theirs)
    list(locked.order_by("pk").values_list("pk", flat=True))


def replace_claims(wishes: Sequence[Wish]) -> None:
    """Let each case hold exactly its months. Raises IntegrityError where one is taken.

    Whoever comes second at the same moment waits for the first at the unique constraint and is refused by it.
    """
    changed = [wish for wish in wishes if wish.months != wish.held]
    if again := [wish.application.case for wish in changed if wish.held]:
        release_claims(again)
    rows = [
        (wish.application.person_id, wish.application.programme.family, month, wish.application.case_id)
        for wish in changed
        for month in wish.months
    ]
    # In one order for everybody: two sets that share a person do not wait for each other for ever.
    insert_rows(MonthClaim, CLAIM_FIELDS, sorted(rows))


def taken_reason(application: RentApplication, months: Sequence[date]) -> str:
    """Which of these months another case holds, and which; "" where none is taken."""
    others = MonthClaim.objects.of(application.person_id, application.programme.family).besides(application.case_id)
    held = others.holders()
    taken = [(month, held[month]) for month in months if month in held]
    return overlap_reason(taken) if taken else ""


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
