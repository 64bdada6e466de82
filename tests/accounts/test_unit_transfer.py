"""变更单位: a person goes to another unit by that unit's review."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import AccountEvent, Notification, Person, UnitTransfer, User
from tests.accounts.factories import PersonFactory, UserFactory
from tests.accounts.filling import decide, upload
from tests.accounts.managing import handler_of, make_unit, signed_in
from workflow.enums import Action, State
from workflow.models import Case, Organisation
from workflow.services import Refused
from workflow.worker import work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def old() -> Organisation:
    return make_unit(name="沧州旧单位有限公司")


@pytest.fixture
def new() -> Organisation:
    unit = make_unit(name="沧州新单位有限公司")
    # ``decide`` wants somebody with one duty.
    handler_of(unit).duties.filter(role="manager").delete()
    return unit


@pytest.fixture
def person(old: Organisation) -> Person:
    found: Person = PersonFactory(unit=old, name="李晓雨")
    return found


@pytest.fixture
def client(person: Person) -> Client:
    return signed_in(person.users.get())


def begin(client: Client, unit: Organisation) -> Case:
    response = client.post("/account/employer/", {"unit": unit.name, "hired_on": "2026-11-01"})
    assert response.status_code == 302, response.context["form"].errors
    return UnitTransfer.objects.get(unit=unit, is_open=True).case


def press_submit(client: Client, case: Case) -> Any:
    return client.post(f"/account/employer/{case.pk}/submit/", {"token": str(uuid.uuid4())})


def submitted(client: Client, unit: Organisation) -> Case:
    case = begin(client, unit)
    upload(case, "labour_contract")
    assert press_submit(client, case).status_code == 302
    return Case.objects.get(pk=case.pk)


def unit_of(person: Person) -> Organisation | None:
    return Person.objects.select_related("unit").get(pk=person.pk).unit


def test_person_belongs_to_the_new_unit_when_it_has_approved(client, person, old, new):
    case = submitted(client, new)
    assert unit_of(person) == old

    decide(case, handler_of(new))

    assert unit_of(person) == new
    assert AccountEvent.objects.of(case.applicant_id)[0].note == "沧州旧单位有限公司 → 沧州新单位有限公司"


def test_new_unit_sees_it_beside_the_registrations_and_masked(client, person, new):
    case = submitted(client, new)
    unit = signed_in(handler_of(new))

    home, page = unit.get("/home/").text, unit.get(f"/cases/{case.pk}/").text

    assert "您有【1】个变更单位申请待审核" in home
    assert "变更单位审核" in home
    assert person.number not in page
    assert '<del class="old">沧州旧单位有限公司</del>' in page


def test_old_unit_is_told_and_does_not_see_the_case(client, old, new):
    case = submitted(client, new)
    decide(case, handler_of(new))
    work_once()

    assert Notification.objects.filter(recipient=handler_of(old), title="李晓雨已变更到其他单位").exists()
    assert signed_in(handler_of(old)).get(f"/cases/{case.pk}/").status_code == 404


def test_running_cases_stay_with_the_old_unit(client, person, old, new):
    running = submitted(client, make_unit(name="沧州别处有限公司"))
    Case.objects.filter(pk=running.pk).update(case_type="graduate_rent", unit=old, holder=old)
    UnitTransfer.objects.update(is_open=False)

    decide(submitted(client, new), handler_of(new))

    kept = Case.objects.get(pk=running.pk)
    assert (kept.unit, kept.holder) == (old, old)


def test_open_change_is_shown_on_the_person_s_page_and_there_is_one(client, new):
    case = submitted(client, new)

    home = client.get("/home/").text
    assert ("变更单位" in home, "待新单位审核" in home) == (True, True)
    assert client.get("/account/employer/").url == f"/cases/{case.pk}/"
    assert client.post("/account/employer/", {"unit": new.name, "hired_on": "2026-11-01"}).url == f"/cases/{case.pk}/"
    assert UnitTransfer.objects.count() == 1


def test_draft_is_changed_and_not_doubled(client, new):
    first = begin(client, new)
    other = make_unit(name="沧州第三有限公司")

    again = begin(client, other)

    assert (again, again.unit, again.supervisor) == (first, other, other.parent)


def test_contract_is_needed(client, new):
    response = press_submit(client, begin(client, new))

    assert response.status_code == 409
    assert "劳动合同" in response.text


def test_own_unit_is_no_new_one(client, old):
    response = client.post("/account/employer/", {"unit": old.name, "hired_on": "2026-11-01"})

    assert response.context["form"].errors.keys() == {"unit"}


def test_person_without_an_employer_joins_one(new):
    person = PersonFactory(unit=None)
    case = submitted(signed_in(person.users.get()), new)

    decide(case, handler_of(new))

    assert unit_of(person) == new


def test_account_without_a_checked_person_has_no_such_page():
    assert signed_in(UserFactory()).get("/account/employer/").status_code == 403


@pytest.mark.parametrize("action", [Action.REJECT, "withdraw"])
def test_ended_change_changes_nothing_and_another_may_begin(client, person, old, new, action):
    case = submitted(client, new)

    if action == Action.REJECT:
        decide(case, handler_of(new), action, opinion="查无此人")
    else:
        client.post(f"/account/employer/{case.pk}/withdraw/")

    assert unit_of(person) == old
    assert begin(client, new) != case


def test_returned_change_is_mended_and_submitted_again(client, person, new):
    case = submitted(client, new)
    decide(case, handler_of(new), Action.SEND_BACK, opinion="合同不清晰")

    assert "合同不清晰" in client.get(f"/account/employer/{case.pk}/").text
    press_submit(client, case)
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
    decide(case, handler_of(new))

    assert unit_of(person) == new


def test_unit_does_not_take_in_whose_account_is_closed(client, person, old, new):
    case = submitted(client, new)
    User.objects.filter(pk=case.applicant_id).update(is_active=False)

    with pytest.raises(Refused, match="已注销"):
        decide(case, handler_of(new))

    assert unit_of(person) == old


def test_change_of_somebody_else_is_nobody_s(client, new):
    theirs = PersonFactory(unit=None).users.get()
    case = begin(signed_in(theirs), new)

    assert client.get(f"/account/employer/{case.pk}/").status_code == 404
    assert press_submit(client, case).status_code == 404


def test_unit_that_reviews_cannot_submit_or_withdraw_for_the_person(client, new):
    case = submitted(client, new)
    unit = signed_in(handler_of(new))

    assert press_submit(unit, case).status_code == 403
    assert unit.post(f"/account/employer/{case.pk}/withdraw/").status_code == 403
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
