"""What a name and a number do not open, and who may not confirm whom."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.enums import RealNameLevel
from accounts.hashes import phone_key
from accounts.models import Identifier, Person, RealNameRequest, StatedPerson, StatedUnit, User, Verification
from accounts.services.accounts import Taken
from accounts.services.phones import change_phone
from accounts.services.real_name_requests import Over, ask_counter, confirm
from accounts.services.recognition import StatementChanged, recognise
from accounts.services.statements import PersonStatement, digest_of, state_person, state_unit, stated_of
from accounts.services.statements import UnitStatement as Statement
from tests.accounts.factories import (
    COUNTY,
    OfficerFactory,
    PersonFactory,
    UnitFactory,
    credit_code,
    id_number,
    phone_number,
)
from tests.accounts.stating import PAGE, fresh, legal, natural, person_form, signed_in, text_of, unit_form
from workflow.actors import Actor
from workflow.lookup_keys import identity_key
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db

SEARCH = "/counter/real-name/"


def gone(**facts: Any) -> Person:
    """Somebody who was here before and has closed the account."""
    person = PersonFactory(unit=UnitFactory(), **facts)
    User.objects.filter(person=person).update(is_active=False)
    Identifier.objects.filter(user__person=person).delete()
    return person


def at_counter(**facts: Any) -> Actor:
    officer = OfficerFactory(office="counter", **facts)
    return Actor.in_duty(Duty.objects.select_related("organisation__region").get(user=officer), officer)


def confirmed(user: User, actor: Actor, *papers: str, level: RealNameLevel = RealNameLevel.MIDDLE) -> RealNameRequest:
    return confirm(ask_counter(user), actor, seen=digest_of(stated_of(user)), level=level, papers=papers)


def test_name_and_number_do_not_open_what_somebody_left_here() -> None:
    person = gone()
    user = natural(870, number=person.number)

    page = text_of(signed_in(user).post(PAGE, person_form(), follow=True))

    assert "<h1>实名制失败</h1>" in page
    assert "系统中此人登记的是另一手机号码" in page
    assert (fresh(user).real_name_level, fresh(user).person) == (1, None)
    assert Person.objects.get(pk=person.pk).phone == person.phone


def test_officer_who_has_seen_the_document_gives_it_back() -> None:
    person = gone()
    user = natural(871, number=person.number)

    confirmed(user, at_counter(), "document")

    assert (fresh(user).real_name_level, fresh(user).person) == (2, person)


def test_employer_that_was_closed_is_not_opened_by_a_register() -> None:
    """An administrator stopped it; who acted for it acts again only if it is opened."""
    closed = UnitFactory(code=credit_code(872), inactive=True)
    user = legal(872)

    page = text_of(signed_in(user).post(PAGE, unit_form(user), follow=True))

    assert "该单位在本系统已关闭" in page
    assert not Organisation.objects.get(pk=closed.pk).active
    assert fresh(user).real_name_level == 1


def test_employer_opened_again_at_a_counter_begins_without_its_former_users() -> None:
    closed = UnitFactory(code=credit_code(873), inactive=True)
    user = legal(873)

    confirmed(user, at_counter(), "licence", "principal", "agent")

    assert Organisation.objects.get(pk=closed.pk).active
    assert set(closed.duties.values_list("user", flat=True)) == {user.pk}


def test_closed_account_is_neither_found_nor_recognised(client: Client) -> None:
    user = natural(874)
    request, digest, actor = ask_counter(user), digest_of(stated_of(user)), at_counter()
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.force_login(User.objects.get(pk=actor.user_id))

    assert client.get(f"{SEARCH}{request.number}/").status_code == 404
    with pytest.raises(Over):
        confirm(request, actor, seen=digest, level=RealNameLevel.HIGH, papers=["document", "face"])
    with pytest.raises(StatementChanged):
        recognise(user, digest=digest, level=RealNameLevel.MIDDLE, verifier="demo")
    assert (fresh(user).person, Verification.objects.count()) == (None, 0)


@pytest.mark.parametrize("column", ["principal_number", "agent_number"])
def test_officers_do_not_confirm_an_employer_of_their_own(client: Client, column: str) -> None:
    user = legal(875)
    own = StatedUnit.objects.values_list(column, flat=True).get(user=user)
    request = ask_counter(user)
    client.force_login(OfficerFactory(office="counter", identity_key=identity_key(own)))

    page = text_of(client.get(f"{SEARCH}{request.number}/"))
    answer = client.post(
        f"{SEARCH}{request.number}/confirm/",
        {
            "seen": request.digest,
            "papers": ["licence", "principal", "agent"],
            "shown_number": StatedUnit.objects.get(user=user).principal_number,
            "level": "2",
        },
    )

    assert "确认实名" not in page
    assert answer.status_code == 403
    assert not Duty.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("papers", "level"), [((), RealNameLevel.MIDDLE), (("document",), RealNameLevel.HIGH)], ids=["none", "no face"]
)
def test_papers_are_asked_for_without_the_form_too(papers: tuple[str, ...], level: RealNameLevel) -> None:
    user = natural(876)

    with pytest.raises(Over):
        confirmed(user, at_counter(), *papers, level=level)

    assert fresh(user).real_name_level == 1


def test_what_a_passport_does_not_tell_is_compared_too(client: Client) -> None:
    """Birth date and sex become the person's: the officer sees them, and they do not change behind the page."""
    user = natural(877)
    known = StatedPerson.objects.filter(user=user)
    known.update(document_kind="02", number="E12345678", number_hash=identity_key("E12345678"), sex="2")
    known.update(birth_date=date(1990, 5, 6))
    request = ask_counter(user)
    client.force_login(OfficerFactory(office="counter"))

    page = text_of(client.get(f"{SEARCH}{request.number}/"))
    known.update(birth_date=date(1999, 5, 6))
    form = {"seen": request.digest, "papers": ["document"], "shown_number": "E12345678", "level": "2"}
    client.post(f"{SEARCH}{request.number}/confirm/", form)

    assert "1990-05-06" in page
    assert fresh(user).real_name_level == 1


