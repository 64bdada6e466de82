"""The only function that moves cases: who may do what where, what it writes, and what the database refuses."""

import uuid

import pytest
from django.db import transaction

from tests.workflow.factories import OTHER_COUNTY, DutyFactory, OrganisationFactory, UserFactory, acting
from tests.workflow.toy import SPEC, STAGES, TOY, Town
from workflow.actors import SYSTEM, Actor
from workflow.enums import PERSON, Action, OrganisationKind, Role, State
from workflow.models import Act, Case, CaseEvent
from workflow.services import Press, Refused, Seen, perform, perform_all, perform_one

HOLDERS = {"unit": "unit", "report": "unit", "county": "county", "city": "city", "person": PERSON}
WHO = ["unit", "county", "city", PERSON, "stranger", "reviewer", "elsewhere", "system"]
MOVES = [Action.APPROVE, Action.SEND_BACK, Action.REJECT]


def cast(town: Town, who: str) -> Actor:
    if who == "system":
        return SYSTEM
    if who == "stranger":
        return Actor(UserFactory())
    if who == "reviewer":
        return acting(DutyFactory(organisation=town.county.organisation, role=Role.REVIEWER))
    if who == "elsewhere":
        return acting(DutyFactory(organisation=OrganisationFactory(county_hr=True, region_id=OTHER_COUNTY)))
    return town.actor(who)


def may(stage: str, action: Action, who: str) -> bool:
    """The rule in one line: the holder's people, and only what the stage allows."""
    spec = next(spec for spec in SPEC.stages if spec.slug == stage)
    allowed = {
        Action.APPROVE: True,
        Action.SEND_BACK: bool(spec.returns_to),
        Action.REJECT: spec.may_reject,
    }
    return who == HOLDERS[stage] and allowed[action]


def try_move(case: Case, action: Action, actor: Actor) -> bool:
    try:
        perform_one(action, case, actor, opinion="请补正")
    except Refused:
        return False
    return True


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("action", MOVES)
@pytest.mark.parametrize("stage", STAGES)
def test_move_in_review_is_for_the_holder_alone(town: Town, stage: str, action: Action, who: str) -> None:
    case = town.at(stage)

    moved = try_move(case, action, cast(town, who))

    assert moved is may(stage, action, who)
    assert CaseEvent.objects.filter(case=case, action=action, from_stage=stage).exists() is moved


def case_in(town: Town, state: State) -> Case:
    match state:
        case State.DRAFT:
            return town.draft()
        case State.IN_REVIEW:
            return town.at("county")
        case State.RETURNED:
            return town.move(town.at("unit"), Action.SEND_BACK)
        case State.REJECTED:
            return town.move(town.at("county"), Action.REJECT)
        case State.WITHDRAWN:
            return town.move(town.at("unit"), Action.WITHDRAW, PERSON)
        case State.APPROVED:
            return town.move(town.at("person"), Action.APPROVE)


BY_APPLICANT = {
    (State.DRAFT, Action.SUBMIT),
    (State.DRAFT, Action.WITHDRAW),
    (State.RETURNED, Action.SUBMIT),
    (State.RETURNED, Action.WITHDRAW),
}


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW])
@pytest.mark.parametrize("state", State)
def test_submit_and_withdraw_are_for_the_applicant(town: Town, state: State, action: Action) -> None:
    case = case_in(town, state)

    by_office = try_move(case, action, town.actor("unit"))
    by_stranger = try_move(case, action, cast(town, "stranger"))
    by_applicant = try_move(case, action, town.applicant)

    assert (by_office, by_stranger) == (False, False)
    assert by_applicant is ((state, action) in BY_APPLICANT)


@pytest.mark.parametrize("action", MOVES)
@pytest.mark.parametrize("state", [state for state in State if state != State.IN_REVIEW])
def test_nobody_decides_outside_review(town: Town, state: State, action: Action) -> None:
    case = case_in(town, state)

    assert not any(try_move(case, action, cast(town, who)) for who in WHO)


def test_a_stale_page_is_told_who_was_faster(town: Town) -> None:
    case = town.at("unit")
    town.move(case, Action.APPROVE)

    with pytest.raises(Refused, match=f"^{town.unit.organisation.name}已先行办理"):
        perform_one(Action.WITHDRAW, case, town.applicant)

    assert CaseEvent.objects.filter(case=case, action=Action.APPROVE).count() == 1


