import uuid

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person, SensitiveView, User
from accounts.passwords import NotOneselfValidator, ThreeClassesValidator, count_classes
from tests.accounts.factories import (
    PASSWORD,
    OfficerFactory,
    PersonFactory,
    UnitFactory,
    UserFactory,
    id_number,
)
from tests.accounts.filling import decide, register_person, register_unit, submit
from workflow.models import Duty

pytestmark = pytest.mark.django_db


def test_account_page_saves_name_and_mail_and_no_phone(client):
    user = UnitFactory().duties.get().user
    client.force_login(user)

    response = client.post("/account/", {"name": "新经办", "phone": "13900004321", "email": "office@example.com"})

    assert response.url == "/account/"
    saved = User.objects.get(pk=user.pk)
    assert (saved.name, saved.phone, saved.email) == ("新经办", user.phone, "office@example.com")


def test_name_of_a_person_does_not_change_with_the_account(client):
    person = PersonFactory()
    client.force_login(person.users.get())

    client.post("/account/", {"name": "别人", "email": "new@example.com"})

    person = Person.objects.get(pk=person.pk)
    assert person.users.get().name == person.name != "别人"
    assert person.email == "new@example.com"


def test_password_changes_and_this_session_stays(client):
    user = PersonFactory().users.get()
    client.force_login(user)
    other = Client()
    other.force_login(user)
    new = "Bohai-2027"

    response = client.post("/account/password/", {"current": PASSWORD, "password": new, "password_again": new})

    assert response.url == "/account/"
    assert check_password(new, User.objects.get(pk=user.pk).password)
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [
        ("Wrong-2026", "Bohai-2027", "Bohai-2027", "current"),
        (PASSWORD, "Bohai-2027", "Bohai-2028", "password_again"),
        (PASSWORD, "Bo-27", "Bo-27", "password"),
        (PASSWORD, "bohaibohai", "bohaibohai", "password"),
        (PASSWORD, "Password1", "Password1", "password"),
    ],
)
def test_bad_new_passwords_are_refused(client, current, new, again, field):
    user = PersonFactory().users.get()
    client.force_login(user)

    response = client.post("/account/password/", {"current": current, "password": new, "password_again": again})

    assert list(response.context["form"].errors) == [field]
    assert check_password(PASSWORD, User.objects.get(pk=user.pk).password)
    assert new not in response.text


def test_short_password_is_told_in_the_language_of_the_page(client):
    client.force_login(PersonFactory().users.get())

    response = client.post("/account/password/", {"current": PASSWORD, "password": "Bo-27", "password_again": "Bo-27"})

    assert response.context["form"].errors["password"] == ["密码至少8个字符。"]


@pytest.mark.parametrize("password", ["x-Bohai2026-x", "A-13900000001"])
def test_password_with_user_name_or_phone_in_it_is_refused(password):
    user = UserFactory.build(username="bohai2026", phone="13900000001")

    with pytest.raises(ValidationError):
        NotOneselfValidator().validate(password, user)


@pytest.mark.parametrize(
    ("password", "classes"), [("abc", 1), ("abcABC", 2), ("abcAB1", 3), ("aB1-", 4), ("渤海a1", 3)]
)
def test_classes_of_characters_are_counted(password, classes):
    assert count_classes(password) == classes


@given(st.text(max_size=40))
def test_policy_wants_three_classes_whatever_is_typed(password):
    try:
        ThreeClassesValidator().validate(password)
    except ValidationError:
        assert count_classes(password) < 3
    else:
        assert count_classes(password) >= 3


def test_deciding_office_sees_the_number_after_a_reason_and_the_look_is_recorded(client):
    unit = UnitFactory()
    applicant = Client()
    case = submit(applicant, register_person(applicant, unit))
    handler = Duty.objects.get(organisation=unit).user
    client.force_login(handler)

    asked = client.get(f"/full/{case.pk}/number/").text
    shown = client.post(f"/full/{case.pk}/number/", {"reason": "核对身份证原件"}).text

    assert id_number(500) not in asked
    assert id_number(500) in shown
    look = SensitiveView.objects.get()
    assert (look.viewer, look.organisation, look.case, look.field, look.reason) == (
        handler,
        unit,
        case,
        "number",
        "核对身份证原件",
    )


def test_no_reason_no_number(client):
    unit = UnitFactory()
    applicant = Client()
    case = submit(applicant, register_person(applicant, unit))
    client.force_login(Duty.objects.get(organisation=unit).user)

    page = client.post(f"/full/{case.pk}/number/", {"reason": " "}).text

    assert id_number(500) not in page
    assert SensitiveView.objects.exists() is False


def test_office_that_has_decided_sees_it_no_more(client):
    unit = UnitFactory()
    applicant = Client()
    case = submit(applicant, register_person(applicant, unit))
    handler = Duty.objects.get(organisation=unit).user
    decide(case, handler)
    client.force_login(handler)

    assert client.post(f"/full/{case.pk}/number/", {"reason": "再看一次"}).status_code == 403


@pytest.mark.parametrize("office", ["city_fin", "county_org"])
def test_strangers_find_no_such_case(client, office):
    applicant = Client()
    case = submit(applicant, register_unit(applicant))
    client.force_login(OfficerFactory(office=office))

    assert client.post(f"/full/{case.pk}/phone/", {"reason": "好奇"}).status_code == 404


def test_links_to_the_full_numbers_stand_on_the_case_page_of_who_decides(client):
    applicant = Client()
    case = submit(applicant, register_unit(applicant))
    client.force_login(OfficerFactory(office=case.supervisor))

    page = client.get(f"/cases/{case.pk}/").text

    assert f"/full/{case.pk}/phone/" in page
    # The contact gave no ID number.
    assert f"/full/{case.pk}/number/" not in page


def test_looks_cannot_be_changed_or_deleted(client):
    unit = UnitFactory()
    applicant = Client()
    case = submit(applicant, register_person(applicant, unit))
    client.force_login(Duty.objects.get(organisation=unit).user)
    client.post(f"/full/{case.pk}/phone/", {"reason": "联系本人"})

    for attempt in (
        lambda: SensitiveView.objects.update(reason="没看过"),
        lambda: SensitiveView.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert SensitiveView.objects.get().reason == "联系本人"


def test_unknown_field_is_not_found(client):
    unit = UnitFactory()
    applicant = Client()
    case = submit(applicant, register_person(applicant, unit))
    client.force_login(Duty.objects.get(organisation=unit).user)

    assert client.get(f"/full/{case.pk}/password/").status_code == 404
    assert client.post("/registration/submit/", {"token": str(uuid.uuid4())}).status_code in (403, 404)


def test_guesses_of_the_current_password_are_counted(client):
    user = PersonFactory().users.get()
    client.force_login(user)
    new = {"password": "Bohai-2027", "password_again": "Bohai-2027"}
    for _try in range(5):
        client.post("/account/password/", {"current": "Wrong-2026"} | new)

    locked = client.post("/account/password/", {"current": PASSWORD} | new)

    assert "15分钟后再试" in str(locked.context["form"].errors["current"])
    assert check_password(PASSWORD, User.objects.get(pk=user.pk).password)


def test_password_page_of_the_administration_is_the_portal_s(admin_client):
    assert admin_client.get("/admin/password_change/").url == "/account/password/"


def test_officer_keeps_the_name_under_which_cases_are_decided(client):
    officer = OfficerFactory()
    client.force_login(officer)

    client.post("/account/", {"name": "别人", "email": "new@example.com"})

    saved = User.objects.get(pk=officer.pk)
    assert (saved.name, saved.email) == (officer.name, "new@example.com")
