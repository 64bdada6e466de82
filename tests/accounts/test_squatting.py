"""Nobody squats a number: what is merely stated yields to whoever is verified, and is free again after a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import identity_claims
from accounts.enums import CounterSubject, IdentifierKind, RealNameLevel
from accounts.hashes import identifier_keys
from accounts.models import Identifier, Notification, StatedPerson, StatedUnit, TextMessage, User
from accounts.services import expire_registrations, unverified_claims
from accounts.services.accounts import Taken
from accounts.services.identity_links import NotLinked, find_or_open
from accounts.services.real_name import COUNTER
from accounts.services.recognition import recognise
from accounts.services.statements import digest_of, stated_of
from accounts.services.unverified_claims import release_unverified
from tests.accounts import identity
from tests.accounts.counters import make_counter, opened
from tests.accounts.factories import PersonFactory, UnitFactory, credit_code, id_number, phone_number
from tests.accounts.filling import person_form as registration_form
from tests.accounts.filling import register_person, send
from tests.accounts.signing_up import errors_of
from tests.accounts.stating import PAGE, fresh, legal, natural, person_form, signed_in, text_of, unit_form
from workflow import clock
from workflow.lookup_keys import identity_key
from workflow.models import Duty, OutboxMessage
from workflow.outbox import deliver_pending

pytestmark = pytest.mark.django_db

NUMBER = id_number(700)
TOLD = "号码已由他人核验"
EXPIRED = "号码未按期核验"
STATED = "本账户填写的"


def squatter(n: int = 800) -> User:
    """法人注册 as it is: it holds its credit code and the number of its agent."""
    user = legal(n)
    code = identifier_keys(uscc=credit_code(n))[IdentifierKind.CREDIT_CODE]
    Identifier.objects.create(user=user, kind=IdentifierKind.CREDIT_CODE, hash=code)
    return user


def held_by(user: User) -> set[str]:
    return set(Identifier.objects.filter(user=user).values_list("kind", flat=True))


def told(user: User, title: str) -> bool:
    """Once, and without any number."""
    bodies = Notification.objects.filter(recipient=user, title=title).values_list("body", flat=True)
    assert not any(character.isdecimal() for body in bodies for character in body)
    return len(bodies) == 1


def from_the_service(**facts: Any) -> User:
    known = identity.natural(name="沈知远", id_number=NUMBER, phone_number=phone_number(5)) | facts
    return find_or_open(identity_claims.read_identity("subject-1", known), entry="")


def at_the_counter() -> User:
    return opened(make_counter(), subject=CounterSubject.PERSON, number=NUMBER).user


def verified(verifier: str) -> Callable[[], User]:
    def verify() -> User:
        user = natural(701, number=NUMBER, takes_number=False)
        recognise(user, digest=digest_of(stated_of(user)), level=RealNameLevel.MIDDLE, verifier=verifier)
        return user

    return verify


WAYS = {
    "the identity service": from_the_service,
    "an opening at a counter": at_the_counter,
    "papers shown at a counter": verified(COUNTER),
    "a register": verified("demo"),
}


@pytest.fixture
def service(settings: Any) -> None:
    identity.configure(settings, "https://id.example")


@pytest.mark.parametrize("way", WAYS)
def test_stated_number_yields_to_its_verified_owner(way: str, service: None) -> None:
    stated = natural()

    owner = WAYS[way]()

    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == owner
    assert fresh(owner).real_name_level >= RealNameLevel.MIDDLE
    assert held_by(stated) == {IdentifierKind.PHONE}
    assert (fresh(stated).is_active, fresh(stated).phone) == (True, stated.phone)
    assert (StatedPerson.objects.get(user=stated).number, StatedPerson.objects.get(user=stated).number_hash) == ("", "")
    assert told(stated, TOLD)
    assert TextMessage.objects.get(user=stated).template == "claim_yielded"


def test_number_of_an_unverified_agent_yields_too(service: None) -> None:
    agent = squatter()
    Identifier.objects.filter(user=agent, kind=IdentifierKind.ID_NUMBER).update(hash=identity_key(NUMBER))

    owner = from_the_service()

    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == owner
    assert held_by(agent) == {IdentifierKind.PHONE, IdentifierKind.CREDIT_CODE}
    assert StatedUnit.objects.get(user=agent).agent_number == ""


@pytest.mark.parametrize("at_counter", [True, False], ids=["opening", "recognition"])
def test_stated_credit_code_yields_to_the_verified_employer(at_counter: bool) -> None:
    stated, code = squatter(), credit_code(800)

    if at_counter:
        owner = opened(make_counter(), subject=CounterSubject.INSTITUTION, uscc=code).user
    else:
        owner = legal(801, uscc=code)
        recognise(owner, digest=digest_of(stated_of(owner)), level=RealNameLevel.MIDDLE, verifier="demo")

    assert Duty.objects.filter(user=owner, organisation__code=code).exists()
    assert held_by(stated) == {IdentifierKind.PHONE, IdentifierKind.ID_NUMBER}
    assert StatedUnit.objects.get(user=stated).uscc == ""
    assert told(stated, TOLD)


def verified_person() -> User:
    user: User = identity.verified_person(number=NUMBER).users.get()
    return user


def renamed_person() -> User:
    return PersonFactory(number=NUMBER, user__real_name_level=RealNameLevel.BASIC).users.get()


def contact_on_duty() -> User:
    user = natural(kind="unit")
    UnitFactory(handler=user)
    return user


def running_registration() -> User:
    user: User = register_person(Client(), UnitFactory(), number=NUMBER).applicant
    return user


def approved_before() -> User:
    """The approval of the registration counted; the level was dropped since."""
    user = running_registration()
    User.objects.filter(pk=user.pk).update(is_approved=True, real_name_level=RealNameLevel.BASIC)
    return user


def middle_level() -> User:
    return natural(real_name_level=RealNameLevel.MIDDLE)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "holder",
    [verified_person, renamed_person, contact_on_duty, running_registration, approved_before, middle_level],
)
def test_whoever_does_more_than_state_never_yields(holder: Callable[[], User], way: str, service: None) -> None:
    user, before = holder(), Identifier.objects.get(hash=identity_key(NUMBER))

    if holder is verified_person and way == "the identity service":
        assert from_the_service() == user
    else:
        with pytest.raises((Taken, NotLinked)):
            WAYS[way]()

    assert Identifier.objects.get(hash=identity_key(NUMBER)) == before
    assert before.user == user
    assert not Notification.objects.filter(title=TOLD).exists()


def test_refused_opening_takes_nothing_from_anybody() -> None:
    stated, other = natural(), PersonFactory()

    with pytest.raises(Taken):
        opened(make_counter(), subject=CounterSubject.PERSON, number=NUMBER, phone=other.phone, phone_proved=True)

    assert IdentifierKind.ID_NUMBER in held_by(stated)
    assert not Notification.objects.filter(recipient=stated).exists()


def test_who_lost_a_number_reads_why_and_states_another_one(service: None) -> None:
    stated = natural()
    client = signed_in(stated)
    assert STATED not in text_of(client.get(PAGE))
    from_the_service()

    pages = [text_of(client.get(address)) for address in ("/account/profile/", PAGE)]
    empty = client.post(PAGE, person_form())
    again = client.post(PAGE, person_form(number=NUMBER))
    client.post(PAGE, person_form(number=id_number(702)))

    assert all("已由他人通过核验" in page for page in pages)
    assert list(empty.context["form"].errors) == list(again.context["form"].errors) == ["number"]
    assert (fresh(stated).real_name_level, held_by(stated)) == (2, {IdentifierKind.PHONE, IdentifierKind.ID_NUMBER})
    assert STATED not in text_of(client.get("/account/profile/"))


def test_employer_that_lost_code_and_agent_states_both_anew() -> None:
    stated = squatter()
    client = signed_in(stated)
    number = StatedUnit.objects.get(user=stated).agent_number
    assert "agent_number" not in client.get(PAGE).context["form"].fields
    opened(make_counter(), subject=CounterSubject.INSTITUTION, uscc=credit_code(800), number=number)

    empty = client.post(PAGE, unit_form(stated))
    again = client.post(PAGE, unit_form(stated, uscc=credit_code(800), agent_number=number))
    client.post(PAGE, unit_form(stated, uscc=credit_code(802), agent_number=id_number(802)))

    assert set(empty.context["form"].errors) == {"uscc", "agent_number"}
    assert set(again.context["form"].errors) == {"uscc", "agent_number"}
    assert held_by(stated) == set(IdentifierKind)
    assert StatedUnit.objects.get(user=stated).agent_number == id_number(802)
    assert fresh(stated).real_name_level == RealNameLevel.MIDDLE


def test_who_states_a_stated_number_holds_it_only_when_verified() -> None:
    first, second = natural(), natural(701)
    client = signed_in(second)

    asked = client.post(PAGE, person_form(number=NUMBER, counter="1"))

    assert asked.status_code == 302
    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == first
    assert held_by(second) == {IdentifierKind.PHONE}
    assert "另有账户填写了相同号码" in text_of(client.get("/account/profile/"))

    client.post(PAGE, person_form())

    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == second
    assert held_by(first) == {IdentifierKind.PHONE}


@pytest.mark.parametrize("entry", ["自然人注册", "个人注册"])
@pytest.mark.parametrize("is_offered", [True, False])
def test_whoever_registers_with_a_stated_number_reads_the_way_out(entry: str, is_offered: bool, settings: Any) -> None:
    stated = natural()
    if is_offered:
        identity.configure(settings, "https://id.example")

    if entry == "自然人注册":
        errors = errors_of(Client(), "person", n=710, number=NUMBER)
    else:
        client = Client()
        client.post("/register/person/")
        errors = send(client, "person", registration_form(UnitFactory(), number=NUMBER)).context["form"].errors

    said = errors["number"][0]
    assert said.startswith("该身份证号码已存在,请直接登录或找回密码")
    assert "服务窗口" in said
    assert ("中国政务服务平台" in said) is is_offered
    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == stated


def in_days(days: int) -> Any:
    return time_machine.travel(clock.machine_now() + timedelta(days=days), tick=False)


def test_what_nobody_verifies_in_time_is_free_again() -> None:
    person, unit = natural(), squatter()

    with in_days(89):
        assert expire_registrations() == 0
    with in_days(91):
        assert (expire_registrations(), expire_registrations()) == (2, 0)
        deliver_pending()

    for user in (person, unit):
        assert held_by(user) == {IdentifierKind.PHONE}
        assert fresh(user).is_active
        assert told(user, EXPIRED)
    assert StatedPerson.objects.get(user=person).number == NUMBER
    assert StatedUnit.objects.get(user=unit).uscc == credit_code(800)
    assert "未按期核验" in text_of(signed_in(person).get("/account/profile/"))


def test_days_count_from_what_was_stated_last() -> None:
    person, unit = natural(), squatter()
    with in_days(50):
        signed_in(person).post(PAGE, person_form(counter="1"))
        signed_in(unit).post(PAGE, unit_form(unit, counter="1"))

    with in_days(91):
        assert expire_registrations() == 0
    with in_days(141):
        assert expire_registrations() == 2


@pytest.mark.parametrize("holder", [verified_person, renamed_person, contact_on_duty, approved_before, middle_level])
def test_whoever_does_more_than_state_never_expires(holder: Callable[[], User]) -> None:
    user = holder()

    with in_days(500):
        release_unverified(clock.now() - timedelta(days=90))

    assert IdentifierKind.ID_NUMBER in held_by(user)


def test_next_statement_claims_again_or_says_that_it_is_taken() -> None:
    person, unit, other = natural(), squatter(), natural(703)
    with in_days(91):
        expire_registrations()
        PersonFactory(number=id_number(703))

        signed_in(person).post(PAGE, person_form(counter="1"))
        signed_in(unit).post(PAGE, unit_form(unit, agent_number="", counter="1"))
        taken = signed_in(other).post(PAGE, person_form(counter="1"))

    assert held_by(person) == {IdentifierKind.PHONE, IdentifierKind.ID_NUMBER}
    assert held_by(unit) == set(IdentifierKind)
    assert list(taken.context["form"].errors) == ["number"]


def test_many_expire_in_chunks_of_the_same_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = []
    for start, many, chunk in ((700, 2, 2), (720, 8, 8), (740, 5, 2)):
        for n in range(start, start + many):
            natural(n)
        monkeypatch.setattr(unverified_claims, "CHUNK", chunk)
        with in_days(91), CaptureQueriesContext(connection) as spent:
            assert release_unverified(clock.now() - timedelta(days=90)) == many
        costs.append(len(spent))

    assert costs[0] == costs[1] < costs[2]
    assert OutboxMessage.objects.filter(kind="accounts.claim_expired").count() == 15
    assert not Identifier.objects.filter(kind=IdentifierKind.ID_NUMBER).exists()
