import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Consent, Identifier, User
from accounts.services import unit_registration
from accounts.services.registration import withdraw_registration
from tests.accounts.factories import (
    PASSWORD,
    OfficeFactory,
    OfficerFactory,
    PersonFactory,
    UnitFactory,
    UserFactory,
    credit_code,
    id_number,
    phone_number,
)
from tests.accounts.filling import decide, register_unit, send, submit, unit_form
from workflow.enums import Action
from workflow.models import Case, Duty, Filing, Organisation, Region

pytestmark = pytest.mark.django_db


def errors_of(client: Client, **changes: object) -> dict[str, list[str]]:
    client.post("/register/unit/")
    response = send(client, "unit", unit_form(**changes))
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def test_queue_of_the_bureau_is_filtered_by_the_name_of_the_employer(client):
    case = submit(client, register_unit(client))
    bureau = Client()
    bureau.force_login(OfficerFactory(office=case.supervisor))

    fields = bureau.get("/queue/unit_registration/county_hr/").context["page"].filter.form.fields

    assert fields["name"].label == "单位名称"
    assert "id_number" not in fields


def test_form_asks_for_agreement_to_the_notice_first(client):
    unit_form()

    response = client.get("/register/unit/form/")

    assert response.url == "/register/unit/"
    assert "用户须知" in client.get("/register/unit/").text
    assert client.post("/register/unit/").url == "/register/unit/form/"
    assert client.get("/register/unit/form/").status_code == 200


def test_registration_makes_account_organisation_and_draft_together(client):
    case = register_unit(client, n=7)

    user, unit = case.applicant, case.unit
    assert (user.username, user.kind, user.is_approved, user.phone) == ("unit-7", "unit", False, phone_number(7))
    assert (unit.code, unit.active, unit.kind, unit.parent) == (credit_code(7), False, "unit", case.supervisor)
    assert unit.profile.uscc == credit_code(7)
    assert (case.case_type, case.state, case.region_id) == ("unit_registration", "draft", "130902")
    given = Consent.objects.filter(user=user).values_list("terms__kind", flat=True)
    assert set(given) == {"unit_registration", "sensitive_data"}
    assert Duty.objects.filter(user=user).exists() is False
    assert int(client.session["_auth_user_id"]) == user.pk


def test_same_form_twice_makes_one_account_and_answers_the_same(client):
    client.post("/register/unit/")
    form = unit_form()
    first = send(client, "unit", form)

    second = send(Client(), "unit", form)

    assert (first.url, second.url) == ("/registration/", "/registration/")
    assert User.objects.filter(kind="unit").count() == 1
    assert Case.objects.count() == 1


def test_same_token_from_somebody_without_the_password_signs_nobody_in(client):
    form = unit_form()
    client.post("/register/unit/")
    send(client, "unit", form)
    stranger = Client()

    response = send(stranger, "unit", form | {"password": "Another-2026"})

    assert response.url == "/sign-in/"
    assert "_auth_user_id" not in stranger.session


def test_submission_without_licence_is_refused_by_name(client):
    register_unit(client)

    response = client.post("/registration/submit/", {"token": str(uuid.uuid4())})

    assert response.status_code == 409
    assert "企业营业执照" in response.text
    assert Case.objects.get().state == "draft"


def test_approval_opens_the_unit_whose_cases_and_users_the_applicant_keeps(client):
    case = submit(client, register_unit(client))
    officer = OfficerFactory(office=case.supervisor)

    decide(case, officer)

    case = Case.objects.get()
    assert (case.state, case.unit.active, case.applicant.is_approved) == ("approved", True, True)
    duties = Duty.objects.filter(user=case.applicant, organisation=case.unit)
    assert sorted(duties.values_list("role", flat=True)) == ["handler", "manager"]
    assert client.get("/unit/").status_code == 200


def test_returned_registration_shows_the_opinion_is_changed_and_goes_straight_back(client):
    case = submit(client, register_unit(client))
    officer = OfficerFactory(office=case.supervisor)
    decide(case, officer, Action.SEND_BACK, opinion="营业执照不清晰，单位名称有误")
    page = client.get("/registration/")
    form = unit_form(unit_name="沧州更名有限公司") | {"name": "王人事", "phone": phone_number(1)}

    saved = client.post(f"/registration/{case.pk}/edit/", form)
    open_page = client.get("/registration/")
    filed_page = client.get("/registration/?filing=1")
    client.post("/registration/submit/", {"token": str(uuid.uuid4())})

    assert "营业执照不清晰，单位名称有误" in page.text
    assert saved.url == "/registration/"
    assert "<dd>沧州更名有限公司</dd>" in open_page.text
    assert "<dd>沧州更名有限公司</dd>" not in filed_page.text
    case = Case.objects.get()
    assert (case.state, case.stage, case.unit.name, case.subject) == (
        "in_review",
        "county_hr",
        "沧州更名有限公司",
        "沧州更名有限公司",
    )
    assert Filing.objects.filter(case=case).count() == 2


def test_change_while_in_review_is_refused(client):
    case = submit(client, register_unit(client))

    response = client.post(f"/registration/{case.pk}/edit/", unit_form(unit_name="别的名称有限公司"))

    assert response.url == "/registration/"
    assert Organisation.objects.get(pk=case.unit_id).name == "沧州测试1有限公司"


def test_registration_of_somebody_else_is_not_found(client):
    case = register_unit(Client())
    register_unit(client, n=2)

    assert client.get(f"/registration/{case.pk}/edit/").status_code == 404


def test_approval_can_be_taken_back_until_somebody_registered_with_the_unit(client):
    case = submit(client, register_unit(client))
    officer = OfficerFactory(office=case.supervisor)
    decide(case, officer)

    decide(case, officer, Action.TAKE_BACK)

    case = Case.objects.get()
    assert (case.state, case.unit.active, case.applicant.is_approved) == ("in_review", False, False)
    assert Duty.objects.filter(user=case.applicant).exists() is False


