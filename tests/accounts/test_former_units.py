"""单位注册 of an employer that was here before: what stood of it comes back where nothing comes of the registration."""

import pytest
from django.test import Client

from accounts.models import UnitProfile, UnitRegistration
from accounts.services.registration import withdraw_registration
from tests.accounts.factories import OfficerFactory, UnitFactory, credit_code
from tests.accounts.filling import decide, register_unit, submit
from workflow.models import Organisation

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "沧州旧档有限公司", "河北省沧州市运河区旧址一号"


@pytest.fixture
def former() -> Organisation:
    unit: Organisation = UnitFactory(
        inactive=True, code=credit_code(8), name=NAME, handler=False, profile__address=ADDRESS
    )
    return unit


def stands(unit: Organisation) -> tuple[str, str, str, bool]:
    found = Organisation.objects.select_related("profile").get(pk=unit.pk)
    return found.name, found.profile.address, found.profile.principal, found.active


def test_withdrawn_registration_leaves_what_stood_there(client: Client, former: Organisation) -> None:
    before = stands(former)
    case = register_unit(client, n=8)
    assert (case.unit, stands(former)[0]) == (former, "沧州测试8有限公司")

    withdraw_registration(submit(client, case))

    assert stands(former) == before
    assert UnitRegistration.objects.get().former == ""


def test_approved_registration_holds(client: Client, former: Organisation) -> None:
    case = submit(client, register_unit(client, n=8))

    decide(case, OfficerFactory(office=case.supervisor))

    assert stands(former)[0] == "沧州测试8有限公司"
    assert stands(former)[3]


def test_new_employer_has_nothing_to_come_back(client: Client) -> None:
    case = register_unit(client, n=9)

    withdraw_registration(case)

    assert UnitProfile.objects.get(organisation=case.unit).uscc == credit_code(9)
