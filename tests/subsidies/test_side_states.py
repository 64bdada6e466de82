"""What leaves the straight line: returns, rejections, objections, time that runs out."""

import uuid

import pytest

from subsidies.models import MonthClaim
from subsidies.services.submission import submit_application
from tests.subsidies.factories import actor_of, make_submitted_application
from tests.subsidies.walking import application_at, end_notice, forward, fresh, holder_of, open_offices, press, walk
from workflow import clock
from workflow.actors import SYSTEM
from workflow.chain_specs import chain_specs
from workflow.enums import PERSON, Action, BatchKind, ObjectionStatus, State
from workflow.models import Batch, Case, Objection, OutboxMessage, PublicNotice
from workflow.services.notices import decide_objection
from workflow.timers import move_due_cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


def return_to(target: str, case: Case) -> None:
    act = press(Action.SEND_BACK, case, target=target, opinion="请更正租赁合同日期")
    assert act.refused == [], act.refused


def file_again(case: Case) -> None:
    application = fresh(case).rent_application
    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)


def object_to(case: Case) -> Objection:
    notice = PublicNotice.objects.get(batch__members__case=case)
    return Objection.objects.create(
        notice=notice, case=case, name="王五", contact="13900000000", content="有自有住房", created_at=clock.now()
    )


def test_what_the_unit_has_not_reported_goes_back_to_its_review() -> None:
    case = application_at("unit_report").case

    return_to("unit", case)

    assert (fresh(case).stage, fresh(case).state) == ("unit", State.IN_REVIEW)
    walk(case, to="county_hr")


def test_a_return_to_the_person_resumes_where_it_was_returned() -> None:
    case = application_at("review").case
    return_to(PERSON, case)
    assert fresh(case).state == State.RETURNED

    file_again(case)

    assert fresh(case).stage == "review"
    assert MonthClaim.objects.filter(case=case).count() == 6


@pytest.mark.parametrize(
    ("stage", "target"),
    [
        (stage.slug, target)
        for stage in chain_specs["graduate_rent"].stages
        for target in stage.returns_to
        if target != PERSON
    ],
)
def test_every_return_between_offices_finds_its_way_forward_again(stage: str, target: str) -> None:
    case = application_at(stage).case

    return_to(target, case)
    walk(case, to=stage)

    assert fresh(case).stage == stage


def test_a_case_returned_by_the_city_leaves_its_batches_and_the_others_stay() -> None:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    walk(first.case, second.case, to="city_org")

    return_to("city_summary", first.case)

    batch = Batch.objects.get(kind=BatchKind.SUMMARY)
    assert batch.version == 2
    assert [(row.count, row.total) for row in batch.versions.order_by("version")] == [(2, 12000), (1, 6000)]
    walk(second.case, to="county_fin")


def test_a_panel_that_says_no_ends_the_case_and_frees_its_months() -> None:
    case = application_at("review").case

    press(Action.REJECT, case, opinion="评审不通过：合同不符")

    assert fresh(case).state == State.REJECTED
    assert not MonthClaim.objects.filter(case=case).exists()


def test_a_rejection_that_is_taken_back_claims_the_months_again() -> None:
    case = application_at("review").case
    officer = holder_of(fresh(case))
    press(Action.REJECT, case, opinion="误操作")

    act = press(Action.TAKE_BACK, case, actor=officer)

    assert act.refused == []
    assert fresh(case).stage == "review"
    assert MonthClaim.objects.filter(case=case).count() == 6


@pytest.mark.parametrize("action", [Action.SEND_BACK, Action.REJECT])
def test_a_case_stands_on_its_lists_again_when_the_move_that_took_it_off_is_taken_back(action: Action) -> None:
    case = application_at("review").case
    officer = holder_of(fresh(case))
    press(action, case, target="county_hr" if action == Action.SEND_BACK else "", opinion="误操作")
    batch = Batch.objects.get(kind=BatchKind.NOTICE)
    assert batch.members.get(case=case).removed_in == 2

    act = press(Action.TAKE_BACK, case, actor=officer)

    assert act.refused == []
    batch.refresh_from_db()
    assert batch.version == 3
    assert batch.members.get(case=case).removed_in is None
    assert [row.count for row in batch.versions.order_by("version")] == [1, 0, 1]


def test_a_published_notice_cannot_be_taken_back() -> None:
    case = application_at("publish").case
    officer = holder_of(fresh(case))
    forward(case)

    act = press(Action.TAKE_BACK, case, actor=officer)

    assert act.done == 0
    assert fresh(case).stage == "publicity"


def test_an_objection_holds_back_its_case_alone() -> None:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    walk(first.case, second.case, to="publicity")
    objection = object_to(first.case)
    end_notice(first.case)

    move_due_cases()

    assert fresh(first.case).stage == "publicity"
    assert fresh(second.case).stage == "review"
    notice_office = holder_of(fresh(second.case))
    decide_objection(objection, notice_office, upheld=False, finding="查无房产", token=uuid.uuid4())
    move_due_cases()
    assert fresh(first.case).stage == "review"


def test_an_upheld_objection_ends_its_case() -> None:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    walk(first.case, second.case, to="publicity")
    objection = object_to(first.case)
    end_notice(first.case)
    move_due_cases()

    decide_objection(objection, holder_of(fresh(second.case)), upheld=True, finding="确有住房", token=uuid.uuid4())

    assert Objection.objects.get().status == ObjectionStatus.UPHELD
    assert fresh(first.case).state == State.REJECTED


def test_nobody_ends_a_published_case_without_an_upheld_objection() -> None:
    case = application_at("publish").case
    officer = holder_of(fresh(case))
    forward(case)

    act = press(Action.REJECT, case, actor=officer, opinion="不想通过")

    assert act.done == 0
    assert "异议成立" in act.refused[0]["reason"]


def test_the_city_finance_bureau_is_told_once_for_the_whole_confirmation() -> None:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    walk(first.case, second.case, to="city_org")

    forward(first.case, second.case)

    message = OutboxMessage.objects.get(kind="subsidies.city_confirmed")
    assert message.organisation == fresh(first.case).holder
    assert message.context == {"count": 2, "total": "12000.00"}


def test_the_person_is_taken_to_have_confirmed_when_the_days_are_over() -> None:
    case = application_at("person_confirm").case
    due_on = fresh(case).due_on
    assert due_on is not None
    clock.move_ahead((due_on - clock.today()).days)
    move_due_cases()
    assert fresh(case).stage == "person_confirm"

    clock.move_ahead(1)
    move_due_cases()

    done = fresh(case)
    assert done.state == State.APPROVED
    assert done.events.order_by("-seq")[0].actor is None


def test_nothing_goes_back_once_the_city_has_paid() -> None:
    case = application_at("county_fin").case

    act = press(Action.SEND_BACK, case, target=PERSON, opinion="账号有误")

    assert act.done == 0


def test_the_system_moves_no_stage_that_waits_for_an_officer() -> None:
    case = application_at("county_hr").case

    act = press(Action.APPROVE, case, actor=SYSTEM)

    assert act.done == 0
