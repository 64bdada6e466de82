"""大学生租房补助 in a real browser: from 【单位注册】 to the person's 【确认拨付】, through every office."""

from collections.abc import Callable

import pytest

from subsidies.services.reconciliation import money_report
from tests.accounts.factories import PASSWORD
from tests.journeys import steps
from tests.journeys.desk import Desk
from workflow import clock
from workflow.enums import State
from workflow.models import Case, PublicNotice
from workflow.worker import work_once

pytestmark = pytest.mark.browser


def end_the_notice() -> None:
    """The days of the notice pass, and the worker makes its round."""
    notice = PublicNotice.objects.get()
    clock.move_ahead((notice.ends_on - clock.today()).days + 1)
    work_once()


def test_a_subsidy_travels_from_registration_to_money_received(
    sit_down: Callable[..., Desk], office: Callable[[str], Desk]
) -> None:
    unit, person, visitor = sit_down(), sit_down(), sit_down()

    steps.register_unit(unit)
    steps.review_the_unit(office("county_hr"))
    unit.sign_out()
    unit.sign_in("单位登录", "yuhe", PASSWORD)
    steps.register_person(person)
    steps.review_the_person(unit)
    steps.keep_work_experience(person)
    steps.fill_in_the_application(person)
    steps.hand_in_the_papers(person)
    steps.submit(person)
    steps.approve_and_report(unit)
    steps.return_to_the_person(office("county_hr"))
    steps.correct_and_resubmit(person)
    steps.approve_what_changed(office("county_hr"))
    steps.publish(office("county_hr"))
    steps.read_the_notice(visitor)
    end_the_notice()
    steps.panel_review(office("county_hr"))
    steps.report_to_the_county_department(office("county_hr"))
    steps.confirm_in_the_county(office("county_org"))
    steps.sum_up_in_the_city(office("city_hr"))
    steps.report_to_the_city_department(office("city_hr"))
    steps.confirm_in_the_city(office("city_org"))
    steps.allocate_from_the_city(office("city_fin"))
    steps.pay_from_the_county(office("county_fin"))
    steps.confirm_receipt(person)
    steps.print_the_form(person)
    for desk in (unit, office("county_hr"), office("city_hr"), office("county_fin")):
        steps.read_statistics(desk)

    case = Case.objects.get(case_type="graduate_rent")
    assert (case.state, str(case.amount)) == (State.APPROVED, "6000.00")
    assert money_report().disagreements == ()
