"""大学生租房补助 needs 中级实名: told at the start, refused at the end."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.real_name import real_name
from subsidies.models import RentApplication
from subsidies.services.submission import Submission, submit_applications
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory
from tests.accounts.stating import legal, natural, signed_in, text_of
from tests.subsidies.factories import make_submittable_application
from workflow.actors import Actor
from workflow.services import Refused

pytestmark = pytest.mark.django_db

WORDS = "非实名用户，请在用户中心->账户资料->进行实名等级提升"
START = "/rent/"


def lower(application: RentApplication) -> None:
    User.objects.filter(pk=application.case.applicant_id).update(real_name_level=1)


def submission(application: RentApplication) -> Submission:
    return Submission(application.pk, Actor(application.case.applicant), application.case.token, pledged=True)


def test_only_whoever_has_the_level_is_filed_and_the_other_reads_the_manuals_words() -> None:
    unit = UnitFactory()
    known, below = (make_submittable_application(person=PersonFactory(unit=unit)) for _n in range(2))
    lower(below)

    answers = submit_applications([submission(known), submission(below)])

    assert isinstance(answers[1], Refused)
    assert str(answers[1]) == WORDS
    assert [RentApplication.objects.get(pk=a.pk).case.state for a in (known, below)] == ["in_review", "draft"]


def test_gate_costs_one_query_for_any_number() -> None:
    unit = UnitFactory()
    applications = [make_submittable_application(person=PersonFactory(unit=unit)) for _n in range(3)]
    lower(applications[1])

    with CaptureQueriesContext(connection) as captured:
        closed = real_name([application.case for application in applications])

    assert len(captured) == 1
    assert list(closed) == [applications[1].pk]


def test_services_without_a_level_cost_nothing(client: Client) -> None:
    case = make_submittable_application().case
    case.case_type = "person_registration"

    with CaptureQueriesContext(connection) as captured:
        assert real_name([case]) == {}

    assert len(captured) == 0


def test_start_page_names_the_level_and_blocks_whoever_is_below(client: Client) -> None:
    for user in (natural(), make_below()):
        page = text_of(signed_in(user).get(START))

        assert "所需实名等级：中级实名" in page
        assert page.count(WORDS) == 2
        assert 'disabled aria-describedby="too-low">在线办理</button>' in page
        assert "/rent/new/" not in page


def make_below() -> User:
    user = PersonFactory(unit=UnitFactory()).users.get()
    User.objects.filter(pk=user.pk).update(real_name_level=1)
    return User.objects.get(pk=user.pk)


def test_start_page_lets_everybody_else_in_as_before(client: Client) -> None:
    person = PersonFactory(unit=UnitFactory()).users.get()

    assert "中级实名" in text_of(client.get(START))
    assert "disabled" not in text_of(signed_in(person).get(START))
    for user in (legal(), OfficerFactory()):
        assert 'id="too-low"' not in text_of(signed_in(user).get(START))


def test_hall_states_the_level() -> None:
    assert "需中级实名" in text_of(Client().get("/"))


@pytest.mark.parametrize("address", ["/rent/mine/", "/work/", "/profile/"])
def test_pages_of_a_person_tell_whoever_is_below_what_to_do(address: str) -> None:
    response = signed_in(natural()).get(address)

    assert response.status_code == 403
    assert text_of(response).count("进行实名等级提升") == 2


def test_nobody_below_begins_an_application() -> None:
    for user in (natural(), make_below()):
        response = signed_in(user).post("/rent/new/", {}, follow=True)

        assert WORDS in text_of(response)
    assert RentApplication.objects.count() == 0
