"""更换手机号码: proof of the old phone or of identity, and of the new one."""

from typing import Any

import pytest
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import Identifier, Notification, Person, PersonRegistration, TextMessage, User
from accounts.services.entering import PROVED
from tests.accounts.factories import PASSWORD, OfficerFactory, PersonFactory, UnitFactory, UserFactory, phone_number
from tests.accounts.filling import proved, register_person

pytestmark = pytest.mark.django_db

PAGE = "/account/phone/"
NEW = phone_number(4321)


def change(client: Client, user: User, **changes: str) -> Any:
    codes = {
        "old_code": proved(client, user.phone, CodePurpose.OLD_PHONE),
        "code": proved(client, changes.get("phone", NEW), CodePurpose.NEW_PHONE),
    }
    return client.post(PAGE, {"phone": NEW} | codes | changes)


def change_by_identity(client: Client, person: Person, **changes: str) -> Any:
    form = {"phone": NEW, "password": PASSWORD, "number": person.number}
    code = proved(client, NEW, CodePurpose.NEW_PHONE)
    return client.post(f"{PAGE}?proof=identity", form | {"code": code} | changes)


@pytest.fixture
def person(client: Client) -> Person:
    person = PersonFactory()
    client.force_login(person.users.get())
    return person


def test_two_codes_change_the_phone_and_the_old_one_is_told(client: Client, person: Person) -> None:
    user, old = person.users.get(), person.phone

    response = change(client, user)

    assert response.url == "/account/"
    assert (User.objects.get(pk=user.pk).phone, Person.objects.get(pk=person.pk).phone) == (NEW, NEW)
    assert Identifier.objects.filter(user=user).count() == 2
    text = TextMessage.objects.get(template="phone_changed")
    assert text.phone == old
    assert Notification.objects.station().of(user.pk).first().title == "手机号码已更换"
    assert NEW not in Notification.objects.first().body


def test_old_phone_is_free_for_others_afterwards(client: Client, person: Person) -> None:
    old = person.phone
    change(client, person.users.get())

    case = register_person(Client(), UnitFactory(), phone=old)

    assert case.applicant.phone == old


def test_registration_that_waits_follows_the_phone(client: Client) -> None:
    case = register_person(client, UnitFactory())

    change(client, case.applicant)

    assert PersonRegistration.objects.get(case=case).phone == NEW


def test_other_sign_ins_end_and_this_one_stays(client: Client) -> None:
    user, other = PersonFactory().users.get(), Client()
    for browser in (client, other):
        code = proved(browser, user.phone, CodePurpose.SIGN_IN)
        browser.post("/sign-in/person/sms/", {"phone": user.phone, "code": code})
    assert other.get("/account/").status_code == 200

    change(client, user)

    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize("field", ["old_code", "code"])
def test_both_codes_must_be_right(client: Client, person: Person, field: str) -> None:
    response = change(client, person.users.get(), **{field: "000000"})

    assert list(response.context["form"].errors) == [field]
    assert Person.objects.get(pk=person.pk).phone == person.phone


def test_phone_of_somebody_else_is_told_after_its_code_only(client: Client, person: Person) -> None:
    taken = PersonFactory()

    guessed = change(client, person.users.get(), phone=taken.phone, code="000000")
    proved_by_code = change(client, person.users.get(), phone=taken.phone)

    assert "已存在" not in str(guessed.context["form"].errors)
    assert proved_by_code.context["form"].errors == {"phone": ["该手机号码已存在,请直接登录或找回密码"]}


def test_lost_phone_needs_password_and_document_number(client: Client, person: Person) -> None:
    response = change_by_identity(client, person)

    assert response.url == "/account/"
    assert Person.objects.get(pk=person.pk).phone == NEW
    assert TextMessage.objects.get(template="phone_changed").phone == person.phone


@pytest.mark.parametrize("wrong", [{"password": "Wrong-2026"}, {"number": "110101199001011237"}])
def test_wrong_proof_of_identity_uses_up_the_code(client: Client, person: Person, wrong: dict[str, str]) -> None:
    form = {"phone": NEW, "password": PASSWORD, "number": person.number}
    form["code"] = proved(client, NEW, CodePurpose.NEW_PHONE)
    for _try in range(5):
        response = client.post(f"{PAGE}?proof=identity", form | wrong)
        assert "密码或证件号码不正确" in str(response.context["form"].errors)

    response = client.post(f"{PAGE}?proof=identity", form)

    assert list(response.context["form"].errors) == ["code"]
    assert Person.objects.get(pk=person.pk).phone == person.phone


def test_account_without_a_document_number_cannot_do_without_the_old_phone(client: Client) -> None:
    user = UserFactory(phone=phone_number(9))
    client.force_login(user)

    page = client.get(f"{PAGE}?proof=identity")

    assert "old_code" in page.context["form"].fields
    assert "原手机已停用？" in page.text


def test_first_phone_of_an_officer_needs_the_password(client: Client) -> None:
    officer = OfficerFactory()
    client.force_login(officer)
    session = client.session
    session[PROVED] = True
    session.save()
    form = {"phone": NEW, "code": proved(client, NEW, CodePurpose.NEW_PHONE)}

    refused = client.post(PAGE, form | {"password": "Wrong-2026"})
    response = client.post(PAGE, form | {"password": PASSWORD})

    assert refused.status_code == 200
    assert response.url == "/account/"
    assert User.objects.get(pk=officer.pk).phone == NEW
    assert not TextMessage.objects.filter(template="phone_changed").exists()


def test_both_buttons_send_to_the_right_phone(client: Client, person: Person) -> None:
    client.post(PAGE, {"phone": NEW, "send_code": "old_code"})
    client.post(PAGE, {"phone": NEW, "send_code": "code"})

    assert [text.phone for text in TextMessage.objects.order_by("pk")] == [person.phone, NEW]
