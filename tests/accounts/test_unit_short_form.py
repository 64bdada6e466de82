"""单位注册 of manual 001: a short form, a sign-in, materials and 【提交申请】 under 系统管理."""

import uuid

import pytest
from django.test import Client

from accounts.models import Consent, UnitProfile, User
from accounts.unit_variants import VARIANTS
from tests.accounts.factories import (
    OfficeFactory,
    OfficerFactory,
    PersonFactory,
    UnitFactory,
    credit_code,
    id_number,
    phone_number,
)
from tests.accounts.filling import (
    decide,
    person_form,
    register_unit,
    register_unit_shortly,
    send,
    short_unit_form,
    upload,
)
from tests.accounts.signing import sign_in
from workflow.enums import Action
from workflow.models import Case, Filing

pytestmark = pytest.mark.django_db

FORM = "/register/unit/form/?variant=short"


def errors_of(client: Client, **changes: object) -> dict[str, list[str]]:
    client.post("/register/unit/?variant=short")
    response = send(client, "unit", short_unit_form(**changes), "?variant=short")
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def submit(client: Client) -> Case:
    upload(Case.objects.get(), "business_licence")
    response = client.post("/registration/submit/", {"token": str(uuid.uuid4())})
    assert response.status_code == 302
    return Case.objects.get()


def test_entry_of_employers_leads_to_the_notice_and_the_short_form(client):
    entry = client.get("/sign-in/unit/").text

    assert 'href="/register/unit/?variant=short">单位注册' in entry
    assert "用户须知" in client.get("/register/unit/?variant=short").text
    assert client.post("/register/unit/?variant=short").url == FORM
    assert client.get(FORM).status_code == 200


def test_form_without_agreement_goes_back_to_the_notice_of_its_own_variant(client):
    short_unit_form()

    assert client.get(FORM).url == "/register/unit/?variant=short"


def test_form_asks_for_what_the_manual_names_and_nothing_else(client):
    OfficeFactory(kind="county_hr")
    client.post("/register/unit/?variant=short")

    form = client.get(FORM).context["form"]

    labels = {name: str(field.label) for name, field in form.fields.items()}
    asked = [labels[name] for name in labels if name not in ("token", "captcha", "without_picture", "sensitive_data")]
    assert asked == [
        "单位名称", "统一社会信用代码", "所属机构", "用户名", "密码", "确认密码", "联系人", "证件号码", "手机号码",
        "短信验证码",
    ]  # fmt: skip
    assert all(form.fields[name].required for name in ("supervisor", "contact_number", "uscc"))
    page = client.get(FORM).text
    assert "如果身份证号码和手机号码被单位占用，则人才将无法注册" in page
    assert '<button class="btn btn-primary">注册</button>' in page


@pytest.mark.parametrize("name", ["unit_name", "uscc", "supervisor", "username", "name", "contact_number", "phone"])
def test_whatever_is_missing_is_asked_for_by_its_label(client, name):
    changes = {name: ""} | ({"code": "123456"} if name == "phone" else {})

    errors = errors_of(client, **changes)

    label = str(VARIANTS["short"].labels.get(name, "")) or {"unit_name": "单位名称", "uscc": "信用代码"}.get(name, "")
    assert set(errors) == {name}
    assert label in errors[name][0]


def test_registration_makes_an_account_that_signs_in_itself(client):
    client.post("/register/unit/?variant=short")
    form = short_unit_form(7)

    answer = send(client, "unit", form, "?variant=short")

    case = Case.objects.get(token=form["token"])
    assert answer.url == "/register/done/"
    assert "_auth_user_id" not in client.session
    page = client.get("/register/done/").text
    assert "注册成功" in page
    assert "系统管理" in page
    assert "实名等级提升" not in page
    assert (case.state, case.supervisor_id, case.region_id) == ("draft", int(form["supervisor"]), "130902")
    assert (case.unit.code, case.unit.active) == (credit_code(7), False)
    assert (case.unit_registration.variant, case.unit_registration.contact_number) == ("short", id_number(7))
    given = Consent.objects.filter(user=case.applicant).values_list("terms__kind", flat=True)
    assert set(given) == {"unit_registration", "sensitive_data"}
    assert sign_in(client, case.applicant).url == "/registration/"


def test_same_form_twice_makes_one_account_and_signs_nobody_in(client):
    client.post("/register/unit/?variant=short")
    form = short_unit_form()
    send(client, "unit", form, "?variant=short")
    second = Client()

    again = send(second, "unit", form, "?variant=short")

    assert again.url == "/register/done/"
    assert "_auth_user_id" not in second.session
    assert User.objects.filter(kind="unit").count() == 1


def test_number_and_phone_of_a_talent_are_refused_with_the_way_out(client):
    person = PersonFactory()
    holder = person.users.get()

    errors = errors_of(client, contact_number=person.number, phone=holder.phone)

    assert set(errors) == {"contact_number", "phone"}
    assert "请更换" in errors["contact_number"][0]
    assert errors["phone"][0].startswith("该手机号码已存在,请直接登录或找回密码")


def test_number_and_phone_of_another_contact_are_refused(client):
    register_unit_shortly(Client(), n=1)

    errors = errors_of(client, n=2, contact_number=id_number(1), phone=phone_number(1))

    assert errors["contact_number"] == ["该身份证号码已被单位联系人占用,请更换单位联系人后再注册"]
    assert errors["phone"] == ["该手机号码已存在,请直接登录或找回密码"]


