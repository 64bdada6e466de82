"""渤海英才卡 in a real browser: from 【单位注册】 through all offices to a card that anybody can verify."""

from collections.abc import Callable

import pytest

from talent.documents.card_faces import verify_url
from talent.models import Card
from talent.services.signing import card_code
from tests.accounts.factories import PASSWORD, OfficerFactory
from tests.journeys import card_steps, steps
from tests.journeys.desk import Desk
from workflow.enums import Role, State
from workflow.models import Case, Organisation

pytestmark = pytest.mark.browser

Enter = Callable[[str], Desk]


@pytest.fixture
def hand(sit_down: Callable[..., Desk], officers: dict[str, str]) -> Enter:
    """服务专员 or 负责人 of an office, signed in: "county_hr specialist"."""
    for kind in ("county_hr", "city_hr"):
        for role in (Role.SPECIALIST, Role.LEADER):
            office = Organisation.objects.get(kind=kind)
            OfficerFactory(office=office, office__role=role, username=f"{kind}-{role}")
    desks: dict[str, Desk] = {}

    def enter(name: str) -> Desk:
        if name not in desks:
            desks[name] = sit_down()
            desks[name].sign_in("工作人员登录", name.replace(" ", "-"), PASSWORD)
        return desks[name]

    return enter


def test_a_card_travels_from_the_application_to_a_code_that_anybody_can_verify(
    sit_down: Callable[..., Desk], office: Enter, hand: Enter
) -> None:
    unit, person, visitor = sit_down(), sit_down(), sit_down()

    steps.register_unit(unit)
    steps.review_the_unit(office("county_hr"))
    unit.sign_out()
    unit.sign_in("单位登录", "yuhe", PASSWORD)
    steps.register_person(person)
    steps.review_the_person(unit)
    steps.keep_work_experience(person)
    card_steps.keep_the_talent_space(person)
    card_steps.keep_a_paper(person)
    card_steps.fill_in(person)
    card_steps.review_as_the_employer(unit)
    card_steps.refuse_without_the_summary(hand("county_hr specialist"))
    card_steps.hand_in_the_summary(unit)
    card_steps.approve(hand("county_hr specialist"), "县区服务专员审核")
    card_steps.approve(hand("county_hr leader"), "县区负责人审核")
    card_steps.approve(hand("city_hr specialist"), "市服务专员审核")
    card_steps.approve(hand("city_hr leader"), "市负责人审核")
    card_steps.print_the_card(hand("city_hr specialist"))
    card_steps.carry_the_card(person)

    card = Card.objects.get()
    card_steps.verify(visitor, verify_url(card_code(card), ""))
    assert Case.objects.get(case_type="bohai_card").state == State.APPROVED
