"""What people type into the registration forms, and how tests walk through them."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import CodePurpose, TermsKind
from accounts.hashes import phone_key
from accounts.models import SmsCode, Terms, TextMessage, User
from accounts.services.codes import Visitor, write_code
from accounts.views.codes import BROWSER
from tests.accounts.factories import PASSWORD, OfficeFactory, credit_code, id_number, phone_number
from tests.workflow.files import pdf
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act, Case, Duty, Organisation
from workflow.services import perform_one
from workflow.services.materials import add_material

CAPTCHA = {"captcha_0": "any", "captcha_1": "passed"}


def proved(client: Client, phone: str, purpose: CodePurpose = CodePurpose.REGISTER) -> str:
    """The code that this browser may type for this phone; sending has tests of its own."""
    session = client.session
    browser = session.setdefault(BROWSER, "browser-of-the-test")
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    SmsCode.objects.void_older(phone_key(phone), purpose, clock.machine_now())
    return write_code(phone, purpose, visitor=Visitor(browser, "127.0.0.1"))[1]


def ticks(*kinds: TermsKind) -> dict[str, str]:
    """The boxes of the texts in force, ticked."""
    return {str(terms.kind): str(terms.pk) for terms in Terms.objects.of_kinds(kinds)}


def unit_form(n: int = 1, **changes: Any) -> dict[str, Any]:
    """A complete 单位注册 of the n-th employer."""
    bureau = OfficeFactory(kind="county_hr")
    form = {
        "token": str(uuid.uuid4()),
        "username": f"unit-{n}",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "name": "王人事",
        "phone": phone_number(n),
        "email": f"unit{n}@example.com",
        "contact_number": "",
        "unit_name": f"沧州测试{n}有限公司",
        "region": bureau.region_id,
        "supervisor": str(bureau.pk),
        "uscc": credit_code(n),
        "principal": "李建国",
        "principal_phone": "0317-1234567",
        "unit_kind": "32",
        "industry": "C",
        "address": "河北省沧州市新华区建设北街街道一号",
        "founded_on": "2015-05-01",
        "affiliation": "local",
        **ticks(TermsKind.SENSITIVE),
    }
    return form | changes


def short_unit_form(n: int = 1, **changes: Any) -> dict[str, Any]:
    """What manual 001 asks of the n-th employer."""
    form = unit_form(n, contact_number=id_number(n))
    asked = ("token", "username", "password", "password_again", "name", "phone", "contact_number", "unit_name", "uscc")
    return {key: form[key] for key in (*asked, "supervisor", TermsKind.SENSITIVE)} | changes


def person_form(unit: Organisation, n: int = 500, **changes: Any) -> dict[str, Any]:
    """A complete 个人注册 of the n-th graduate."""
    form = {
        "token": str(uuid.uuid4()),
        "username": f"person-{n}",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "name": "李晓雨",
        "document_kind": "01",
        "number": id_number(n),
        "sex": "",
        "birth_date": "",
        "ethnic": "01",
        "political": "03",
        "household": "130902",
        "phone": phone_number(n),
        "email": f"person{n}@example.com",
        "education": "14",
        "degree": "3",
        "school": "河北工业大学",
        "major": "材料科学与工程",
        "graduated_on": "2024-06-30",
        "full_time": "yes",
        "certificate_number": "100801202402000123",
        "unit": unit.name,
        "hired_on": "2024-07-15",
        **ticks(TermsKind.SENSITIVE),
    }
    return form | changes


def code_sent_to(phone: str) -> str:
    """The digits of the latest message to this phone, before it is delivered."""
    params = TextMessage.objects.filter(template="code", phone_hash=phone_key(phone)).latest("pk").params
    assert params is not None, "the message has been delivered and forgotten"
    return params["code"]


def send(client: Client, kind: str, form: dict[str, Any], query: str = "") -> Any:
    """The registration form of a ``person`` or ``unit``, with the code that proves its phone."""
    code = form.get("code") or proved(client, form["phone"])
    return client.post(f"/register/{kind}/form/{query}", form | {"code": code})


def register_unit(client: Client, **changes: Any) -> Case:
    client.post("/register/unit/")
    form = unit_form(**changes)
    response = send(client, "unit", form)
    assert response.status_code == 302, response.context["form"].errors
    return Case.objects.get(token=form["token"])


def register_unit_shortly(client: Client, **changes: Any) -> Case:
    """用户须知 → short form → 注册成功 → signed in, where 系统管理 is all there is."""
    client.post("/register/unit/?variant=short")
    form = short_unit_form(**changes)
    response = send(client, "unit", form, "?variant=short")
    assert response.status_code == 302, response.context["form"].errors
    case = Case.objects.get(token=form["token"])
    client.force_login(case.applicant)
    return case


def register_person(client: Client, unit: Organisation, **changes: Any) -> Case:
    client.post("/register/person/")
    form = person_form(unit, **changes)
    response = send(client, "person", form)
    assert response.status_code == 302, response.context["form"].errors
    return Case.objects.get(token=form["token"])


def upload(case: Case, *kinds: str) -> None:
    for kind in kinds:
        file = SimpleUploadedFile(f"{kind}.pdf", pdf())
        add_material(case, kind=kind, upload=file, actor=Actor(user=case.applicant))


def submit(client: Client, case: Case) -> Case:
    """Upload what is required and press 【提交申请】."""
    is_unit = case.case_type == "unit_registration"
    upload(case, *(["business_licence"] if is_unit else ["id_card", "diploma", "labour_contract"]))
    response = client.post("/registration/submit/", {"token": str(uuid.uuid4())})
    assert response.status_code == 302
    return Case.objects.get(pk=case.pk)


def decide(case: Case, officer: User, action: Action = Action.APPROVE, **options: Any) -> Act:
    duty = Duty.objects.select_related("organisation").get(user=officer)
    return perform_one(action, Case.objects.get(pk=case.pk), Actor.in_duty(duty, officer), **options)