def test_talent_cannot_take_what_an_employer_holds():
    register_unit_shortly(Client(), n=1)
    client, unit = Client(), UnitFactory()
    client.post("/register/person/")
    form = person_form(unit, number=id_number(1), phone=phone_number(1))

    errors = send(client, "person", form).context["form"].errors

    assert errors["number"] == ["该身份证号码已被单位联系人占用,请更换单位联系人后再注册"]
    assert errors["phone"] == ["该手机号码已存在,请直接登录或找回密码"]


def test_office_that_is_no_county_bureau_is_refused(client):
    errors = errors_of(client, supervisor=str(OfficeFactory(kind="county_fin").pk))

    assert set(errors) == {"supervisor"}


def test_status_page_leads_to_the_system_page_where_the_state_and_the_materials_stand(client):
    register_unit_shortly(client)

    status, system = client.get("/registration/").text, client.get("/system/").text

    assert 'href="/system/">系统管理</a>' in status
    assert "提交申请</button>" not in status
    assert "当前单位审核状态：【待提交】" in system
    for line in ("营业执照或法人登记证书", "联系人身份证", "单位授权委托书", "其它"):
        assert line in system
    assert system.count("尚无附件") == 4
    assert "提交申请</button>" in system


def test_materials_are_uploaded_on_their_list_which_closes_to_the_system_page(client):
    case = register_unit_shortly(client)
    address = f"/cases/{case.pk}/materials/?next=/system/"

    assert f'href="{address}">上传材料</a>' in client.get("/system/").text
    page = client.get(address).text
    upload(case, "business_licence")

    assert '<a class="btn btn-primary" href="/system/">关闭</a>' in page
    system = client.get("/system/").text
    assert "business_licence.pdf" in system
    assert system.count("尚无附件") == 3


def test_submission_without_the_licence_is_refused_on_the_system_page(client):
    register_unit_shortly(client)

    response = client.post("/registration/submit/", {"token": str(uuid.uuid4())})

    assert response.status_code == 409
    assert '<a href="#material-business_licence">' in response.text
    assert "当前单位审核状态：【待提交】" in response.text
    assert Case.objects.get().state == "draft"


def test_submitted_registration_waits_and_shows_it(client):
    register_unit_shortly(client)

    case = submit(client)

    assert (case.state, case.stage) == ("in_review", "county_hr")
    system = client.get("/system/").text
    assert "当前单位审核状态：【待县区人社局审核】" in system
    assert "上传材料</a>" not in system
    assert "提交申请</button>" not in system
    assert client.get("/home/").status_code == 403


def test_office_reads_what_was_asked_in_the_words_of_the_form(client):
    register_unit_shortly(client)
    submit(client)

    sections = Filing.objects.get().content["sections"]

    labels = [row["label"] for section in sections for row in section["rows"]]
    assert labels == [
        "用户名", "联系人", "手机号码", "单位名称", "行政区划名称", "所属机构", "统一社会信用代码", "证件号码",
    ]  # fmt: skip


def test_returned_registration_is_mended_and_submitted_again(client):
    case = register_unit_shortly(client)
    submit(client)
    officer = OfficerFactory(office=case.supervisor)
    decide(case, officer, Action.SEND_BACK, opinion="单位名称与营业执照不一致")
    system = client.get("/system/").text
    edit = client.get(f"/registration/{case.pk}/edit/")
    form = short_unit_form(unit_name="沧州更名有限公司")

    saved = client.post(f"/registration/{case.pk}/edit/", form)
    client.post("/registration/submit/", {"token": str(uuid.uuid4())})

    assert "单位名称与营业执照不一致" in system
    assert "退回" in system
    assert "principal" not in edit.context["form"].fields
    assert saved.url == "/system/"
    case = Case.objects.get()
    assert (case.state, case.subject) == ("in_review", "沧州更名有限公司")


def test_approval_opens_the_employer_whose_details_are_still_to_be_filled_in(client):
    case = register_unit_shortly(client)
    submit(client)
    decide(case, OfficerFactory(office=case.supervisor))

    home = client.get("/home/").text

    case = Case.objects.get()
    assert (case.state, case.unit.active, case.applicant.is_approved) == ("approved", True, True)
    assert client.get("/system/").url == "/home/"
    for label in ("系统管理", "单位信息维护", "单位用户管理", "个人注册审核"):
        assert label in home
    assert UnitProfile.objects.get(organisation=case.unit).principal == ""
    details = {
        "principal": "李建国", "principal_phone": "0317-1234567", "unit_kind": "32", "industry": "C",
        "address": "河北省沧州市新华区建设北街一号", "founded_on": "", "affiliation": "local",
    }  # fmt: skip
    assert client.post("/unit/", details).status_code == 302
    assert UnitProfile.objects.get(organisation=case.unit).principal == "李建国"


def test_employer_that_was_here_before_keeps_its_details(client):
    former = UnitFactory(active=False)
    former.profile.principal = "赵前任"
    former.profile.save()

    case = register_unit_shortly(client, uscc=former.code)

    assert case.unit == former
    assert UnitProfile.objects.get(organisation=former).principal == "赵前任"


def test_full_form_stays_as_it_was(client):
    register_unit(client)

    assert client.get("/system/").url == "/registration/"
    assert "提交申请</button>" in client.get("/registration/").text


def test_unknown_variant_is_the_full_one(client):
    OfficeFactory(kind="county_hr")
    client.post("/register/unit/?variant=nonsense")

    assert "principal" in client.get("/register/unit/form/?variant=nonsense").context["form"].fields
