"""An employer does not close an account while money of it is on its way."""

import pytest

from accounts.services.closing import reasons_against_closing
from subsidies.models import Bounce
from subsidies.services.payments import correct_account
from tests.subsidies.test_ledger import NEW, bounced_case, repeat
from workflow.actors import Actor
from workflow.enums import State
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


def finished_but_bounced() -> tuple[Case, Bounce]:
    case, bounce = bounced_case("")
    case = Case.objects.select_related("applicant").get(pk=case.pk)
    assert case.state == State.APPROVED
    return case, bounce


def test_payment_that_came_back_speaks_against_closing_after_the_case_is_done():
    case, _bounce = finished_but_bounced()

    (reason,) = reasons_against_closing(case.applicant)

    assert case.number in reason
    assert "银行退回" in reason


def test_payment_that_was_made_again_does_not():
    case, bounce = finished_but_bounced()
    correct_account(bounce, Actor(user=case.applicant), account=NEW)
    repeat(bounce)

    assert list(reasons_against_closing(case.applicant)) == []
