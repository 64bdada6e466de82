"""Filing many forms at once: the same statements, the same answers and the same locks as for one."""

import threading
import uuid
from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subsidies import eligibility
from subsidies.amounts import add_months
from subsidies.models import MonthClaim, Programme, RentApplication
from subsidies.services.submission import Answer, Submission, submit_application, submit_applications
from talent.services.refusals import NotReady
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import (
    RentApplicationFactory,
    actor_of,
    add_paper,
    add_required_papers,
    make_draft_case,
    make_submittable_application,
    make_submitted_application,
)
from tests.subsidies.standing import OTHER_COUNTY
from tests.talent.factories import months_ahead
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Act, Case, CaseEvent, Filing
from workflow.services import Refused, perform_one
from workflow.services.counters import recount

pytestmark = pytest.mark.django_db


def press(application: RentApplication, actor: Actor | None = None) -> Submission:
    return Submission(application.pk, actor or actor_of(application), uuid.uuid4(), pledged=True)


def statements(submissions: Sequence[Submission]) -> int:
    with CaptureQueriesContext(connection) as captured:
        answers = submit_applications(submissions)

    assert all(isinstance(answer, Act) and answer.done == 1 for answer in answers)
    return len(captured)


def many_months(count: int) -> RentApplication:
    start = months_ahead(-count)
    return make_submittable_application(
        start=start, lease_start=start, insured_from=start, insured_months=count + 1, work__contract_start=start
    )


# 21 and the borders of the transaction.
STATEMENTS = 23


@pytest.mark.parametrize(("months", "papers"), [(1, 0), (24, 0), (6, 12)])
def test_submission_takes_the_same_statements_however_much_is_filed(months: int, papers: int) -> None:
    make_submitted_application()  # opens the intake
    application = many_months(months)
    for _paper in range(papers):
        add_paper(application.case, "lease")

    assert statements([press(application)]) <= STATEMENTS
    assert MonthClaim.objects.filter(case=application.case).count() == months


def test_set_takes_the_statements_of_one() -> None:
    make_submitted_application()
    one, *others = (make_submittable_application() for _n in range(5))

    assert statements([press(one)]) == statements([press(other) for other in others])


def test_each_of_a_set_has_an_act_a_number_and_a_filing_of_its_own() -> None:
    applications = [make_submittable_application() for _n in range(3)]
    submissions = [press(application) for application in applications]

    acts = submit_applications(submissions)

    cases = Case.objects.filter(pk__in=[application.pk for application in applications])
    events = dict(CaseEvent.objects.values_list("act", "case"))
    assert [act.pk for act in acts if isinstance(act, Act)] == [row.token for row in submissions]
    assert events == {row.token: row.case_id for row in submissions}
    assert len({case.number for case in cases}) == 3
    assert {(filing.case_id, filing.filed_by_id) for filing in Filing.objects.all()} == {
        (case.pk, case.applicant_id) for case in cases
    }


def owns_a_house() -> Submission:
    return press(make_submittable_application(owns_house=True))


def has_no_papers() -> Submission:
    return press(RentApplicationFactory())


def has_not_pledged() -> Submission:
    application = make_submittable_application()
    return Submission(application.pk, actor_of(application), uuid.uuid4())


def saw_another_revision() -> Submission:
    application = make_submittable_application()
    return Submission(application.pk, actor_of(application), uuid.uuid4(), pledged=True, revision=7)


def is_somebody_else() -> Submission:
    return press(make_submittable_application(), Actor(PersonFactory().users.get()))


def has_filed_already() -> Submission:
    return press(make_submitted_application())


def alone(submission: Submission) -> Answer:
    (answer,) = submit_applications([submission])
    return answer


KEPT = "state", "revision", "number", "subject", "unit", "supervisor", "region"


@pytest.mark.parametrize(
    "hopeless",
    [owns_a_house, has_no_papers, has_not_pledged, saw_another_revision, is_somebody_else, has_filed_already],
)
def test_refused_one_of_a_set_is_told_what_it_would_be_told_alone(hopeless: Callable[[], Submission]) -> None:
    refused = hopeless()
    elsewhere = UnitFactory()
    Case.objects.filter(pk=refused.case_id, state=State.DRAFT).update(
        unit=elsewhere, supervisor=elsewhere.parent, region=OTHER_COUNTY
    )
    state = Case.objects.values(*KEPT).get(pk=refused.case_id)
    reason = alone(refused)
    good = [press(make_submittable_application()) for _n in range(2)]

    first, told, last = submit_applications([good[0], refused, good[1]])

    assert isinstance(first, Act)
    assert isinstance(last, Act)
    assert isinstance(reason, NotReady | Refused)
    assert (type(told), str(told)) == (type(reason), str(reason))
    assert Case.objects.values(*KEPT).get(pk=refused.case_id) == state
    assert not Act.objects.filter(pk=refused.token).exists()


