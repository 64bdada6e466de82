"""The offices of the demonstration: those of 沧州, each below its own, and the bureaus of one county in 海南."""

import pytest

from portal.demo.offices import ELSEWHERE, make_officers, make_offices
from tests.accounts.factories import credit_code
from tests.accounts.stating import PAGE, fresh, legal, signed_in, text_of, unit_form
from workflow.models import Duty, Organisation, Region

pytestmark = pytest.mark.django_db


def test_employer_in_haikou_is_verified_by_the_bureau_of_its_county() -> None:
    make_offices()
    user = legal(830, region_id=ELSEWHERE)
    client = signed_in(user)

    before = text_of(client.get(PAGE))
    after = text_of(client.post(PAGE, unit_form(user), follow=True))

    assert "尚未在本平台开办业务" not in before
    assert "<h1>实名制成功</h1>" in after
    unit = Organisation.objects.get(code=credit_code(830))
    assert (unit.region_id, unit.parent.name) == ("460106", "龙华区人力资源和社会保障局")
    assert fresh(user).real_name_level == 2


def test_every_office_stands_below_that_of_its_city_and_has_an_officer() -> None:
    offices = make_offices()
    make_officers(offices)

    above = {office.region_id: office.parent for office in offices if office.kind == "county_hr"}
    names = {code: parent.name for code, parent in above.items()}
    assert names.pop("460106") == "海口市人力资源和社会保障局"
    assert set(names.values()) == {"沧州市人力资源和社会保障局"}
    assert len(names) == Region.objects.filter(parent="130900").count()
    assert {office.phone for office in offices if office.region_id.startswith("46")} == {"0898-00000000"}
    assert {office.pk for office in offices} <= set(Duty.objects.values_list("organisation", flat=True))
    assert [office.pk for office in make_offices()] == [office.pk for office in offices]