def test_users_of_an_employer_that_withdrew_do_not_act_for_whoever_takes_it_up(client):
    case = submit(client, register_unit(client))
    officer = OfficerFactory(office=case.supervisor)
    decide(case, officer)
    Duty.objects.create(user=UserFactory(unit=True), organisation=case.unit, starts_on="2020-01-01")
    decide(case, officer, Action.TAKE_BACK)

    withdraw_registration(Case.objects.get(pk=case.pk))

    assert not Duty.objects.filter(organisation=case.unit).exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("uscc", "91130900MA07ABCD0P", "统一社会信用代码"),
        ("phone", "12345", "手机号码"),
        ("password", "password", "password"),
        ("password_again", "Tongban-2027", "两次输入的密码不一致"),
        ("username", "ab", "4 至 20"),
        ("principal_phone", "abc", ""),
        ("founded_on", "2999-01-01", "晚于今天"),
        ("code", "000 00", "6位数字"),
        ("contact_number", "130981199502290018", "130981199502290018"),
        ("unit_name", "", ""),
        ("region", "999999", ""),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(client, field, value, message):
    client.post("/register/unit/")

    response = send(client, "unit", unit_form(**{field: value}))

    assert response.status_code == 200
    assert field.removesuffix("_1") in response.context["form"].errors
    assert "提交的内容有问题" in response.text
    assert "unit1@example.com" in response.text
    assert PASSWORD not in response.text
    assert User.objects.filter(kind="unit").exists() is False
    assert Organisation.objects.units().exists() is False


def test_bureau_of_another_county_is_refused(client):
    other = OfficeFactory(kind="county_hr", region=Region.objects.get(pk="130903"))

    assert "不属于" in str(errors_of(client, supervisor=str(other.pk))["supervisor"])


def test_codes_and_names_of_living_units_are_taken(client):
    unit = UnitFactory()

    errors = errors_of(client, uscc=unit.code, unit_name=unit.name)

    assert set(errors) == {"uscc", "unit_name"}
    assert "已注册" in str(errors["uscc"])


def test_phone_of_a_person_is_taken_for_a_unit_contact(client):
    person = PersonFactory()

    errors = errors_of(client, phone=f"+86 {person.phone[:3]} {person.phone[3:]}", contact_number=person.number)

    (said,) = errors["phone"]
    assert said.startswith("该手机号码已存在,请直接登录或找回密码")
    assert "【账号管理】中更换手机号码" in said
    (said,) = errors["contact_number"]
    assert said.startswith("该身份证号码已存在,请直接登录或找回密码")
    assert "更换一位没有个人账号的经办人" in said


def test_conflicts_stay_untold_until_the_phone_is_proved(client):
    person = PersonFactory()

    errors = errors_of(client, phone=person.phone, code="000000")

    assert set(errors) == {"code"}


def test_database_keeps_identifiers_unique_whatever_the_code_does(client):
    case = register_unit(client)
    taken = Identifier.objects.get(kind="phone")
    other = PersonFactory().users.get()

    Identifier.objects.filter(user=other, kind="phone").delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(kind="phone", hash=taken.hash, user=other)

    assert taken.user == case.applicant


def test_loser_of_a_race_gets_a_message_and_nothing_half_saved(client, monkeypatch):
    """The check has passed when somebody else takes the number."""
    person = PersonFactory()
    client.post("/register/unit/")
    look, answers = unit_registration._conflicts, [{}]
    monkeypatch.setattr(unit_registration, "_conflicts", lambda *facts: answers.pop() if answers else look(*facts))

    response = send(client, "unit", unit_form(phone=person.phone))

    (said,) = response.context["form"].errors["phone"]
    assert said.startswith("该手机号码已存在,请直接登录或找回密码")
    assert "【账号管理】中更换手机号码" in said
    assert Organisation.objects.units().exists() is False
    assert User.objects.filter(kind="unit").exists() is False


def test_no_number_stands_in_the_database_in_the_clear(client):
    number = id_number(77)
    submit(client, register_unit(client, contact_number=number))
    secrets = [number, phone_number(1), "0317-1234567", "建设北街街道一号"]

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            content = repr(cursor.fetchall())
            assert [secret for secret in secrets if secret in content] == [], table


def test_profile_is_kept_up_but_not_what_was_reviewed(client):
    unit = UnitFactory()
    client.force_login(unit.duties.get().user)

    response = client.post(
        "/unit/",
        {
            "principal": "赵新来",
            "principal_phone": "13912345678",
            "unit_kind": "33",
            "industry": "I",
            "address": "新地址二号",
            "founded_on": "2010-01-01",
            "affiliation": "city",
            "uscc": credit_code(999),
            "unit_name": "想改的名称",
        },
    )

    assert response.url == "/unit/"
    unit = Organisation.objects.get(pk=unit.pk)
    assert (unit.profile.principal, unit.profile.principal_phone, unit.profile.address) == (
        "赵新来",
        "13912345678",
        "新地址二号",
    )
    assert unit.profile.uscc == unit.code != credit_code(999)
    assert unit.name != "想改的名称"


def test_profile_page_is_for_units_only(client):
    client.force_login(PersonFactory().users.get())
    assert client.get("/unit/").status_code == 403


def test_supervisor_choices_follow_the_county(client):
    own = OfficeFactory(kind="county_hr")
    other = OfficeFactory(kind="county_hr", region=Region.objects.get(pk="130903"))

    page = client.get("/register/supervisors/", {"region": "130902"}).text

    assert f'value="{own.pk}" selected' in page
    assert f'value="{other.pk}"' not in page
