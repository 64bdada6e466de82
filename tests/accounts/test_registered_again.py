"""个人注册 with the number of somebody who was here before: an employer's word alone opens no stranger's history."""

import pytest
from django.test import Client

from accounts.models import Identifier, Person, PersonRegistration, User
from accounts.services.erasing import erase_account
from tests.accounts.counters import make_counter, opened
from tests.accounts.factories import PersonFactory, UnitFactory, UserFactory, id_number, phone_number
from tests.accounts.filling import decide, person_form, register_person, send, submit
from tests.accounts.managing import handler_of
from workflow.enums import Action, State
from workflow.models import Organisation

pytestmark = pytest.mark.django_db

# What ``person_form`` is filled in with.
NUMBER, PHONE = id_number(500), phone_number(500)


@pytest.fixture
def unit() -> Organisation:
    found: Organisation = UnitFactory()
    return found


def gone(**facts: str) -> Person:
    """Somebody whose account is closed."""
    person: Person = PersonFactory(number=NUMBER, **facts)
    User.objects.filter(person=person).update(is_active=False)
    Identifier.objects.filter(user__person=person).delete()
    return person


def test_another_phone_is_refused_with_the_way(client: Client, unit: Organisation) -> None:
    gone()
    client.post("/register/person/")

    errors = send(client, "person", person_form(unit)).context["form"].errors

    assert errors.keys() == {"number"}
    assert "服务窗口" in errors["number"][0]
    assert not PersonRegistration.objects.exists()


def test_the_phone_of_then_leads_to_the_same_person(client: Client, unit: Organisation) -> None:
    former = gone(phone=PHONE)

    decide(submit(client, register_person(client, unit)), handler_of(unit))

    assert User.objects.get(username="person-500").person == former


def test_whoever_was_erased_and_is_kept_by_law_goes_to_the_counter(client: Client, unit: Organisation) -> None:
    person = gone(phone=PHONE)
    erase_account(person.users.get(), by=UserFactory(administrator=True), reason="本人申请")
    kept = PersonFactory.build(number=NUMBER, user=False, phone="", phone_hash="")
    kept.save()
    client.post("/register/person/")

    assert send(client, "person", person_form(unit)).context["form"].errors.keys() == {"number"}


def test_number_that_is_mended_is_judged_like_a_new_one(client: Client, unit: Organisation) -> None:
    case = register_person(client, unit)
    other = PersonFactory(number=id_number(501))
    User.objects.filter(person=other).update(is_active=False)
    Identifier.objects.filter(user__person=other).delete()

    changed = person_form(unit, number=id_number(501))
    response = client.post(f"/registration/{case.pk}/edit/", changed)

    assert response.context["form"].errors.keys() == {"number"}
    assert PersonRegistration.objects.get().number == NUMBER


def test_phone_may_change_while_the_registration_is_returned(client: Client, unit: Organisation) -> None:
    gone(phone=PHONE)
    case = submit(client, register_person(client, unit))
    decide(case, handler_of(unit), Action.SEND_BACK, opinion="请补充")
    User.objects.filter(username="person-500").update(phone=phone_number(900))

    response = client.post(f"/registration/{case.pk}/edit/", person_form(unit, school="河北大学"))

    assert response.status_code == 302
    assert case.__class__.objects.get(pk=case.pk).state == State.RETURNED


def test_counter_opens_an_account_under_another_phone() -> None:
    former = gone()

    opening = opened(make_counter(), subject="person", number=NUMBER)

    assert User.objects.get(pk=opening.user_id).person == former
