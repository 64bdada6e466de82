"""授权事项: an account opened at a counter does what was granted and nothing else; others are not limited."""

import uuid

import pytest
from django.test import Client

from accounts.enums import CounterSubject
from accounts.grants import grant, granted_items, pass_on_grants
from accounts.models import Grant, UnitProfile, User
from accounts.services.counter_openings import change_grants
from subsidies.services.application import start_application
from tests.accounts.counters import RENT, Counter, make_counter, opened
from tests.accounts.factories import UnitFactory, UserFactory
from tests.accounts.filling import decide, register_person
from tests.subsidies.factories import make_submittable_application, make_submitted_application
from tests.subsidies.walking import fresh
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Duty
from workflow.services import Refused, perform_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def limited(user: User, *items: str) -> User:
    User.objects.filter(pk=user.pk).update(is_limited=True)
    Grant.objects.filter(user=user).delete()
    grant(user, items)
    return User.objects.get(pk=user.pk)


def test_ungranted_service_is_not_begun_and_says_why() -> None:
    application = make_submittable_application()
    person = application.person
    user = limited(person.users.get())

    with pytest.raises(Refused, match="授权事项中没有“大学生租房补助”"):
        start_application(person, Actor(user=user))

    grant(user, [RENT])
    assert start_application(person, Actor(user=User.objects.get(pk=user.pk)))


def test_page_of_an_ungranted_service_explains_itself() -> None:
    application = make_submittable_application()
    client = Client()
    client.force_login(limited(application.person.users.get()))

    page = client.post("/rent/new/", {"token": str(uuid.uuid4())}, follow=True)

    assert "请到受理点变更授权" in page.content.decode()


def test_draft_begun_before_is_not_submitted_either() -> None:
    case = make_submittable_application().case
    user = limited(case.applicant)

    with pytest.raises(Refused, match="授权事项"):
        perform_one(Action.SUBMIT, case, Actor(user=user))


def test_employer_decides_only_what_was_granted(counter: Counter) -> None:
    case = make_submitted_application().case
    handler = case.unit.duties.get().user
    limited(handler, "person_registration")

    with pytest.raises(Refused, match="授权事项"):
        decide(case, User.objects.get(pk=handler.pk))

    limited(handler, RENT)
    decide(case, User.objects.get(pk=handler.pk))
    assert fresh(case).stage == "unit_report"


def test_button_of_an_ungranted_item_is_shut_with_the_reason() -> None:
    case = make_submitted_application().case
    client = Client()
    client.force_login(limited(case.unit.duties.get().user))

    page = client.get(f"/cases/{case.pk}/").content.decode()

    assert "请到受理点变更授权" in page


def test_own_registration_is_never_limited() -> None:
    case = register_person(Client(), UnitFactory())
    user = limited(case.applicant)

    perform_one(Action.WITHDRAW, case, Actor(user=user))

    assert fresh(case).state == "withdrawn"


def test_accounts_registered_online_are_not_limited() -> None:
    application = make_submittable_application()

    assert start_application(application.person, Actor(user=application.person.users.get()))
    assert not Grant.objects.exists()


def test_granted_later_it_is_open_at_once(counter: Counter) -> None:
    opening = opened(counter, 5, subject=CounterSubject.PERSON, items=())
    user = User.objects.get(pk=opening.user_id)
    assert granted_items(user) == []

    change_grants(opening, counter.actor, items=[RENT], valid_until=None)

    assert granted_items(user) == ["大学生租房补助"]


def test_whom_a_limited_account_sets_up_may_do_no_more(counter: Counter) -> None:
    opening = opened(counter, 6, items=(RENT,))
    new, free = UserFactory(unit=True), UserFactory(unit=True)

    pass_on_grants(User.objects.get(pk=opening.user_id), new)
    pass_on_grants(free, UserFactory(unit=True))

    assert User.objects.get(pk=new.pk).is_limited
    assert list(Grant.objects.filter(user=new).values_list("case_type", flat=True)) == [RENT]
    assert User.objects.filter(is_limited=True).count() == 2


def test_unit_opened_at_a_counter_reviews_its_people(counter: Counter) -> None:
    opening = opened(counter, 7)
    assert opening.organisation is not None
    UnitProfile.objects.filter(organisation=opening.organisation).update(unit_kind="32", industry="C")
    duty = Duty.objects.select_related("organisation__region").get(user=opening.user_id, role="handler")
    case = make_submitted_application(unit=duty.organisation).case

    perform_one(Action.APPROVE, case, Actor.in_duty(duty, User.objects.get(pk=opening.user_id)))

    assert fresh(case).stage == "unit_report"
