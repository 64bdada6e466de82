"""Whose account it is: by verified number or credit code, never by phone, e-mail or what nobody has verified."""

import dataclasses
from datetime import date

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test import Client

from accounts import identity_claims, identity_service
from accounts.enums import IdentifierKind, RealNameLevel, UserKind
from accounts.models import Identifier, Notification, Person, User, Verification
from accounts.services import identity_links
from accounts.services.identity_links import NotLinked, find_or_open, link_of, unlink
from accounts.services.real_name import REVIEW, raise_level
from tests.accounts.factories import (
    PASSWORD,
    PersonFactory,
    UnitFactory,
    UserFactory,
    claim,
    credit_code,
    id_number,
    phone_number,
)
from tests.accounts.identity import configure, legal, natural, service_running, sign_in, verified_person
from workflow.models import Organisation

pytestmark = pytest.mark.django_db

NUMBER, PHONE = id_number(7), phone_number(5)


@pytest.fixture(autouse=True)
def configured(settings):
    configure(settings, "https://id.example")


def identity(subject="subject-1", **facts):
    known = natural(name="沈知远", id_number=NUMBER, phone_number=PHONE)
    return identity_claims.read_identity(subject, known | facts)


def unit_identity(unit, subject="subject-9", **facts):
    known = legal(name="王人事", id_number=NUMBER, uscc=unit.code, unit_name=unit.name)
    return identity_claims.read_identity(subject, known | facts)


def rows():
    return {model: model.objects.count() for model in (User, Person, Identifier, SocialAccount, Verification)}


def refusal(who, entry=""):
    """The text; and nothing half-made."""
    before = rows()
    with pytest.raises(NotLinked) as caught:
        find_or_open(who, entry=entry)
    assert rows() == before
    return str(caught.value)


def test_verified_number_finds_the_account_whose_owner_is_told():
    person = verified_person(number=NUMBER)
    UserFactory(phone=PHONE)

    user = find_or_open(identity(), entry=UserKind.PERSON)

    assert user == person.users.get()
    assert link_of(user).uid == identity().subject
    assert Notification.objects.filter(recipient=user, title__contains="已关联").count() == 1


def test_second_return_finds_it_by_the_subject_and_tells_nobody_again():
    verified_person(number=NUMBER)
    first = find_or_open(identity(), entry="")
    told = Notification.objects.count()

    second = find_or_open(identity(), entry="")

    assert second == first
    assert Notification.objects.count() == told
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(("birthday", "is_let_in"), [(date(2010, 6, 16), False), (date(2010, 6, 15), True)])
@time_machine.travel("2026-06-15 12:00:00+08:00", tick=False)
def test_whoever_is_under_16_gets_no_account_by_the_service_either(birthday, is_let_in):
    who = identity(id_number=id_number(7, f"{birthday:%Y%m%d}"))

    if is_let_in:
        assert find_or_open(who, entry="").person.birth_date == birthday
    else:
        assert "16" in refusal(who)


def test_neither_phone_nor_mail_links():
    other = PersonFactory(phone=PHONE, user__real_name_level=RealNameLevel.MIDDLE).users.get()
    other.email = "same@example.com"
    other.save()

    said = refusal(identity(email="same@example.com", email_verified=True))

    assert "139****0005" in said
    assert link_of(other) is None


@pytest.mark.parametrize("level", [RealNameLevel.NONE, RealNameLevel.BASIC])
def test_account_that_nobody_has_verified_is_not_linked(level):
    PersonFactory(number=NUMBER, user__real_name_level=level)

    assert "核验" in refusal(identity())


def test_number_of_a_registration_that_nobody_approved_is_not_linked():
    claim(UserFactory(pending=True), number=NUMBER)

    assert "核验" in refusal(identity())


def test_account_that_an_employer_alone_approved_is_not_linked_by_its_number():
    """Somebody may have registered with another's number: its owner must not walk into their account."""
    person = PersonFactory(number=NUMBER, user__real_name_level=RealNameLevel.BASIC)
    user = person.users.get()
    raise_level([user], level=RealNameLevel.MIDDLE, verifier=REVIEW)

    assert "手机号码" in refusal(identity())
    assert link_of(user) is None

    user.phone = PHONE
    user.save(update_fields=["phone"])
    assert find_or_open(identity(), entry=UserKind.PERSON) == user


