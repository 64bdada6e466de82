"""Filing an application: one transaction, one result per token, no month twice."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from time_machine import TimeMachineFixture

from subsidies.amounts import add_months, month_of
from subsidies.eligibility import assess, assess_all
from subsidies.enums import WindowMode
from subsidies.models import MonthClaim, Programme, RentApplication
from subsidies.services.application import copy_application, start_application
from subsidies.services.submission import submit_application
from talent.services.refusals import NotReady
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory
from tests.subsidies.factories import (
    ACCOUNT,
    ProgrammeFactory,
    RentApplicationFactory,
    actor_of,
    add_required_papers,
    make_draft_case,
    make_submittable_application,
    make_submitted_application,
)
from tests.talent.factories import EducationFactory, WorkExperienceFactory
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Act, Case, Filing
from workflow.services import Refused, perform_one
from workflow.services.filings import compare

pytestmark = pytest.mark.django_db


def unit_actor(case: Case) -> Actor:
    duty = case.unit.duties.select_related("organisation").get()
    return Actor.in_duty(duty, duty.user)


def county_actor(case: Case) -> Actor:
    officer = OfficerFactory(office=case.supervisor)
    return Actor.in_duty(officer.duties.get(), officer)


def stand_before_review(case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(stage="review", holder=case.supervisor)
    return Case.objects.get(pk=case.pk)


def test_submission_moves_the_case_to_the_unit_and_claims_its_months() -> None:
    application = make_submittable_application()

    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    case = Case.objects.get(pk=application.pk)
    claimed = list(MonthClaim.objects.values_list("month", flat=True))
    assert (case.state, case.stage, case.holder) == (State.IN_REVIEW, "unit", case.unit)
    assert case.amount == Decimal("6000.00")
    assert case.number
    assert claimed == [add_months(application.start, index) for index in range(6)]


def test_submission_freezes_the_form_in_chinese_with_secrets_masked() -> None:
    application = make_submittable_application(married=True)

    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    filing = Filing.objects.get(case=application.case)
    rows = {row["key"]: row for section in filing.content["sections"] for row in section["rows"]}
    assert rows["total"]["label"] == "合计金额"
    assert rows["capital"]["value"] == "陆仟元整"
    assert ACCOUNT not in rows["account"]["value"]
    assert rows["account"]["full"] == ACCOUNT
    assert rows["spouse_number"]["value"] == "469028********8883"
    assert all(check["passed"] for check in filing.content["checks"])
    assert {paper["kind"] for paper in filing.content["materials"]} >= {"id_card", "lease", "marriage_certificate"}


def test_summary_carries_what_lists_show() -> None:
    application = make_submitted_application()

    summary = application.case.summary

    assert {
        key: summary[key] for key in ("degree", "degree_code", "months", "standard", "total", "unit", "county")
    } == {
        "degree": "硕士",
        "degree_code": "14",
        "months": 6,
        "standard": "1000.00",
        "total": "6000.00",
        "unit": application.case.unit.name,
        "county": "新华区",
    }
    assert summary["start"] == f"{application.start:%Y-%m}"
    assert summary["end"] == f"{application.end:%Y-%m}"


def test_same_token_gives_the_first_result() -> None:
    application, token = make_submittable_application(), uuid.uuid4()

    first = submit_application(application, actor_of(application), token=token, pledged=True)
    second = submit_application(application, actor_of(application), token=token, pledged=True)

    assert first == second
    assert Act.objects.count() == 1
    assert MonthClaim.objects.count() == 6


def test_failed_rules_and_missing_papers_are_all_named_and_nothing_is_filed() -> None:
    application = RentApplicationFactory(owns_house=True)

    with pytest.raises(NotReady) as refusal:
        submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    assert [check.rule for check in refusal.value.failed] == ["own_house"]
    assert len(refusal.value.lines) == 1 + 8
    assert Case.objects.get(pk=application.pk).state == State.DRAFT
    assert not MonthClaim.objects.exists()


def test_submission_without_the_pledge_is_refused() -> None:
    application = make_submittable_application()

    with pytest.raises(NotReady) as refusal:
        submit_application(application, actor_of(application), token=uuid.uuid4())

    assert not refusal.value.pledged


def test_stale_page_is_refused() -> None:
    application = make_submittable_application()

    with pytest.raises(Refused):
        submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True, revision=7)


def test_gate_refuses_an_ineligible_case_that_comes_past_the_service() -> None:
    application = RentApplicationFactory(enjoyed_other=True)
    add_required_papers(application)

    with pytest.raises(Refused, match="购房补贴"):
        perform_one(Action.SUBMIT, application.case, actor_of(application))


def test_overlapping_month_names_the_month_and_the_other_case() -> None:
    first = make_submitted_application()
    second = RentApplicationFactory(
        person=first.person,
        case=make_draft_case(first.person),
        education=first.education,
        work=False,
        start=first.end,
        end=first.end,
    )
    add_required_papers(second)

    with pytest.raises(NotReady) as refusal:
        submit_application(second, actor_of(second), token=uuid.uuid4(), pledged=True)

    (failed,) = refusal.value.failed
    assert failed.rule == "months_free"
    assert f"{first.end:%Y-%m}" in failed.reason
    assert first.case.number in failed.reason


def test_rejection_gives_the_months_back_and_its_take_back_claims_them_again() -> None:
    application = make_submitted_application()
    case = stand_before_review(application.case)
    officer = county_actor(case)

    perform_one(Action.REJECT, case, officer, opinion="评审不通过")
    free = MonthClaim.objects.count()
    perform_one(Action.TAKE_BACK, Case.objects.get(pk=case.pk), officer)

    assert free == 0
    assert MonthClaim.objects.filter(case=case).count() == 6


def test_take_back_of_a_rejection_is_held_back_when_the_months_are_taken_meanwhile() -> None:
    application = make_submitted_application()
    case = stand_before_review(application.case)
    officer = county_actor(case)
    perform_one(Action.REJECT, case, officer, opinion="评审不通过")
    other = RentApplicationFactory(
        person=application.person, case=make_draft_case(application.person), education=application.education, work=False
    )
    add_required_papers(other)
    submit_application(other, actor_of(other), token=uuid.uuid4(), pledged=True)

    with pytest.raises(Refused, match=Case.objects.get(pk=other.pk).number):
        perform_one(Action.TAKE_BACK, Case.objects.get(pk=case.pk), officer)


def test_take_back_of_a_rejection_is_held_back_when_the_cap_is_used_meanwhile() -> None:
    application = make_submitted_application()
    case = stand_before_review(application.case)
    officer = county_actor(case)
    perform_one(Action.REJECT, case, officer, opinion="评审不通过")
    Programme.objects.update(max_months=8)
    submit_earlier_months(application)

    with pytest.raises(Refused, match=r"6.*3.*8"):
        perform_one(Action.TAKE_BACK, Case.objects.get(pk=case.pk), officer)


def submit_earlier_months(application: RentApplication) -> None:
    """The same person applies for three months before those of the first application."""
    other = earlier_months(application)
    submit_application(other, actor_of(other), token=uuid.uuid4(), pledged=True)


def earlier_months(application: RentApplication) -> RentApplication:
    other: RentApplication = RentApplicationFactory(
        person=application.person,
        case=make_draft_case(application.person),
        education=application.education,
        work=False,
        start=add_months(application.start, -3),
        end=add_months(application.start, -1),
    )
    add_required_papers(other)
    return other


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_applications_at_once_do_not_pass_the_cap_together() -> None:
    Programme.objects.update(max_months=8)
    first = make_submittable_application()
    both, answers, start = [first, earlier_months(first)], [], threading.Barrier(2)

    def submit(application: RentApplication) -> None:
        start.wait()
        try:
            submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)
            answers.append("filed")
        except NotReady as refused:
            answers.extend(check.rule for check in refused.failed)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=[application]) for application in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(answers) == ["cap", "filed"]


def test_withdrawal_gives_the_months_back() -> None:
    application = make_submitted_application()

    perform_one(Action.WITHDRAW, application.case, actor_of(application))

    assert not MonthClaim.objects.exists()


def test_resubmission_with_other_months_replaces_the_claims() -> None:
    application = make_submitted_application()
    perform_one(Action.SEND_BACK, application.case, unit_actor(application.case), opinion="请缩短期间")
    RentApplication.objects.filter(pk=application.pk).update(end=application.start)

    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    case = Case.objects.get(pk=application.pk)
    assert list(MonthClaim.objects.values_list("month", flat=True)) == [application.start]
    assert case.amount == Decimal("1000.00")
    assert [filing.entitlement["amount"] for filing in case.filings.all()] == ["6000.00", "1000.00"]


def test_start_prefills_from_what_is_known_of_the_person() -> None:
    person = PersonFactory(unit=UnitFactory())
    education = EducationFactory(person=person)
    work = WorkExperienceFactory(person=person)

    draft = start_application(person, Actor(user=person.users.get()))

    assert (draft.education, draft.insured_from, draft.account_holder) == (education, work.insured_from, person.name)
    assert draft.case.unit == person.unit


def test_start_with_the_same_token_finds_the_same_draft() -> None:
    person, token = PersonFactory(unit=UnitFactory()), uuid.uuid4()
    actor = Actor(user=person.users.get())

    first = start_application(person, actor, token=token)
    second = start_application(person, actor, token=token)

    assert first == second
    assert Case.objects.count() == 1


def test_start_without_a_unit_is_refused() -> None:
    person = PersonFactory(unit=None)

    with pytest.raises(Refused):
        start_application(person, Actor(user=person.users.get()))


def test_copy_of_a_withdrawn_application_keeps_the_form_but_not_the_period() -> None:
    application = make_submitted_application()
    perform_one(Action.WITHDRAW, application.case, actor_of(application))
    application = RentApplication.objects.get(pk=application.pk)

    draft = copy_application(application, actor_of(application))

    assert (draft.address, draft.bank, draft.account) == (application.address, application.bank, application.account)
    assert (draft.start, draft.end) == (None, None)
    assert draft.case.state == State.DRAFT


@pytest.mark.parametrize("rows", [1, 3])
def test_assessment_needs_the_same_queries_for_any_number(rows: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _row in range(rows):
        RentApplicationFactory()
    applications = RentApplication.objects.whole()

    with django_assert_num_queries(5):
        assessments = assess_all(list(applications))

    assert all(not assessment.failed for assessment in assessments.values())
    assert month_of(clock.today()) - timedelta(days=1) > applications[0].start


def test_change_behind_a_mask_is_found_and_stays_masked() -> None:
    application = make_submitted_application()
    perform_one(Action.SEND_BACK, application.case, unit_actor(application.case), opinion="账号有误")
    RentApplication.objects.filter(pk=application.pk).update(account=ACCOUNT.replace("62170", "62171"))

    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    (change,) = compare(*Filing.objects.filter(case=application.case))
    assert (change.label, change.is_masked) == ("银行账号", True)
    assert change.before == change.after == "***************4569"


def test_new_draft_takes_over_what_was_filed_last_but_not_its_period() -> None:
    last = make_submitted_application()

    draft = start_application(last.person, actor_of(last))

    assert (draft.address, draft.account, draft.lease_end) == (last.address, last.account, last.lease_end)
    assert (draft.start, draft.end, draft.pledged) == (None, None, False)


def test_return_does_not_make_an_application_late(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 10, 20, 9, tzinfo=UTC))
    ProgrammeFactory()
    Programme.objects.update(window_mode=WindowMode.QUARTER_FIRST_MONTH)
    application = make_submitted_application()
    perform_one(Action.SEND_BACK, application.case, unit_actor(application.case), opinion="请补充材料")

    time_machine.move_to(datetime(2026, 11, 3, 9, tzinfo=UTC))
    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    fresh = RentApplicationFactory()
    assert Case.objects.get(pk=application.pk).state == State.IN_REVIEW
    assert [check.rule for check in assess(RentApplication.objects.whole().get(pk=fresh.pk)).failed] == ["window"]
