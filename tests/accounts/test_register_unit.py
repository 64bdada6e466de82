"""法人注册: every field, the credit code, and what it says about the kind of legal person."""

from typing import Any

import pytest
from django.test import Client

from accounts.enums import LegalPersonKind
from accounts.legal_persons import kind_warning
from accounts.models import Identifier, StatedUnit, User
from tests.accounts.factories import OfficerFactory, UnitFactory, credit_code, id_number, phone_number
from tests.accounts.filling import code_sent_to, decide, register_unit, submit
from tests.accounts.signing import sign_in
from tests.accounts.signing_up import ADDRESSES, errors_of, press, sign_up, unit_sign_up
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": ""}, "kind", "请选择法人类型"),
    ({"kind": "church"}, "kind", "church"),
    ({"unit_name": ""}, "unit_name", "请填写单位名称"),
    ({"unit_name": "很" * 101}, "unit_name", "100"),
    ({"uscc": ""}, "uscc", "请填写统一社会信用代码"),
    ({"uscc": "91130900MA07ABCD0"}, "uscc", "18"),
    ({"uscc": "91130900MA07ABCD01"}, "uscc", "校验"),
    ({"uscc": "91130900MA07ABCIOQ"}, "uscc", "I"),
    ({"principal": ""}, "principal", "请填写法定代表人"),
    ({"principal": "9"}, "principal", "姓名"),
    ({"principal_document_kind": "88"}, "principal_document_kind", "88"),
    ({"principal_number": ""}, "principal_number", "请填写法定代表人证件号码"),
    ({"principal_document_kind": "01"}, "principal_number", "18"),
    ({"agent": ""}, "agent", "请填写经办人姓名"),
    ({"agent_number": ""}, "agent_number", "请填写经办人证件号码"),
    ({"agent_number": "130902199003070016"}, "agent_number", "校验"),
    ({"phone": "0317-1234567"}, "phone", "手机号码"),
    ({"region": "999999"}, "region", "999999"),
    ({"address": "长" * 201}, "address", "200"),
    ({"user_agreement": ""}, "user_agreement", "勾选"),
    ({"sensitive_data": ""}, "sensitive_data", "勾选"),
]


@pytest.mark.parametrize(("changes", "field", "words"), WRONG)
def test_wrong_value_is_told_beside_its_field_alone(
    client: Client, changes: dict[str, Any], field: str, words: str
) -> None:
    errors = errors_of(client, "unit", **changes)

    assert set(errors) == {field}
    assert words in errors[field][0]
    assert User.objects.count() == 0


def test_account_is_opened_and_no_employer_yet(client: Client) -> None:
    user = sign_up(client, "unit", unit_name=" 海口 测试 有限公司 ")

    assert (user.kind, user.is_approved, user.real_name_level, user.name) == ("unit", True, 1, "王经办")
    stated = StatedUnit.objects.get(user=user)
    assert (stated.name, stated.uscc, stated.region_id) == ("海口测试有限公司", credit_code(800), "460106")
    assert (stated.principal_document_kind, stated.principal_number, stated.agent_number) == (
        "06",
        "E12345678",
        id_number(800),
    )
    assert set(Identifier.objects.filter(user=user).values_list("kind", flat=True)) == {"id_number", "phone", "uscc"}
    assert Organisation.objects.units().exists() is False
    assert Duty.objects.filter(user=user).exists() is False


def test_account_signs_in_and_is_told_what_comes_next(client: Client) -> None:
    user = sign_up(client, "unit")

    assert "/sign-in/unit/" in client.get("/register/done/").text
    assert sign_in(client, user).url == "/home/"
    page = client.get("/home/")
    assert page.status_code == 200
    assert "实名等级提升" in page.text
    assert "大学生租房补助</a>" not in page.text


def test_credit_code_belongs_to_one_account(client: Client) -> None:
    sign_up(client, "unit")

    errors = errors_of(Client(), "unit", n=801, uscc=credit_code(800).lower())

    assert set(errors) == {"uscc"}
    assert errors["uscc"][0].startswith("该统一社会信用代码已注册，请联系本单位经办人")
    assert "服务窗口" in errors["uscc"][0]


