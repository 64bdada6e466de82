"""【实名等级提升】 of employers."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import StatedUnit, UnitProfile, User
from tests.accounts.factories import UnitFactory, credit_code, id_number
from tests.accounts.filling import register_unit
from tests.accounts.stating import PAGE, RESULT, fresh, legal, signed_in, text_of, unit_form
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db


def test_profile_of_an_employer_shows_the_legal_person_masked() -> None:
    user = legal(801)

    page = text_of(signed_in(user).get("/account/profile/"))

    assert credit_code(801) in page
    assert "赵法人" in page
    assert StatedUnit.objects.get(user=user).principal_number not in page


def test_employer_is_verified_and_becomes_an_organisation() -> None:
    user = legal(802)
    client = signed_in(user)

    response = client.post(PAGE, unit_form(user), follow=True)

    assert "<h1>实名制成功</h1>" in text_of(response)
    unit = Organisation.objects.get(code=credit_code(802))
    assert (unit.kind, unit.active, unit.parent.kind, unit.region_id) == ("unit", True, "county_hr", "130902")
    assert UnitProfile.objects.get(organisation=unit).principal == "赵法人"
    assert {duty.organisation for duty in Duty.objects.filter(user=user)} == {unit}
    assert fresh(user).real_name_level == 2
    assert unit.name in text_of(client.get("/account/profile/"))
    # 信息完善 comes before anything else.
    assert client.get("/home/").url == "/unit/details/"


@pytest.mark.parametrize("what", ["uscc", "name"])
def test_name_or_code_of_another_employer_is_refused(what: str) -> None:
    other, user = UnitFactory(), legal()
    value = other.code if what == "uscc" else other.name

    response = signed_in(user).post(PAGE, unit_form(user, **{what: value}))

    assert list(response.context["form"].errors) == [what]
    assert fresh(user).real_name_level == 1
    assert not Duty.objects.filter(user=user).exists()


def test_employer_of_a_living_registration_is_refused(client: Client) -> None:
    waiting, user = register_unit(client), legal()

    response = signed_in(user).post(PAGE, unit_form(user, uscc=waiting.unit.code))

    assert list(response.context["form"].errors) == ["uscc"]


def test_employer_registered_between_statement_and_answer_is_refused(ask_instead: Any) -> None:
    user = legal(803)
    ask_instead(lambda: UnitFactory(code=credit_code(803)))

    page = text_of(signed_in(user).post(PAGE, unit_form(user), follow=True))

    assert "<h1>实名制失败</h1>" in page
    assert not Duty.objects.filter(user=user).exists()
    assert fresh(user).real_name_level == 1


def test_employer_that_expired_is_taken_up_again() -> None:
    former, user = UnitFactory(code=credit_code(804), inactive=True, handler=False), legal(804)

    signed_in(user).post(PAGE, unit_form(user))

    taken_up = Organisation.objects.get(pk=former.pk, active=True)
    assert {duty.organisation for duty in Duty.objects.filter(user=user)} == {taken_up}


def test_employer_that_exists_keeps_its_name_and_code() -> None:
    unit = UnitFactory()
    user = unit.duties.get().user
    User.objects.filter(pk=user.pk).update(real_name_level=1)
    form = {"kind": "enterprise", "name": "别的公司", "uscc": credit_code(1), "principal": "新法人", "region": "130903"}
    rest = {"principal_document_kind": "01", "principal_number": id_number(3), "address": "沧州市", "token": "0" * 32}

    response = signed_in(user).post(PAGE, form | rest)

    assert response.url == RESULT
    again = Organisation.objects.get(pk=unit.pk)
    assert (again.name, again.code, again.region_id) == (unit.name, unit.code, "130902")
    assert UnitProfile.objects.get(organisation=unit).principal == "新法人"
    assert fresh(user).real_name_level == 2