def test_a_vanished_case_is_refused_by_name(town: Town) -> None:
    act = perform(Action.APPROVE, [Seen(999_999, 0)], town.actor("unit"))

    assert (act.done, [row["case"] for row in act.refused]) == (0, [999_999])


def test_one_refused_row_does_not_block_the_others(town: Town) -> None:
    first, second, moved = town.at("unit"), town.at("unit"), town.at("county")

    seen = [Seen(case.pk, case.revision) for case in (first, second, moved)]
    act = perform(Action.APPROVE, seen, town.actor("unit"), stage="unit")

    assert (act.asked, act.done, [row["case"] for row in act.refused]) == (3, 2, [moved.pk])
    assert set(Case.objects.filter(stage="report").values_list("pk", flat=True)) == {first.pk, second.pk}


def test_nobody_decides_their_own_case(town: Town) -> None:
    town.person = town.unit.user
    case = town.submit(town.draft())

    with pytest.raises(Refused, match=r"本人|own case"):
        perform_one(Action.APPROVE, case, town.actor("unit"))


def test_four_eyes_bar_whoever_decided_the_earlier_step(town: Town) -> None:
    case = town.at("city")
    both = DutyFactory(organisation=town.city.organisation, user=town.county.user)

    with pytest.raises(Refused):
        perform_one(Action.APPROVE, case, acting(both))
    perform_one(Action.APPROVE, case, town.actor("city"))

    assert Case.objects.get(pk=case.pk).stage == "person"


def test_a_closed_gate_holds_back_its_case_alone(town: Town) -> None:
    held, free = town.at("county"), town.at("county")
    town.gate.closed[held.subject] = "公示期未满"

    seen = [Seen(case.pk, case.revision) for case in (held, free)]
    act = perform(Action.APPROVE, seen, town.actor("county"))

    assert [(row["case"], row["reason"]) for row in act.refused] == [(held.pk, "公示期未满")]
    assert Case.objects.get(pk=free.pk).stage == "city"
    town.gate.closed.clear()
    assert town.move(held, Action.APPROVE).stage == "city"


def test_a_gate_is_asked_once_for_the_whole_set(town: Town) -> None:
    cases = [town.at("county") for _ in range(3)]
    town.gate.asked = 0

    perform(Action.APPROVE, [Seen(case.pk, case.revision) for case in cases], town.actor("county"))

    assert town.gate.asked == 1


def test_a_return_needs_an_opinion(town: Town) -> None:
    case = town.at("unit")

    with pytest.raises(ValueError, match="opinion"):
        perform_one(Action.SEND_BACK, case, town.actor("unit"), opinion="  ")


def test_a_missing_level_is_skipped(town: Town) -> None:
    assert town.at("city").holder == town.city.organisation


def test_an_optional_level_that_exists_is_not_skipped(town: Town) -> None:
    department = OrganisationFactory(county_org=True)
    case = town.move(town.at("county"), Action.APPROVE)

    assert (case.stage, case.holder) == ("organisation", department)


def test_a_level_that_no_office_fills_stops_the_case(town: Town) -> None:
    case = town.at("county")
    town.city.organisation.active = False
    town.city.organisation.save()

    with pytest.raises(Refused, match="市人社局拨付"):
        perform_one(Action.APPROVE, case, town.actor("county"))


def test_resubmission_goes_back_to_who_returned_it(town: Town) -> None:
    returned = town.move(town.at("county"), Action.SEND_BACK)
    assert (returned.state, returned.resume_stage, returned.holder) == (State.RETURNED, "county", None)

    case = town.submit(returned, content={"sections": []})

    assert (case.stage, case.resume_stage) == ("county", "")


def test_resubmission_starts_anew_when_the_entitlement_changed(town: Town) -> None:
    returned = town.move(town.at("county"), Action.SEND_BACK)

    case = town.submit(returned, entitlement={"months": 12})

    assert case.stage == "unit"


def test_a_return_to_an_office_goes_to_a_stage_really_passed(town: Town) -> None:
    case = town.move(town.at("county"), Action.SEND_BACK, target="unit")

    assert (case.stage, case.holder, case.resume_stage) == ("unit", town.unit.organisation, "county")


@pytest.mark.parametrize("target", ["city", "nowhere", "organisation"])
def test_a_return_to_any_other_stage_is_refused(town: Town, target: str) -> None:
    case = town.at("county")

    with pytest.raises(Refused):
        perform_one(Action.SEND_BACK, case, town.actor("county"), opinion="请补正", target=target)