def test_credit_code_of_an_employer_of_the_system_is_taken(client: Client) -> None:
    unit = UnitFactory()

    assert set(errors_of(client, "unit", uscc=unit.code)) == {"uscc"}


def test_credit_code_of_a_registration_that_waits_is_taken(client: Client) -> None:
    case = register_unit(Client())

    assert set(errors_of(client, "unit", uscc=case.unit.code)) == {"uscc"}


def test_papers_that_an_office_looks_at_weigh_more_than_a_statement(client: Client) -> None:
    """Nobody keeps an employer out of 单位注册 by stating its code first."""
    sign_up(client, "unit", uscc=credit_code(1))

    case = submit(client, register_unit(client, n=1))
    decide(case, OfficerFactory(office=case.supervisor))

    assert Organisation.objects.units().active().get().code == credit_code(1)


def test_number_and_phone_of_a_contact_are_taken(client: Client) -> None:
    sign_up(client, "unit")
    person = {"number": id_number(800), "phone": phone_number(800)}

    errors = errors_of(Client(), "person", **person)

    assert errors["number"][0].startswith("该身份证号码已被单位联系人占用,请更换单位联系人后再注册")
    assert errors["phone"] == ["该手机号码已存在,请直接登录或找回密码"]
    assert set(errors) == {"number", "phone"}


@pytest.mark.parametrize(
    ("kind", "code", "doubted"),
    [
        ("enterprise", "91130900MA07ABCD0Q", False),
        ("individual", "92460100MA5T123459", False),
        ("government", "111309000006312320", False),
        ("institution", "12460000401234561Y", False),
        ("social", "52130900MJ0000018K", False),
        ("enterprise", "92460100MA5T123459", True),
        ("other", "91130900MA07ABCD0Q", True),
        ("institution", "111309000006312320", True),
        ("social", "12460000401234561Y", True),
        # An agricultural cooperative is none of the kinds offered.
        ("enterprise", "93130900MA07ABCD0Q", False),
        ("", "91130900MA07ABCD0Q", False),
        ("enterprise", "", False),
    ],
)
def test_first_two_characters_of_the_code_tell_the_kind(kind: str, code: str, doubted: bool) -> None:
    assert (kind_warning(kind, code) is not None) is doubted


def test_kind_that_does_not_fit_is_a_warning_and_no_refusal(client: Client) -> None:
    form = unit_sign_up(kind=LegalPersonKind.SELF_EMPLOYED)
    beside = client.post(ADDRESSES["unit"], form | {"send_code": "code"}).text

    answer = client.post(ADDRESSES["unit"], form | {"code": code_sent_to(form["phone"])})

    assert "以 91 开头的统一社会信用代码对应的法人类型为“企业法人”" in beside
    assert answer.url == "/register/done/"
    assert "以 91 开头" in client.get("/register/done/").text


def test_each_tab_sends_its_own_form(client: Client) -> None:
    person, unit = client.get("/register/"), client.get("/register/?kind=unit")

    assert 'name="uscc"' not in person.text
    assert 'name="uscc"' in unit.text
    assert '<a href="/register/" aria-current="page">自然人注册</a>' in person.text
    assert '<a href="/register/?kind=unit" aria-current="page">法人注册</a>' in unit.text


def test_page_says_who_needs_the_other_registration(client: Client) -> None:
    assert 'href="/register/person/">个人注册' in client.get("/register/").text
    assert 'href="/register/unit/">单位注册' in client.get("/register/?kind=unit").text


def test_header_of_public_pages_leads_to_the_registration(client: Client) -> None:
    assert '<a class="register" href="/register/">注册</a>' in client.get("/").text
    client.force_login(press_and_find(client))
    assert 'class="register"' not in client.get("/").text


def press_and_find(client: Client) -> User:
    press(client, "unit", unit_sign_up())
    return User.objects.get()
