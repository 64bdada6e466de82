"""No form tells a stranger whose user name, phone or document number it knows: neither by words, status nor work."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import SmsCode, User
from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, claim, id_number, phone_number
from tests.accounts.filling import CAPTCHA, person_form, proved, unit_form

pytestmark = pytest.mark.django_db

# What differs from answer to answer, whoever asks.
DIFFERENT = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|/image/\w+/|name="captcha_0" value="\w+"|[0-9a-f]{40}'
)


def answer(url: str, form: dict[str, Any]) -> tuple[int, str]:
    """Status and body, without what was typed and what always differs; a browser of its own, nothing counted."""
    SmsCode.objects.all().delete()
    client = Client()
    if url.startswith("/register/"):
        client.post(url.removesuffix("form/"))
    response = client.post(url, form)
    body = DIFFERENT.sub("", response.text)
    for value in sorted((str(value) for value in form.values() if len(str(value)) > 3), key=len, reverse=True):
        body = body.replace(value, "…")
    return response.status_code, body


@pytest.fixture
def known() -> User:
    return PersonFactory().users.get()


def assert_same(url: str, first: dict[str, Any], second: dict[str, Any]) -> None:
    (status, body), (other_status, other_body) = answer(url, first), answer(url, second)

    assert status == other_status == 200
    assert body == other_body


def test_sign_in_by_password(known: User) -> None:
    wrong = {"password": "Wrong-2026"} | CAPTCHA

    assert_same("/sign-in/person/", {"username": known.username} | wrong, {"username": "nobody-here"} | wrong)


@pytest.mark.parametrize("entry", ["person", "unit", "officer"])
@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
def test_sign_in_by_text_message(known: User, entry: str, more: dict[str, str]) -> None:
    assert_same(f"/sign-in/{entry}/sms/", {"phone": known.phone} | more, {"phone": phone_number(1)} | more)


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("field", ["account", "name", "phone"])
def test_recovery_of_the_password(known: User, more: dict[str, str], field: str) -> None:
    right = {"kind": "person", "account": known.username, "name": known.name, "phone": known.phone}
    wrong = {"account": "nobody-here", "name": "查无此人", "phone": phone_number(1)}
    both = {"password": "Bohai-2027", "password_again": "Bohai-2027"} | more

    assert_same("/sign-in/forgotten/", right | both, right | {field: wrong[field]} | both)


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("field", ["phone", "number", "username"])
def test_personal_registration(known: User, more: dict[str, str], field: str) -> None:
    unit = UnitFactory()
    assert known.person is not None
    taken = {"phone": known.phone, "number": known.person.number, "username": known.username}
    free = person_form(unit, number=id_number(600, born="19980201"))

    assert_same("/register/person/form/", free | {field: taken[field]} | more, free | more)


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("field", ["phone", "contact_number", "username", "uscc", "unit_name"])
def test_registration_of_an_employer(known: User, more: dict[str, str], field: str) -> None:
    unit = UnitFactory()
    assert known.person is not None
    taken = {
        "phone": known.phone,
        "contact_number": known.person.number,
        "username": known.username,
        "uscc": unit.code,
        "unit_name": unit.name,
    }
    free = unit_form(contact_number=id_number(600))

    assert_same("/register/unit/form/", free | {field: taken[field]} | more, free | more)


def test_proved_phone_asks_of_five_numbers_at_most(client: Client, known: User) -> None:
    unit = UnitFactory()
    client.post("/register/person/")
    free = person_form(unit)
    code = proved(client, free["phone"])
    told = []
    for n in range(7):
        victim = PersonFactory()
        assert victim.number
        form = free | {"number": victim.number, "code": code, "username": f"probe-{n}"}
        told.append("number" in client.post("/register/person/form/", form).context["form"].errors)

    assert told == [True] * 5 + [False] * 2


def test_phone_of_a_contact_is_told_to_whoever_holds_it(client: Client) -> None:
    unit = UnitFactory()
    claim(unit.duties.get().user, phone=phone_number(77))
    client.post("/register/person/")
    form = person_form(unit, phone=phone_number(77))

    told = client.post("/register/person/form/", form | {"code": proved(client, form["phone"])})

    assert told.context["form"].errors == {"phone": ["该手机号码已存在,请直接登录或找回密码"]}


def test_unknown_user_name_costs_a_hash_too(known: User, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        work.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for username in (known.username, "nobody-here"):
        work.clear()
        Client().post("/sign-in/person/", {"username": username, "password": "Wrong-2026"} | CAPTCHA)
        counts.append(len(work))

    assert counts == [1, 1]


def test_right_password_is_what_tells_the_difference(client: Client, known: User) -> None:
    """The control: the comparison above sees a difference where there is one."""
    form = {"username": known.username} | CAPTCHA

    assert answer("/sign-in/unit/", form | {"password": PASSWORD}) != answer(
        "/sign-in/unit/", form | {"password": "Wrong-2026"}
    )
    code = proved(client, known.phone, CodePurpose.SIGN_IN)
    assert client.post("/sign-in/person/sms/", {"phone": known.phone, "code": code}).status_code == 302
