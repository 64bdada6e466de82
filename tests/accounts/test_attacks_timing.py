"""Enumeration by time at the newer doors: 【注册】, counters, change of the phone, and the second step by passkey."""

from typing import Any

import pytest
from django.test import Client

from accounts.enums import CodePurpose
from accounts.models import SmsCode, User
from tests.accounts.counters import OPEN, make_counter, person_opening, unit_opening
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, id_number, phone_number
from tests.accounts.filling import proved
from tests.accounts.passkey_device import Device
from tests.accounts.signing import SECOND, sign_in
from tests.accounts.signing_up import ADDRESSES, FORMS
from tests.accounts.test_attacks_enumeration import work, work_of
from tests.accounts.test_passkeys import owned
from workflow.models import Organisation

pytestmark = pytest.mark.django_db

MORE = [{"send_code": "code"}, {"code": "000000"}]
FREE = 640


@pytest.fixture
def person() -> User:
    return PersonFactory(unit=UnitFactory()).users.get()


@pytest.fixture
def unit() -> Organisation:
    return UnitFactory()


def work_inside(client: Client, address: str, form: dict[str, Any]) -> list[int]:
    """Of whoever is signed in; the second time, so that nothing is looked up first."""
    for _time in range(2):
        SmsCode.objects.all().delete()
        client.get(address)
        proved(client, phone_number(99), CodePurpose.RESET)
        with work() as found:
            client.post(address, form)
    return found


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize(
    ("entry", "field"),
    [("person", "phone"), ("person", "number"), ("person", "username")]
    + [("unit", field) for field in ("phone", "agent_number", "username", "uscc", "unit_name")],
)
def test_registering_costs_the_same_whoever_it_is(
    person: User, unit: Organisation, entry: str, field: str, more: dict[str, str]
) -> None:
    assert person.person is not None
    taken = {
        "phone": person.phone, "number": person.person.number, "agent_number": person.person.number,
        "username": person.username, "uscc": unit.code, "unit_name": unit.name,
    }  # fmt: skip
    free = FORMS[entry](FREE)

    assert work_of(ADDRESSES[entry], free | {field: taken[field]} | more) == work_of(ADDRESSES[entry], free | more)


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("field", ["phone", "number", "username"])
def test_opening_at_a_counter_costs_the_same_whoever_it_is(person: User, field: str, more: dict[str, str]) -> None:
    """Officers too learn of a taken phone only where its holder has read out the code."""
    assert person.person is not None
    taken = {"phone": person.phone, "number": person.person.number, "username": person.username}
    client, address = make_counter().client(), f"{OPEN}?subject=person"
    free = person_opening(FREE, username="free-name")

    costs = [work_inside(client, address, free | changes | more) for changes in ({}, {field: taken[field]})]

    assert costs[0] == costs[1]


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("field", ["phone", "number", "uscc", "unit_name"])
def test_opening_for_an_employer_costs_the_same(
    person: User, unit: Organisation, field: str, more: dict[str, str]
) -> None:
    assert person.person is not None
    taken = {"phone": person.phone, "number": person.person.number, "uscc": unit.code, "unit_name": unit.name}
    client, address = make_counter().client(), f"{OPEN}?subject=enterprise"
    free = unit_opening(FREE)

    costs = [work_inside(client, address, free | changes | more) for changes in ({}, {field: taken[field]})]

    assert costs[0] == costs[1]


def test_control_nothing_but_the_code_was_wrong_in_these_forms() -> None:
    """Or the forms would be refused before anything is looked up."""
    clerk, wrong = make_counter().client(), {"code": "000000"}
    answers = [Client().post(ADDRESSES[entry], FORMS[entry](FREE) | wrong) for entry in ADDRESSES]
    answers.append(clerk.post(f"{OPEN}?subject=person", person_opening(FREE) | wrong))
    answers.append(clerk.post(f"{OPEN}?subject=enterprise", unit_opening(FREE) | wrong))

    assert [list(answer.context["form"].errors) for answer in answers] == [["code"]] * 4


def test_control_whoever_holds_the_phone_is_told_and_that_costs_more(person: User) -> None:
    client = Client()
    form = FORMS["person"](FREE, phone=person.phone)
    client.get(ADDRESSES["person"])

    with work() as unproved:
        client.post(ADDRESSES["person"], form | {"code": "000000"})
    code = proved(client, person.phone)
    with work() as told:
        answer = client.post(ADDRESSES["person"], form | {"code": code})

    assert list(answer.context["form"].errors) == ["phone"]
    assert told != unproved


@pytest.mark.parametrize("proof", ["", "?proof=identity"])
@pytest.mark.parametrize("more", MORE)
def test_new_phone_costs_the_same_whoever_has_it(person: User, more: dict[str, str], proof: str) -> None:
    other, client = PersonFactory(), Client()
    client.force_login(person)
    rest = {"old_code": "000000", "password": "Wrong-2026", "number": id_number(3)} | more

    costs = [
        work_inside(client, f"/account/phone/{proof}", {"phone": phone} | rest)
        for phone in (phone_number(FREE), other.phone)
    ]

    assert costs[0] == costs[1]


def test_passkey_of_somebody_else_costs_what_an_unknown_one_costs(client: Client) -> None:
    officer = OfficerFactory()
    owned(officer)
    of_another = owned(OfficerFactory())

    costs = []
    for device in (of_another, Device(), of_another, Device()):
        sign_in(client, officer)
        answer = device.sign(client.get(SECOND))
        with work() as found:
            client.post(SECOND, {"credential": answer})
        costs.append(found)

    assert costs[2] == costs[3]