def test_number_of_an_employers_contact_is_said():
    claim(UserFactory(unit=True), number=NUMBER)

    assert "单位联系人" in refusal(identity())


def test_unverified_account_of_the_service_opens_nothing():
    verified_person(number=NUMBER)

    assert "实名" in refusal(identity(real_name_level=1))
    assert "实名" in refusal(identity(real_name_level=None))


def test_newcomer_gets_an_account_without_a_password():
    user = find_or_open(identity(real_name_level=3), entry=UserKind.PERSON)

    assert not user.has_usable_password()
    assert (user.kind, user.is_approved, user.real_name_level) == (UserKind.PERSON, True, RealNameLevel.HIGH)
    assert (user.name, user.phone) == ("沈知远", PHONE)
    assert (user.person.number, user.person.birth_date.isoformat()) == (NUMBER, "1999-03-07")
    assert set(user.identifiers.values_list("kind", flat=True)) == {IdentifierKind.ID_NUMBER, IdentifierKind.PHONE}
    check = Verification.objects.get(user=user)
    assert (check.verifier, check.level) == ("identity_service", RealNameLevel.HIGH)


def test_newcomer_without_a_mobile_number_has_none():
    user = find_or_open(identity(phone_number="+44 20 7946 0000"), entry="")

    assert user.phone == ""


def test_phone_that_the_service_has_not_proved_signs_nobody_in():
    user = find_or_open(identity(phone_number_verified=False), entry="")

    assert user.phone == ""
    assert not Identifier.objects.filter(kind=IdentifierKind.PHONE).exists()


def test_person_known_without_an_account_stays_the_same_person():
    person = PersonFactory(number=NUMBER, user=False)

    assert find_or_open(identity(), entry="").person == person


def test_closed_account_is_said_and_none_is_opened():
    person = PersonFactory(number=NUMBER, user__is_active=False)

    assert "注销" in refusal(identity())
    assert person.users.get().is_active is False


def test_link_follows_from_a_closed_account_to_the_new_one_of_the_same_person():
    person = verified_person(number=NUMBER)
    closed = find_or_open(identity(), entry="")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert "注销" in refusal(identity())
    new = UserFactory(person=person, real_name_level=RealNameLevel.BASIC)
    raise_level([new], level=RealNameLevel.MIDDLE, verifier="counter")

    assert find_or_open(identity(), entry="") == new
    assert link_of(closed) is None


def test_second_account_of_the_service_with_the_same_number_is_refused():
    verified_person(number=NUMBER)
    find_or_open(identity(), entry="")

    assert "另一个账号" in refusal(identity("subject-2"))


def test_subject_that_suddenly_is_somebody_else_is_refused():
    verified_person(number=NUMBER)
    find_or_open(identity(), entry="")

    assert "不一致" in refusal(identity(id_number=id_number(8)))


def test_same_subject_at_another_issuer_is_somebody_else(settings):
    first = identity().subject
    configure(settings, "https://other.example")

    assert identity().subject != first


@pytest.mark.parametrize(("name", "level"), [("沈知远", RealNameLevel.HIGH), ("沈志远", RealNameLevel.MIDDLE)])
def test_higher_level_counts_where_the_name_agrees_too(name, level):
    verified_person(number=NUMBER, name=name)

    user = find_or_open(identity(real_name_level=3), entry="")

    assert User.objects.get(pk=user.pk).real_name_level == level


def test_wrong_door_is_said():
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)

    assert "单位登录" in refusal(unit_identity(unit), UserKind.PERSON)
    assert "个人登录" in refusal(identity(), UserKind.UNIT)


def test_employer_is_found_by_its_credit_code_alone():
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)

    user = find_or_open(unit_identity(unit), entry=UserKind.UNIT)

    assert user == unit.duties.get().user
    assert find_or_open(unit_identity(unit), entry="") == user