def second_of(first: RentApplication, **facts: object) -> RentApplication:
    """Another form of the same person."""
    other: RentApplication = RentApplicationFactory(
        person=first.person, case=make_draft_case(first.person), education=first.education, work=False, **facts
    )
    add_required_papers(other)
    return other


def test_second_form_of_a_person_in_a_set_sees_the_first() -> None:
    Programme.objects.update(max_months=8)
    first = make_submittable_application()
    second = second_of(first, start=add_months(first.start, -3), end=add_months(first.start, -1))

    filed, refused = submit_applications([press(first), press(second)])

    assert isinstance(filed, Act)
    assert isinstance(refused, NotReady)
    assert [check.rule for check in refused.failed] == ["cap"]


def test_form_pressed_twice_in_a_set_is_filed_once() -> None:
    submission = press(make_submittable_application())

    first, second = submit_applications([submission, submission])

    assert first == second
    assert Act.objects.count() == 1


def test_month_taken_after_the_rules_were_asked_is_refused_by_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_submitted_application()
    late, other = second_of(first), make_submittable_application()
    monkeypatch.setattr(eligibility, "_claims", lambda applications: {row.person_id: [] for row in applications})

    refused, filed = submit_applications([press(late), press(other)])

    assert isinstance(filed, Act)
    assert isinstance(refused, Refused)
    assert first.case.number in str(refused)
    assert Case.objects.get(pk=late.pk).state == State.DRAFT
    assert not MonthClaim.objects.filter(case=late.case).exists()
    assert not Filing.objects.filter(case=late.case).exists()


def test_token_of_another_form_files_nothing() -> None:
    submitted = make_submittable_application()
    act = submit_application(submitted, actor_of(submitted), token=uuid.uuid4(), pledged=True)
    application = make_submittable_application()

    with pytest.raises(Refused):
        submit_application(application, actor_of(application), token=act.pk, pledged=True)

    assert Case.objects.get(pk=application.pk).state == State.DRAFT
    assert not MonthClaim.objects.filter(case=application.case).exists()


def test_token_spent_on_another_form_is_no_answer_to_a_returned_one() -> None:
    returned = make_submitted_application()
    unit, actor = returned.case.unit.duties.get(), actor_of(returned)
    perform_one(Action.SEND_BACK, returned.case, Actor.in_duty(unit, unit.user), opinion="请补正")
    other = second_of(returned, start=add_months(returned.start, -3), end=add_months(returned.start, -1))
    spent = submit_application(other, actor, token=uuid.uuid4(), pledged=True)
    token = uuid.uuid4()

    with pytest.raises(Refused):
        submit_application(returned, actor, token=spent.pk, pledged=True)
    state = Case.objects.get(pk=returned.pk).state
    acts = [submit_application(returned, actor, token=token, pledged=True) for _press in range(2)]

    assert state == State.RETURNED
    assert [act.pk for act in acts] == [token, token]
    assert Filing.objects.filter(case=returned.case).count() == 2


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_overlapping_sets_in_opposite_order_neither_wait_for_ever_nor_hold_a_month_twice() -> None:
    for _trial in range(10):
        applications = [make_submittable_application() for _n in range(6)]
        pairs = [(application, second_of(application)) for application in applications]
        sets = [
            [press(first) for first, _second in pairs] + [press(second) for _first, second in pairs[::-1]],
            [press(first) for first, _second in pairs[::-1]] + [press(second) for _first, second in pairs],
        ]
        answers: list[Answer] = []
        start = threading.Barrier(2)

        def submit(submissions: Sequence[Submission], start: threading.Barrier, answers: list[Answer]) -> None:
            start.wait()
            try:
                answers.extend(submit_applications(submissions))
            finally:
                connection.close()

        threads = [threading.Thread(target=submit, args=[submissions, start, answers]) for submissions in sets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        persons = [application.person_id for application in applications]
        assert len(answers) == 24
        assert sum(isinstance(answer, Act) for answer in answers) == 6
        assert MonthClaim.objects.filter(person__in=persons).count() == 36
    assert recount() == []
