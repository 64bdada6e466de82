"""【忘记密码】: 填写对应信息进行密码找回."""

from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import Notification, TextMessage, User
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, claim, phone_number
from tests.accounts.filling import CAPTCHA, proved
from tests.accounts.signing import SECOND, add_app

pytestmark = pytest.mark.django_db

PAGE = "/sign-in/forgotten/"
NEW = "Bohai-2027"


def statements(user: User, **changes: str) -> dict[str, str]:
    return {
        "kind": user.kind,
        "account": user.username,
        "name": user.name,
        "phone": user.phone,
        "password": NEW,
        "password_again": NEW,
    } | changes


def send(client: Client, user: User, **changes: str) -> Any:
    """The whole form, with the right code for its phone."""
    form = statements(user, **changes)
    return client.post(PAGE, {"code": proved(client, form["phone"], CodePurpose.RESET)} | form)


def with_phone(user: User) -> User:
    user.phone = phone_number(user.pk)
    user.save()
    claim(user, phone=user.phone)
    return user


def has_new_password(user: User) -> bool:
    return check_password(NEW, User.objects.get(pk=user.pk).password)


def test_whole_way_of_a_person(client: Client) -> None:
    user, other = PersonFactory().users.get(), Client()
    other.force_login(user)
    client.post(PAGE, statements(user) | {"send_code": "code"})
    params = TextMessage.objects.get(template="code").params
    assert params is not None

    response = client.post(PAGE, statements(user) | {"code": params["code"]})

    assert response.url == "/sign-in/person/"
    assert has_new_password(user)
    assert other.get("/account/").status_code == 302
    assert TextMessage.objects.get(template="password_changed").phone == user.phone
    assert Notification.objects.station().of(user.pk).get().title == "密码已重新设置"
    # Nobody is signed in: what stands behind the password still stands there.
    assert "_auth_user_id" not in client.session


def test_document_number_stands_for_the_user_name(client: Client) -> None:
    person = PersonFactory()
    user = person.users.get()

    assert send(client, user, account=person.number.lower()).status_code == 302
    assert has_new_password(user)


def test_employer_is_named_by_its_own_name_or_its_contact(client: Client) -> None:
    unit = UnitFactory()
    user = with_phone(unit.duties.get().user)

    assert send(client, user, name=unit.name).url == "/sign-in/unit/"
    assert send(client, user, name=user.name, password="Bohai-2028", password_again="Bohai-2028").status_code == 302


def test_officer_recovers_the_password_and_is_not_signed_in(client: Client) -> None:
    officer = with_phone(OfficerFactory())

    assert send(client, officer).url == "/sign-in/officer/"
    assert "_auth_user_id" not in client.session


def test_phone_does_not_become_both_factors_of_an_officer(client: Client, settings: Any) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    officer = with_phone(OfficerFactory())

    refused = send(client, officer)
    assert refused.status_code == 200
    assert not has_new_password(officer)
    add_app(officer)

    assert send(client, officer).url == "/sign-in/officer/"


def test_new_password_does_not_stand_for_the_second_factor(client: Client) -> None:
    officer = with_phone(OfficerFactory())
    add_app(officer)
    send(client, officer)

    response = client.post("/sign-in/officer/", {"username": officer.username, "password": NEW} | CAPTCHA)

    assert response.url == SECOND
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "wrong", [{"kind": "unit"}, {"account": "somebody"}, {"name": "别人"}, {"phone": phone_number(5)}]
)
def test_one_wrong_statement_sends_nothing_and_resets_nothing(client: Client, wrong: dict[str, str]) -> None:
    user = PersonFactory().users.get()

    asked = client.post(PAGE, statements(user, **wrong) | {"send_code": "code"})
    refused = send(client, user, **wrong)

    assert "如果所填信息与账号一致" in asked.text
    assert not TextMessage.objects.exists()
    assert refused.status_code == 200
    assert "不一致" in str(refused.context["form"].errors)
    assert not has_new_password(user)


def test_statements_are_judged_at_most_five_times_with_one_code(client: Client) -> None:
    user = PersonFactory().users.get()
    code = proved(client, user.phone, CodePurpose.RESET)
    for n in range(5):
        client.post(PAGE, statements(user, name=f"别人{'一二三四五'[n]}") | {"code": code})

    assert client.post(PAGE, statements(user) | {"code": code}).status_code == 200
    assert not has_new_password(user)


def test_wrong_code_resets_nothing(client: Client) -> None:
    user = PersonFactory().users.get()
    code = proved(client, user.phone, CodePurpose.RESET)

    response = client.post(PAGE, statements(user) | {"code": "000000" if code != "000000" else "111111"})

    assert "验证码错误" in response.text
    assert not has_new_password(user)


@pytest.mark.parametrize("purpose", [CodePurpose.SIGN_IN, CodePurpose.REGISTER, CodePurpose.NEW_PHONE])
def test_code_of_another_purpose_resets_nothing(client: Client, purpose: CodePurpose) -> None:
    user = PersonFactory().users.get()

    client.post(PAGE, statements(user) | {"code": proved(client, user.phone, purpose)})

    assert not has_new_password(user)


@pytest.mark.parametrize("password", ["short-1", "bohaibohai"])
def test_policy_holds_here_too(client: Client, password: str) -> None:
    user = PersonFactory().users.get()

    response = send(client, user, password=password, password_again=password)

    assert list(response.context["form"].errors) == ["password"]


def test_code_stays_good_after_a_password_that_contains_the_phone(client: Client) -> None:
    user = PersonFactory().users.get()
    code = proved(client, user.phone, CodePurpose.RESET)
    weak = f"A-{user.phone}"

    refused = client.post(PAGE, statements(user, password=weak, password_again=weak) | {"code": code})
    response = client.post(PAGE, statements(user) | {"code": code})

    assert list(refused.context["form"].errors) == ["password"]
    assert response.status_code == 302