def test_the_deadline_is_armed_again_after_a_return(town: Town) -> None:
    case = town.at("unit")
    first = case.due_on

    returned = town.move(case, Action.SEND_BACK)
    again = town.submit(returned)

    assert returned.due_on is None
    assert again.due_on == first


def test_take_back_undoes_ones_own_latest_decision(town: Town) -> None:
    case = town.move(town.at("unit"), Action.APPROVE)

    perform_one(Action.TAKE_BACK, case, town.actor("unit"))

    back = Case.objects.get(pk=case.pk)
    assert (back.state, back.stage, back.holder) == (State.IN_REVIEW, "unit", town.unit.organisation)


@pytest.mark.parametrize("action", [Action.SEND_BACK, Action.REJECT])
def test_take_back_undoes_a_return_and_a_rejection(town: Town, action: Action) -> None:
    case = town.move(town.at("county"), action)

    perform_one(Action.TAKE_BACK, case, town.actor("county"))

    assert Case.objects.get(pk=case.pk).stage == "county"


def test_taking_back_the_first_decision_lets_the_person_withdraw_again(town: Town) -> None:
    case = town.move(town.at("unit"), Action.APPROVE)
    assert not try_move(case, Action.WITHDRAW, town.applicant)

    case = town.move(case, Action.TAKE_BACK, "unit")

    assert try_move(case, Action.WITHDRAW, town.applicant)


def test_take_back_is_not_for_a_colleague_or_after_the_next_move(town: Town) -> None:
    colleague = acting(DutyFactory(organisation=town.unit.organisation))
    case = town.move(town.at("unit"), Action.APPROVE)
    assert not try_move(case, Action.TAKE_BACK, colleague)

    later = town.move(town.move(case, Action.APPROVE), Action.APPROVE)

    assert not try_move(later, Action.TAKE_BACK, town.actor("unit"))


def test_a_take_back_cannot_itself_be_taken_back(town: Town) -> None:
    case = town.move(town.at("unit"), Action.APPROVE)
    case = town.move(case, Action.TAKE_BACK, "unit")

    assert not try_move(case, Action.TAKE_BACK, town.actor("unit"))
    assert Case.objects.get(pk=case.pk).stage == "unit"


def test_an_irreversible_effect_bars_the_take_back(town: Town) -> None:
    case = town.move(town.at("city"), Action.APPROVE)
    assert town.payments.paid == [case.pk]

    with pytest.raises(Refused, match=r"cannot be taken back|不能撤回"):
        perform_one(Action.TAKE_BACK, case, town.actor("city"))


def test_the_same_token_answers_the_first_act(town: Town) -> None:
    case, token = town.at("unit"), uuid.uuid4()

    first = perform_one(Action.APPROVE, case, town.actor("unit"), token=token)
    second = perform_one(Action.APPROVE, case, town.actor("unit"), token=token)

    assert (first.pk, second.pk, second.done) == (token, token, 1)
    assert CaseEvent.objects.filter(act=token).count() == 1
    assert Case.objects.get(pk=case.pk).stage == "report"


def test_withdrawal_ends_with_the_first_decision(town: Town) -> None:
    fresh, decided = town.at("unit"), town.at("report")

    assert try_move(fresh, Action.WITHDRAW, town.applicant)
    assert not try_move(decided, Action.WITHDRAW, town.applicant)


def test_a_kind_of_office_is_found_upwards(town: Town) -> None:
    assert {stage.actor_kind for stage in town.chain.stages.all()} >= {OrganisationKind.CITY_HR, PERSON}
    assert town.at("city").region_id == town.county.organisation.region_id
    assert town.at("city").holder.region_id != town.county.organisation.region_id
    assert Act.objects.filter(case_type=TOY, stage="county", done=1).count() == 2


def presses(town: Town, *cases: Case) -> list[Press]:
    return [Press(town.actor("unit"), [Seen(case.pk, case.revision)], uuid.uuid4()) for case in cases]


def test_presses_of_several_hands_have_cases_of_their_own(town: Town) -> None:
    case = town.at("unit")

    with pytest.raises(ValueError, match="of its own"), transaction.atomic():
        perform_all(Action.APPROVE, presses(town, case, case))

    assert Case.objects.get(pk=case.pk).revision == case.revision


def test_presses_of_several_hands_are_made_at_one_time(town: Town) -> None:
    acts = perform_all(Action.APPROVE, presses(town, *[town.at("unit") for _ in range(5)]))

    assert [act.done for act in acts] == [1] * 5
    assert len({act.at for act in acts}) == 1
