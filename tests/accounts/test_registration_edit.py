"""Changing a registration that is open, and pressing its buttons twice."""

import uuid

import pytest
from django.test import Client

from accounts.forms.person import PersonChangeForm
from accounts.forms.unit import UnitChangeForm
from accounts.models import Identifier, PersonRegistration, User
from accounts.services import change_person_registration, change_unit_registration
from accounts.services.accounts import take_phone
from tests.accounts.factories import PersonFactory, UnitFactory, phone_number
from tests.accounts.filling import person_form, register_person, register_unit, send, submit, unit_form, upload
from workflow.models import Act, Case

pytestmark = pytest.mark.django_db


def edit(client: Client, case: Case, form: dict[str, str]) -> dict[str, list[str]]:
    response = client.post(f"/registration/{case.pk}/edit/", form)
    return {} if response.status_code == 302 else dict(response.context["form"].errors)


def test_five_conflicts_a_day_are_told_and_no_more(client: Client) -> None:
    unit = UnitFactory()
    case = register_person(client, unit)
    answers = [edit(client, case, person_form(unit, number=PersonFactory().number)) for _try in range(7)]

    assert [list(errors) for errors in answers] == [["number"]] * 5 + [["__all__"]] * 2
    assert "请明天再试" in str(answers[-1]["__all__"])


def test_saving_without_a_conflict_is_not_counted(client: Client) -> None:
    unit = UnitFactory()
    case = register_person(client, unit)

    assert [edit(client, case, person_form(unit)) for _try in range(7)] == [{}] * 7


def test_phone_changed_meanwhile_is_not_changed_back(client: Client) -> None:
    unit = UnitFactory()
    case = register_person(client, unit)
    registration = case.person_registration
    opened = PersonChangeForm(
        person_form(unit), initial=PersonChangeForm.initial_of(registration), units_url="/register/employers/"
    )
    assert opened.is_valid(), opened.errors
    take_phone(User.objects.get(pk=case.applicant_id), phone_number(4321))

    change_person_registration(registration, opened.identity, opened.study, unit=unit)

    assert User.objects.get(pk=case.applicant_id).phone == phone_number(4321)
    assert PersonRegistration.objects.get(case=case).phone == phone_number(4321)
    assert Identifier.objects.filter(user=case.applicant, kind="phone").count() == 1


def test_phone_of_a_contact_is_not_changed_back_either(client: Client) -> None:
    case = register_unit(client)
    registration, user = case.unit_registration, User.objects.get(pk=case.applicant_id)
    opened = UnitChangeForm(
        unit_form(name="新联系人"),
        initial=UnitChangeForm.initial_of(registration, user),
        supervisors_url="/register/supervisors/",
    )
    assert opened.is_valid(), opened.errors
    take_phone(user, phone_number(4321))

    change_unit_registration(registration, opened.unit, account=opened.account)

    changed = User.objects.get(pk=user.pk)
    assert (changed.name, changed.phone) == ("新联系人", phone_number(4321))
    assert Identifier.objects.filter(user=user, kind="phone").count() == 1


def test_token_of_another_act_submits_nothing(client: Client) -> None:
    unit, other = UnitFactory(), Client()
    submit(other, register_person(other, unit, n=501))
    case = register_person(client, unit)
    upload(case, "id_card", "diploma", "labour_contract")

    response = client.post("/registration/submit/", {"token": str(Act.objects.get().pk)})

    assert response.status_code == 409
    assert Case.objects.get(pk=case.pk).state == "draft"


def test_second_press_of_one_form_is_answered_like_the_first(client: Client) -> None:
    case = register_person(client, UnitFactory())
    upload(case, "id_card", "diploma", "labour_contract")
    token = {"token": str(uuid.uuid4())}

    assert [client.post("/registration/submit/", token).status_code for _press in range(2)] == [302, 302]
    assert Act.objects.count() == 1


def test_form_of_a_closed_account_sent_again_signs_nobody_in(client: Client) -> None:
    client.post("/register/person/")
    form = person_form(UnitFactory())
    send(client, "person", form)
    client.post("/registration/withdraw/")
    again = Client()

    response = again.post("/register/person/form/", form)

    assert response.url == "/sign-in/"
    assert "_auth_user_id" not in again.session


def test_guesses_with_a_form_sent_before_are_counted(client: Client) -> None:
    client.post("/register/person/")
    form = person_form(UnitFactory())
    send(client, "person", form)
    for _try in range(5):
        Client().post("/register/person/form/", form | {"password": "Wrong-2026"})
    last = Client()

    assert last.post("/register/person/form/", form).url == "/sign-in/"
    assert "_auth_user_id" not in last.session
