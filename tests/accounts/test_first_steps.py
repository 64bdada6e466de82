"""What whoever has just registered reads on the way to 中级实名."""

import pytest

from accounts.forms.person import places
from accounts.forms.sign_up import unit_places
from accounts.models import StatedPerson, User
from tests.accounts.factories import COUNTY, OfficeFactory
from tests.accounts.stating import PAGE, RESULT, legal, natural, person_form, signed_in, text_of

pytestmark = pytest.mark.django_db

DISAGREES = "130902199001010043"


def test_stated_region_without_a_bureau_is_named_and_the_way_on() -> None:
    user = legal(810, region_id="460106")

    page = text_of(signed_in(user).get(PAGE))

    assert "您注册时填写的是龙华区，该地区尚未在本平台开办业务" in page


def test_served_region_gets_no_such_words() -> None:
    assert "尚未在本平台开办业务" not in text_of(signed_in(legal(811)).get(PAGE))


def test_registration_offers_served_regions_first_and_each_region_once() -> None:
    OfficeFactory(kind="county_hr")

    groups = unit_places()[1:]

    assert str(groups[0][0]) == "本平台可办理"
    assert [code for code, _name in groups[0][1]] == [COUNTY]
    codes = [code for _label, group in groups for code, _name in group]
    assert len(codes) == len(set(codes))
    assert "460106" in codes


def test_regions_have_short_names_in_groups() -> None:
    names = {code: (str(label), name) for label, group in places()[1:] for code, name in group}

    assert names["469001"] == ("省直辖县级行政区划", "五指山市")


def test_failed_number_is_told_with_the_tries_that_are_left() -> None:
    user = natural(812, number=DISAGREES)
    client = signed_in(user)

    result = text_of(client.post(PAGE, person_form(), follow=True))
    form = text_of(client.get(PAGE))

    assert "今日剩余核验次数：4" in result
    assert "核验未通过；留空将以同一号码再次核验" in form


def test_demo_check_leaves_passports_to_the_counter() -> None:
    user = natural(813)
    passport = {"document_kind": "06", "number": "E12345678", "sex": "1", "birth_date": "1990-01-01"}

    response = signed_in(user).post(PAGE, person_form(**passport), follow=True)

    assert response.request["PATH_INFO"] == RESULT
    assert StatedPerson.objects.get(user=user).number == "E12345678"
    assert User.objects.get(pk=user.pk).real_name_level == 1


def test_employer_reads_its_name_and_no_menu_of_a_citizen() -> None:
    page = text_of(signed_in(legal(814)).get("/home/"))

    assert page.count("沧州河畔814有限公司") >= 2
    assert "资金管理" not in page


def test_menu_leads_from_the_user_centre_to_the_account_settings() -> None:
    for user in (natural(815), legal(816)):
        page = text_of(signed_in(user).get("/home/"))

        assert all(words in page for words in ("用户中心", '<a href="/account/">账户设置</a>', "账户资料"))
