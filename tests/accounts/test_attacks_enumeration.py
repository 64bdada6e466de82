"""Enumeration by time: whatever a stranger types, the server does the same work for it, statement by statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import CodePurpose
from accounts.models import SmsCode, User
from tests.accounts.factories import (
    PASSWORD,
    OfficerFactory,
    PersonFactory,
    UnitFactory,
    UserFactory,
    id_number,
    phone_number,
)
from tests.accounts.filling import CAPTCHA, person_form, proved, unit_form

pytestmark = pytest.mark.django_db

DATA = {"SELECT", "INSERT", "UPDATE", "DELETE"}
SMS_DOORS = ["/sign-in/person/sms/", "/sign-in/unit/sms/", "/sign-in/officer/sms/"]


@pytest.fixture
def person() -> User:
    return PersonFactory(unit=UnitFactory()).users.get()


@contextmanager
def work() -> Iterator[list[int]]:
    """[statements, password hashes] of what is done inside: what an answer's time is made of.

    A savepoint that is given up costs what one that is kept costs, but one word more is said for it.
    """
    found: list[int] = []
    hashes: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashes.append(salt)
        return encode(self, password, salt)

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(MD5PasswordHasher, "encode", counted)
        yield found
    found += [sum(query["sql"].split()[0] in DATA for query in queries), len(hashes)]


def work_of(address: str, form: dict[str, Any]) -> list[int]:
    """Of a browser of its own, when nothing is counted yet; the second time, so that nothing is looked up first."""
    for _time in range(2):
        SmsCode.objects.all().delete()
        client = Client()
        if address.startswith("/register/"):
            client.post(address.removesuffix("form/"))
        client.get(address)
        proved(client, phone_number(99), CodePurpose.NEW_PHONE)
        with work() as found:
            client.post(address, form)
    return found


def wrong_password(user: User) -> dict[str, Any]:
    return {"username": user.username, "password": "Wrong-2026"} | CAPTCHA


@pytest.mark.parametrize("address", ["/sign-in/person/", "/sign-in/unit/", "/sign-in/officer/"])
def test_wrong_password_costs_the_same_whoever_it_is(address: str) -> None:
    nobody = UserFactory.build(username="nobody-here")
    known = [UserFactory(), UserFactory(unit=True), OfficerFactory(), UserFactory(is_active=False)]
    stopped, unusable = UserFactory(is_active=False), UserFactory()
    unusable.set_unusable_password()
    unusable.save()

    costs = {str(work_of(address, wrong_password(user))) for user in (nobody, *known, stopped, unusable)}

    assert len(costs) == 1, costs


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("address", SMS_DOORS)
def test_sign_in_by_code_costs_the_same_whoever_it_is(address: str, more: dict[str, str], person: User) -> None:
    phones = [person.phone, phone_number(4), PersonFactory(user__is_active=False).phone]

    assert len({str(work_of(address, {"phone": phone} | more)) for phone in phones}) == 1


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("field", ["account", "name", "phone", "kind"])
def test_forgotten_password_costs_the_same_whoever_it_is(person: User, more: dict[str, str], field: str) -> None:
    right = {"kind": "person", "account": person.username, "name": person.name, "phone": person.phone}
    wrong = {"account": "nobody-here", "name": "查无此人", "phone": phone_number(4), "kind": "unit"}
    passwords = dict.fromkeys(("password", "password_again"), "Bohai-2027")

    costs = [
        work_of("/sign-in/forgotten/", right | changes | passwords | more) for changes in ({}, {field: wrong[field]})
    ]

    assert costs[0] == costs[1]


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("field", ["phone", "number", "username"])
def test_personal_registration_costs_the_same_whoever_it_is(person: User, more: dict[str, str], field: str) -> None:
    assert person.person is not None
    taken = {"phone": person.phone, "number": person.person.number, "username": person.username}
    free = person_form(UnitFactory(), number=id_number(600, born="19980201"))

    address = "/register/person/form/"
    assert work_of(address, free | {field: taken[field]} | more) == work_of(address, free | more)


@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize("field", ["phone", "contact_number", "username", "uscc", "unit_name"])
def test_registration_of_an_employer_costs_the_same(person: User, more: dict[str, str], field: str) -> None:
    unit = UnitFactory()
    assert person.person is not None
    taken = {
        "phone": person.phone, "contact_number": person.person.number, "username": person.username,
        "uscc": unit.code, "unit_name": unit.name,
    }  # fmt: skip
    free = unit_form(contact_number=id_number(600))

    address = "/register/unit/form/"
    assert work_of(address, free | {field: taken[field]} | more) == work_of(address, free | more)


def test_measure_sees_a_difference_where_there_is_one(person: User) -> None:
    """The control: the right password costs other statements than a wrong one."""
    right = {"username": person.username, "password": PASSWORD} | CAPTCHA

    assert work_of("/sign-in/person/", right) != work_of("/sign-in/person/", wrong_password(person))
