"""自然人注册: every field, what comes of it, and that a failure says why."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.forms.sign_up import PersonSignUpForm
from accounts.models import Identifier, StatedPerson, User, Verification
from accounts.services import Taken
from accounts.services.codes import Visitor
from accounts.views.register import add_errors
from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, claim, id_number, phone_number
from tests.accounts.filling import code_sent_to, person_form, proved, send
from tests.accounts.signing import sign_in
from tests.accounts.signing_up import ADDRESSES, errors_of, person_sign_up, press, sign_up

pytestmark = pytest.mark.django_db

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"username": ""}, "username", "请填写用户名"),
    ({"username": "abc"}, "username", "以字母开头"),
    ({"username": "9lives"}, "username", "以字母开头"),
    ({"username": "李晓雨同学"}, "username", "以字母开头"),
    ({"username": "a-b-c-d"}, "username", "以字母开头"),
    ({"username": "a" * 21}, "username", "20"),
    ({"password": ""}, "password", "请填写密码"),
    ({"password": "Kurz-1", "password_again": "Kurz-1"}, "password", "8"),
    ({"password": "citizen_700-A", "password_again": "citizen_700-A"}, "password", "用户名"),
    ({"password": "Aa-19990307", "password_again": "Aa-19990307"}, "password", "生日"),
    ({"password_again": "Tongban-2027"}, "password_again", "两次"),
    ({"name": ""}, "name", "请填写真实姓名"),
    ({"name": "李"}, "name", "姓名"),
    ({"name": "李3"}, "name", "姓名"),
    ({"document_kind": "88"}, "document_kind", "88"),
    ({"number": ""}, "number", "请填写证件号码"),
    ({"number": "130902199003070016"}, "number", "校验"),
    ({"number": "130981199502290018"}, "number", "日期"),
    ({"number": "810000198506150020"}, "number", "居住证"),
    ({"document_kind": "02", "number": "X12345678"}, "number", "H"),
    ({"document_kind": "03", "number": "1234"}, "number", "8"),
    ({"document_kind": "04"}, "number", "81"),
    ({"document_kind": "06", "number": "12"}, "number", "5"),
    ({"valid_from": "morgen"}, "valid_from", "日期"),
    ({"valid_from": "2999-01-01"}, "valid_from", "晚于今天"),
    ({"valid_until": "2019-12-31"}, "valid_until", "早于"),
    ({"long_term": "on"}, "valid_until", "长期有效"),
    ({"phone": "12345678901"}, "phone", "手机号码"),
    ({"code": "12"}, "code", "6"),
    ({"email": "no address"}, "email", "请填写电子邮箱地址，如 name@example.com"),
    ({"email": "a" * 95 + "@example.com"}, "email", "100"),
    ({"region": "999999"}, "region", "999999"),
    ({"user_agreement": ""}, "user_agreement", "勾选"),
    ({"sensitive_data": ""}, "sensitive_data", "勾选"),
    ({"user_agreement": "on"}, "user_agreement", "更新"),
]


@pytest.mark.parametrize(("changes", "field", "words"), WRONG)
def test_wrong_value_is_told_beside_its_field_alone(
    client: Client, changes: dict[str, Any], field: str, words: str
) -> None:
    errors = errors_of(client, "person", **changes)

    assert set(errors) == {field}
    assert words in errors[field][0]
    assert User.objects.count() == 0


def test_account_comes_with_what_was_stated_and_nothing_that_nobody_checked(client: Client) -> None:
    user = sign_up(client, valid_until="", long_term="on")

    assert (user.kind, user.is_approved, user.real_name_level, user.person) == ("person", True, 1, None)
    assert (user.name, user.phone, user.email) == ("欧阳·晓雨", phone_number(700), "citizen700@example.com")
    assert user.check_password(PASSWORD)
    stated = StatedPerson.objects.get(user=user)
    assert (stated.number, stated.sex, stated.birth_date.isoformat()) == (id_number(700), "2", "1999-03-07")
    assert (stated.valid_from.isoformat(), stated.valid_until, stated.region_id) == ("2020-01-05", None, "460400")
    assert set(Identifier.objects.filter(user=user).values_list("kind", flat=True)) == {"id_number", "phone"}
    check = Verification.objects.get(user=user)
    assert (check.verifier, check.outcome, check.level) == ("phone", "passed", 1)


def test_both_consents_are_kept_with_version_and_time(client: Client) -> None:
    before = timezone.now()

    user = sign_up(client)

    given = {consent.terms.kind: consent for consent in user.consents.select_related("terms")}
    assert set(given) == {"user_agreement", "sensitive_data"}
    assert {consent.terms.version for consent in given.values()} == {1}
    assert all(consent.given_at >= before for consent in given.values())


def test_success_page_says_so_and_the_account_signs_in(client: Client) -> None:
    response = press(client, "person", person_sign_up())

    assert response.url == "/register/done/"
    page = client.get("/register/done/").text
    assert "<h1>注册成功</h1>" in page
    assert "citizen_700" in page
    assert "/sign-in/person/" in page
    assert "_auth_user_id" not in client.session
    assert sign_in(client, User.objects.get(username="citizen_700")).url == "/home/"
    home = client.get("/home/")
    assert home.status_code == 200
    assert "实名等级提升" in home.text


def test_success_page_is_for_whoever_registered(client: Client) -> None:
    assert client.get("/register/done/").url == "/register/"


def test_success_page_is_forgotten_after_ten_minutes(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 10:00+08:00")
    sign_up(client)
    time_machine.shift(601)

    assert client.get("/register/done/").url == "/register/"


def test_second_press_finds_the_first_result(client: Client) -> None:
    form = person_sign_up()
    press(client, "person", form)
    again = Client()

    second = press(again, "person", form)

    assert second.url == "/register/done/"
    assert "citizen_700" in again.get("/register/done/").text
    assert User.objects.count() == 1


def test_token_with_another_name_tells_nothing_of_the_account(client: Client) -> None:
    form = person_sign_up()
    press(client, "person", form)
    other = Client()

    answer = press(other, "person", form | {"username": "somebody"})

    assert answer.url == "/sign-in/"
    assert "citizen_700" not in other.get("/sign-in/").text
    assert User.objects.count() == 1


def test_nothing_typed_is_lost_when_a_code_is_sent(client: Client) -> None:
    form = person_sign_up(long_term="on", valid_until="")

    page = client.post(ADDRESSES["person"], form | {"send_code": "code"})

    assert "验证码已发送" in page.text
    shown = page.context["form"]
    typed = {name: str(shown[name].value() or "") for name in form if name not in ("long_term",)}
    assert typed == {name: form[name] for name in typed}
    assert page.text.count(f'value="{PASSWORD}"') == 2
    assert page.text.count("checked") == 3
    assert client.post(ADDRESSES["person"], form | {"code": code_sent_to(form["phone"])}).url == "/register/done/"


def test_failure_says_its_reason_and_the_hotline(client: Client, settings: Any) -> None:
    settings.SITE = settings.SITE | {"hotline": "0898-60827008", "hours": "9:00-17:00"}

    page = press(client, "person", person_sign_up(number="130902199003070016"))

    assert "如果注册失败，请电话拨打技术电话：0898-60827008（9:00-17:00）" in page.text
    assert "校验" in page.context["form"].errors["number"][0]


def test_boxes_are_not_ticked_beforehand(client: Client) -> None:
    page = client.get("/register/")

    assert page.text.count('type="checkbox"') == 3
    assert "checked" not in page.text
    assert "我已经看过并同意《用户协议》" in page.text
    assert "我单独同意《敏感个人信息处理同意书》" in page.text


def test_taken_numbers_are_told_to_whoever_proved_the_phone(client: Client) -> None:
    person = PersonFactory()
    unit = UnitFactory().duties.get().user
    claim(unit, phone=phone_number(901))

    assert errors_of(client, "person", number=person.number) == {"number": ["该身份证号码已存在,请直接登录或找回密码"]}
    assert errors_of(client, "person", phone=phone_number(901)) == {"phone": ["该手机号码已存在,请直接登录或找回密码"]}


def test_taken_user_name_is_told_in_any_letters(client: Client) -> None:
    sign_up(client)

    assert set(errors_of(Client(), "person", n=701, username="Citizen_700")) == {"username"}


def test_number_with_spaces_and_full_width_signs_is_the_same_number(client: Client) -> None:
    sign_up(client)
    typed = " ".join(id_number(700)[i : i + 6] for i in range(0, 18, 6)).translate({ord("0"): "０"})

    assert set(errors_of(Client(), "person", n=701, number=typed)) == {"number"}


def test_number_registered_here_is_taken_for_the_registration_with_an_employer(client: Client) -> None:
    sign_up(client)
    client.post("/register/person/")
    form = person_form(UnitFactory(), number=id_number(700))

    assert set(send(client, "person", form).context["form"].errors) == {"number"}


def test_child_is_sent_to_the_counter(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 10:00+08:00")

    assert "监护人" in errors_of(client, "person", number=id_number(1, born="20101122"))["number"][0]
    assert press(client, "person", person_sign_up(number=id_number(1, born="20101121"))).status_code == 302


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("02", "H12345678"), ("03", "12345678"), ("04", "810000198506150020"), ("05", "ABC123456789012"),
        ("06", "E12345678"), ("07", "G12345678"), ("99", "军字第0"), ("99", "A(12)"),
    ],
)  # fmt: skip
def test_every_kind_of_document_has_its_form(client: Client, kind: str, number: str) -> None:
    answer = press(client, "person", person_sign_up(document_kind=kind, number=number))

    assert answer.status_code == (200 if "军" in number else 302)


def test_expired_document_is_a_warning_beside_the_field_and_on_the_success_page(client: Client) -> None:
    form = person_sign_up(valid_until="2021-01-05")
    beside = client.post(ADDRESSES["person"], form | {"send_code": "code"}).text
    client.post(ADDRESSES["person"], form | {"code": code_sent_to(form["phone"])})

    assert "证件已过有效期" in beside
    assert "证件已过有效期" in client.get("/register/done/").text


def test_code_of_another_purpose_opens_no_account(client: Client) -> None:
    form = person_sign_up()
    code = proved(client, form["phone"], "sign_in")

    answer = client.post(ADDRESSES["person"], form | {"code": code})

    assert set(answer.context["form"].errors) == {"code"}
    assert User.objects.count() == 0


def test_race_that_left_no_trace_is_told_all_the_same(client):
    form = PersonSignUpForm(person_sign_up(), visitor=Visitor("browser", "127.0.0.1"))

    add_errors(form, Taken({}))

    assert form.non_field_errors() == ["其中一个号码刚刚被他人登记，请核对后重试。"]