def test_among_several_the_registered_contact_is_meant():
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    contact = UserFactory(unit=True, real_name_level=RealNameLevel.MIDDLE)
    unit.duties.create(user=contact, starts_on="2020-01-01")
    assert "联系人" in refusal(unit_identity(unit))
    claim(contact, number=NUMBER)

    assert find_or_open(unit_identity(unit), entry="") == contact


def test_contact_who_is_somebody_else_is_not_taken_over():
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    claim(unit.duties.get().user, number=id_number(99))

    assert "联系人" in refusal(unit_identity(unit))


def test_employer_that_is_not_registered_is_told_what_to_do():
    unit = Organisation(code=credit_code(77), name="某某有限公司")

    with pytest.raises(NotLinked) as caught:
        find_or_open(unit_identity(unit), entry="")

    assert caught.value.ways == ("accounts:register_unit", "accounts:register")


@pytest.mark.parametrize("how", ["unverified", "stopped", "duty over"])
def test_account_that_may_not_act_for_the_employer_is_not_linked(how):
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    user = unit.duties.get().user
    if how == "duty over":
        unit.duties.update(ends_on="2020-02-01")
    else:
        change = {"real_name_level": RealNameLevel.BASIC} if how == "unverified" else {"is_active": False}
        User.objects.filter(pk=user.pk).update(**change)

    refusal(unit_identity(unit))

    assert link_of(user) is None


def test_linked_account_that_left_the_employer_comes_in_no_more():
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    find_or_open(unit_identity(unit), entry="")
    unit.duties.update(ends_on="2020-02-01")

    assert "不再" in refusal(unit_identity(unit))


def test_claims_bear_the_names_and_values_of_the_service(settings):
    names = {"id_number": "idcard", "name": "xm", "user_kind": "usertype", "real_name_level": "auth"}
    values = {"user_kind:1": "natural", "user_kind:2": "legal", "real_name_level:L3": "3"}
    settings.IDENTITY_SERVICE = settings.IDENTITY_SERVICE | {"claims": names, "values": values}

    found = identity_claims.read_identity(
        "s", {"idcard": NUMBER.lower(), "xm": " 沈 知 远 ", "usertype": 1, "auth": "L3"}
    )

    assert dataclasses.asdict(found) | {"subject": ""} == {
        "subject": "", "kind": UserKind.PERSON, "level": RealNameLevel.HIGH, "document_kind": "01", "number": NUMBER,
        "name": "沈知远", "phone": "", "uscc": "", "unit_name": "",
    }  # fmt: skip


def stored_text():
    """Everything that stands in the database in the clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(value) for row in cursor.fetchall() for value in row if isinstance(value, str)]
    return "\n".join(found)


def test_nothing_that_the_service_tells_stands_in_the_clear(settings):
    identity_service._configurations.clear()
    with service_running(settings) as service:
        service.facts = natural(name="沈知远", id_number=NUMBER, phone_number=PHONE, address="某街一号")
        service.subject = f"cn:{NUMBER}"

        sign_in(Client(), service)

    link = SocialAccount.objects.get()
    assert link.extra_data == {}
    assert not SocialToken.objects.exists()
    text = stored_text()
    assert "沈知远" in text
    assert [secret for secret in (NUMBER, PHONE, "某街一号", "opaque") if secret in text] == []


def test_link_ends_only_where_another_way_in_is_left(monkeypatch):
    user = find_or_open(identity(phone_number=""), entry="")
    assert unlink(user) is False

    user.set_password(PASSWORD)
    user.save()

    assert unlink(user) is True
    assert unlink(user) is False
    assert Notification.objects.filter(recipient=user, title__contains="解除").count() == 1


def test_phone_is_a_way_in_where_messages_are_sent(monkeypatch):
    user = find_or_open(identity(), entry="")
    monkeypatch.setattr(identity_links, "gateway", lambda: None)
    assert unlink(user) is False
    monkeypatch.undo()

    assert unlink(user) is True
