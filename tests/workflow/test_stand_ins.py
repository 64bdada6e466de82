"""Somebody acts in the seat of an absent colleague: with the seat's authority, and never around the four eyes."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.workflow.factories import DutyFactory, UserFactory, acting
from tests.workflow.toy import TOY, Town
from workflow import clock
from workflow.enums import Action, Role
from workflow.models import CaseEvent, Duty
from workflow.presentation.steps import timeline
from workflow.seats import posts_of, seats_of
from workflow.services import Refused, perform_one
from workflow.services.jobs import actor_of, duty_holds, start_job

FOUR_EYES = "您在前面的环节办理过该办件"
ABSENT_ACTED = "被代理人是该办件的申请人或在前面的环节办理过该办件"


def stand_in(duty: Duty, **fields: Any) -> Duty:
    """A new colleague, for this week, in the seat of whoever has ``duty``."""
    today = clock.today()
    values: dict[str, Any] = {
        "organisation": duty.organisation,
        "role": duty.role,
        "starts_on": today,
        "ends_on": today + timedelta(days=7),
        "stands_in_for": duty.user,
        "reason": "年休假",
    }
    return DutyFactory(**values | fields)


def approve(case: Any, duty: Duty) -> Any:
    perform_one(Action.APPROVE, case, acting(duty), token=uuid.uuid4())
    case.refresh_from_db()
    return case


def test_stand_in_has_the_seats_of_the_absent(town: Town) -> None:
    duty = stand_in(town.county)

    assert [seat.key for seat in seats_of(acting(duty))] == [seat.key for seat in seats_of(acting(town.county))]
    assert [post.duty for post in posts_of(duty.user_id, clock.today())] == [duty]


@pytest.mark.parametrize(("shift", "open_"), [(-8, False), (-7, True), (0, True), (1, False)])
def test_stand_in_acts_from_the_first_day_until_the_last(town: Town, shift: int, open_: bool) -> None:
    starts_on = clock.today() + timedelta(days=shift)
    duty = stand_in(town.county, starts_on=starts_on, ends_on=starts_on + timedelta(days=7))
    client = Client()
    client.force_login(duty.user)

    status = client.get(reverse("workflow:queue", args=[TOY, "county"])).status_code

    assert status == (200 if open_ else 403)


@pytest.mark.parametrize(
    "lost", [{"ends_on": date(2020, 6, 1)}, {"starts_on": date(2099, 1, 1)}, {"role": Role.LEADER}], ids=str
)
def test_stand_in_has_the_seat_no_longer_than_the_absent(town: Town, lost: dict[str, Any]) -> None:
    duty = stand_in(town.county)

    def held() -> list[list[Duty]]:
        day = clock.today()
        return [list(Duty.objects.of(duty.user_id).on(day)), [post.duty for post in posts_of(duty.user_id, day)]]

    before = held()
    Duty.objects.filter(pk=town.county.pk).update(**lost)

    assert before == [[duty], [duty]]
    assert held() == [[], []]


def test_record_shows_both(town: Town) -> None:
    duty = stand_in(town.county)
    case = approve(town.at("county"), duty)

    events = list(CaseEvent.objects.filter(case=case).select_related("actor", "organisation"))

    assert events[-1].actor_id == duty.user_id
    assert events[-1].payload["stands_in_for"] == town.county.user_id
    assert timeline(case, events, [])[0].who == f"{duty.user}（代{town.county.user}）"


def test_record_of_others_names_nobody_besides(town: Town) -> None:
    case = approve(town.at("county"), town.county)

    assert "stands_in_for" not in case.events.last().payload


def refused(case: Any, duty: Duty) -> str:
    with pytest.raises(Refused) as refusal:
        approve(case, duty)
    return str(refusal.value)


def test_who_decided_before_does_not_decide_again_as_stand_in(town: Town) -> None:
    case = approve(town.at("county"), town.county)

    duty = stand_in(town.city, user=town.county.user)

    assert FOUR_EYES in refused(case, duty)


def test_who_decided_as_stand_in_does_not_decide_again_in_a_duty_of_their_own(town: Town) -> None:
    duty = stand_in(town.county)
    case = approve(town.at("county"), duty)

    own = DutyFactory(user=duty.user, organisation=town.city.organisation)

    assert FOUR_EYES in refused(case, own)


def test_absent_does_not_decide_again_what_the_stand_in_decided(town: Town) -> None:
    case = approve(town.at("county"), stand_in(town.county))

    own = DutyFactory(user=town.county.user, organisation=town.city.organisation)

    assert FOUR_EYES in refused(case, own)


def test_stand_in_does_not_decide_what_the_absent_decided_before(town: Town) -> None:
    case = approve(town.at("county"), town.county)
    both = DutyFactory(user=town.county.user, organisation=town.city.organisation)

    assert ABSENT_ACTED in refused(case, stand_in(both))


def test_two_stand_ins_of_one_person_do_not_decide_one_case(town: Town) -> None:
    both = DutyFactory(user=town.county.user, organisation=town.city.organisation)
    case = approve(town.at("county"), stand_in(town.county))

    assert ABSENT_ACTED in refused(case, stand_in(both))


def test_stand_in_decides_neither_their_own_case_nor_the_absent_person_s(town: Town) -> None:
    mine, theirs = stand_in(town.county), stand_in(town.county)
    case = town.at("county")
    case.applicant = mine.user
    case.save(update_fields=["applicant"])
    assert refused(case, mine)

    case.applicant = town.county.user
    case.save(update_fields=["applicant"])

    assert ABSENT_ACTED in refused(case, theirs)


@pytest.mark.parametrize("action", [Action.SEND_BACK, Action.REJECT])
def test_no_button_leads_around_it(town: Town, action: Action) -> None:
    case = town.at("county")
    case.applicant = town.county.user
    case.save(update_fields=["applicant"])

    with pytest.raises(Refused):
        perform_one(action, case, acting(stand_in(town.county)), opinion="请补正", token=uuid.uuid4())


def test_free_stand_in_decides(town: Town) -> None:
    case = approve(town.at("county"), stand_in(town.county))

    assert approve(case, stand_in(town.city)).stage == "person"


def test_work_in_the_background_knows_for_whom(town: Town) -> None:
    duty = stand_in(town.county)
    job = start_job("workflow.export_queue", "导出", {}, acting(duty))

    assert actor_of(job).stands_in_for_id == town.county.user_id
    assert duty_holds(job)
    Duty.objects.filter(pk=duty.pk).update(starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))
    assert not duty_holds(job)


def draft(duty: Duty, **fields: Any) -> Duty:
    values: dict[str, Any] = {
        "user": UserFactory(),
        "organisation": duty.organisation,
        "role": duty.role,
        "starts_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=7),
        "stands_in_for": duty.user,
        "reason": "年休假",
    }
    return Duty(**values | fields)


def test_stand_in_that_fits_is_accepted(town: Town) -> None:
    draft(town.county).full_clean()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ends_on": None}, "stand_in_open"),
        ({"reason": ""}, "stand_in_open"),
        ({"role": "leader"}, "stand_in_seat"),
    ],
)
def test_stand_in_that_does_not_fit_is_refused(town: Town, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as error:
        draft(town.county, **fields).clean()

    assert error.value.code == code


def test_nobody_stands_in_for_themselves(town: Town) -> None:
    with pytest.raises(ValidationError) as error:
        draft(town.county, user=town.county.user).clean()

    assert error.value.code == "stand_in_self"


def test_seat_must_last_as_long_as_the_stand_in(town: Town) -> None:
    Duty.objects.filter(pk=town.county.pk).update(ends_on=clock.today() + timedelta(days=3))

    with pytest.raises(ValidationError) as error:
        draft(town.county).clean()

    assert error.value.code == "stand_in_seat"


def test_stand_in_has_no_stand_in(town: Town) -> None:
    first = stand_in(town.county)

    with pytest.raises(ValidationError) as error:
        draft(town.county, stands_in_for=first.user).clean()

    assert error.value.code == "stand_in_seat"


def test_colleague_in_the_same_seat_needs_no_stand_in(town: Town) -> None:
    colleague = DutyFactory(organisation=town.county.organisation, role=town.county.role)

    with pytest.raises(ValidationError) as error:
        draft(town.county, user=colleague.user).clean()

    assert error.value.code == "stand_in_twice"


def test_stand_in_gets_no_duty_of_their_own_in_the_seat_meanwhile(town: Town) -> None:
    duty = stand_in(town.county)
    own = Duty(user=duty.user, organisation=duty.organisation, role=duty.role, starts_on=duty.ends_on)

    with pytest.raises(ValidationError) as error:
        own.clean()
    own.starts_on += timedelta(days=1)
    own.clean()

    assert error.value.code == "stand_in_own"


def left_behind(duty: Duty, **fields: Any) -> str:
    for name, value in fields.items():
        setattr(duty, name, value)
    with pytest.raises(ValidationError) as error:
        duty.clean()
    return str(error.value.code)


def test_duty_is_not_shortened_under_its_stand_in(town: Town) -> None:
    duty = stand_in(town.county)
    own = Duty.objects.get(pk=town.county.pk)

    assert left_behind(own, ends_on=duty.ends_on - timedelta(days=1)) == "stand_in_left"
    assert left_behind(own, ends_on=None, starts_on=duty.starts_on + timedelta(days=1)) == "stand_in_left"
    assert left_behind(own, starts_on=date(2020, 1, 1), role=Role.LEADER) == "stand_in_left"
    own.role, own.ends_on = Role.HANDLER, duty.ends_on
    own.clean()


def test_duty_of_somebody_else_bears_no_stand_in(town: Town) -> None:
    stand_in(town.county)
    own = Duty.objects.get(pk=town.county.pk)

    assert left_behind(own, user=UserFactory()) == "stand_in_left"


def test_two_duties_one_after_the_other_bear_their_stand_ins(town: Town) -> None:
    duty = stand_in(town.county)
    DutyFactory(user=town.county.user, organisation=town.county.organisation, starts_on=duty.starts_on)
    own = Duty.objects.get(pk=town.county.pk)

    own.ends_on = duty.starts_on

    own.clean()


@pytest.mark.parametrize("fields", [{"ends_on": None}, {"reason": ""}])
def test_database_refuses_a_stand_in_without_an_end_or_a_reason(town: Town, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        stand_in(town.county, **fields)


def test_menu_says_for_whom_one_acts(town: Town) -> None:
    duty = stand_in(town.county)

    assert str(duty) == f"{town.county}（代{town.county.user}）"
