"""The months of a case that was paid are never given up, whatever the application may try."""

import pytest
from django.db import IntegrityError, connection, transaction

from subsidies.models import MonthClaim
from subsidies.services.claims import release_claims
from subsidies.services.payments import record_bounce
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import officer_of, open_offices, payment_of, walk
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


def at(stage: str) -> Case:
    open_offices()
    case = make_submitted_application().case
    walk(case, to=stage)
    return case


def run(statement: str, case: Case) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE case_id = %s", [case.pk])
        return cursor.rowcount


CHANGES = ["DELETE FROM subsidies_monthclaim", "UPDATE subsidies_monthclaim SET family = 'other'"]


@pytest.mark.parametrize("statement", CHANGES)
def test_months_that_were_paid_stay(movable_clock: None, statement: str) -> None:
    case = at("person_confirm")

    with pytest.raises(IntegrityError, match="subsidies_monthclaim"):
        run(statement, case)

    assert MonthClaim.objects.filter(case=case, family="housing").count() == 6


def test_months_stay_while_a_returned_payment_may_be_repeated(movable_clock: None) -> None:
    case = at("person_confirm")
    payment = payment_of(case)
    record_bounce(payment, officer_of(payment.organisation), reason="户名不符", bounced_on=payment.paid_on)

    with pytest.raises(IntegrityError), transaction.atomic():
        release_claims([case])


@pytest.mark.parametrize("statement", CHANGES)
def test_months_that_were_not_paid_are_free_to_go(movable_clock: None, statement: str) -> None:
    assert run(statement, at("county_fin")) == 6
