"""The chain of the rent subsidy, walked by the real services from submission to completion."""

import pytest

from subsidies.models import Allocation, Payment
from subsidies.services.reconciliation import money_report
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import fresh, open_offices, walk
from workflow.enums import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


def test_thirteen_steps_end_with_the_money_confirmed() -> None:
    open_offices()
    case = make_submitted_application().case

    walk(case, to="")

    done = fresh(case)
    stages = [event.from_stage for event in done.events.order_by("seq")]
    assert done.state == State.APPROVED
    assert stages == [
        "", "unit", "unit_report", "county_hr", "publish", "publicity", "review", "county_report", "county_org",
        "city_summary", "city_report", "city_org", "city_fin", "county_fin", "person_confirm",
    ]  # fmt: skip
    assert Allocation.objects.get().amount == Payment.objects.get().amount == done.amount
    assert money_report().disagreements == ()