def test_child_is_not_stated_afterwards() -> None:
    user = natural(878)

    page = text_of(signed_in(user).post(PAGE, person_form(number=id_number(878, "20150101"))))

    assert "未满 16 周岁不能在此注册" in page
    assert (fresh(user).real_name_level, StatedPerson.objects.get(user=user).number) == (1, id_number(878))


def test_account_that_acts_for_nobody_any_more_is_checked_anew() -> None:
    unit = UnitFactory()
    user = unit.duties.get().user
    Duty.objects.filter(user=user).delete()
    facts = Statement(
        kind="enterprise", name="沧州另一家有限公司", uscc=credit_code(879), principal="赵法人",
        principal_document_kind="01", principal_number=id_number(9, "19700101"), region_id=COUNTY, address="沧州市",
    )  # fmt: skip

    state_unit(user, facts)

    assert fresh(user).real_name_level == 1
    assert Verification.objects.get(user=user).outcome == "dropped"


def test_phone_of_what_is_stated_follows_the_account() -> None:
    user = natural(880)

    change_phone(user, phone_number(881))

    stated = StatedPerson.objects.get(user=user)
    assert (stated.phone, stated.phone_hash) == (phone_number(881), phone_key(phone_number(881)))


def test_an_account_does_not_ask_whose_numbers_are_here_for_ever() -> None:
    """After five answers free and taken numbers get the same one; the own number costs no try before."""
    user = natural(883)

    def said(number: str) -> str:
        try:
            state_person(user, PersonStatement("陈小河", "01", number, None, None, None, None, "1"))
        except Taken as taken:
            return str(taken)
        return "free"

    own = [said(id_number(883)) for _n in range(12)]
    told = [said(PersonFactory().number) for _n in range(6)]

    assert own == ["free"] * 12
    assert len(set(told[:5])) == 1
    assert told[4] != told[5] == said(id_number(884))
