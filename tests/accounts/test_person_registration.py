import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Identifier, Person, PersonRegistration, User
from accounts.services import expire_registrations, person_registration
from accounts.services.phones import change_phone
from tests.accounts.factories import (
    PersonFactory,
    UnitFactory,
    UserFactory,
    claim,
    id_number,
    phone_number,
)
from tests.accounts.filling import decide, person_form, register_person, register_unit, send, submit, upload
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case, Duty, OutboxMessage
from workflow.services import Seen, perform

pytestmark = pytest.mark.django_db


def errors_of(client: Client, unit: object, **changes: object) -> dict[str, list[str]]:
    client.post("/register/person/")
    response = send(client, "person", person_form(unit, **changes))
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def handler_of(unit) -> User:
    return Duty.objects.get(organisation=unit).user


def test_person_registers_with_an_approved_unit_and_is_approved_by_it(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))

    decide(case, handler_of(unit))

    user = User.objects.get(username="person-500")
    person = user.person
    assert (user.is_approved, person.unit, person.name) == (True, unit, "李晓雨")
    assert (person.number, person.phone) == (id_number(500), phone_number(500))
    assert (person.birth_date, person.sex) == (date(1999, 3, 7), "1" if int(id_number(500)[16]) % 2 else "2")


def test_nobody_becomes_a_person_before_the_approval(client):
    register_person(client, UnitFactory())

    assert Person.objects.exists() is False
    assert User.objects.get(username="person-500").person is None


def test_summary_carries_the_columns_of_the_queue(client):
    case = submit(client, register_person(client, UnitFactory()))

    assert case.subject == "李晓雨"
    assert {key: case.summary[key] for key in ("account", "id_kind", "id_masked", "phone_masked")} == {
        "account": "person-500",
        "id_kind": "居民身份证",
        "id_masked": f"130902********{id_number(500)[-4:]}",
        "phone_masked": "139****0500",
    }


def test_unit_sees_the_registration_in_its_queue_and_on_its_page(client):
    unit = UnitFactory()
    applicant = Client()
    case = submit(applicant, register_person(applicant, unit))
    client.force_login(handler_of(unit))

    queue = client.get("/queue/person_registration/unit/").text
    page = client.get(f"/cases/{case.pk}/").text

    assert "您有【1】个个人注册账号待审核" in queue
    assert "person-500" in queue
    assert "李晓雨" in page
    assert id_number(500) not in page
    assert phone_number(500) not in page


def test_one_click_approves_all_with_a_fixed_number_of_queries(django_assert_max_num_queries):
    unit = UnitFactory()
    cases = []
    for n in (1, 2, 3):
        applicant = Client()
        cases.append(submit(applicant, register_person(applicant, unit, n=n)))
    duty = Duty.objects.select_related("organisation").get(organisation=unit)

    with django_assert_max_num_queries(40):
        act = perform(Action.APPROVE, [Seen(c.pk, c.revision) for c in cases], Actor.in_duty(duty, duty.user))

    assert (act.done, Person.objects.count()) == (3, 3)
    assert User.objects.filter(kind="person", is_approved=True).count() == 3


def test_person_with_a_closed_account_is_the_same_person_again(client):
    unit, former = UnitFactory(), PersonFactory(number=id_number(500), phone=phone_number(500))
    account = former.users.get()
    Identifier.objects.filter(user=account).delete()
    User.objects.filter(pk=account.pk).update(is_active=False)

    decide(submit(client, register_person(client, unit)), handler_of(unit))

    assert User.objects.get(username="person-500").person == former
    assert Person.objects.get().name == "李晓雨"


def test_returned_registration_shows_the_opinion_and_may_be_submitted_again(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, handler_of(unit), Action.SEND_BACK, opinion="毕业时间有误")
    page = client.get("/registration/").text

    client.post(f"/registration/{case.pk}/edit/", person_form(unit, graduated_on="2023-06-30"))
    client.post("/registration/submit/", {"token": str(uuid.uuid4())})

    assert "毕业时间有误" in page
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.stage) == ("in_review", "unit")
    assert PersonRegistration.objects.get(case=case).graduated_on == date(2023, 6, 30)


def test_marked_field_of_a_returned_registration_is_open_and_the_others_keep_their_values(client):
    # What stands in brackets at the end of the two names finds both; the locked field means one.
    unit, _other = UnitFactory(name="沧州甲中心（有限合伙）"), UnitFactory(name="沧州乙中心（有限合伙）")
    case = submit(client, register_person(client, unit))
    remark = {"key": "study.graduated_on", "section": "学历", "label": "毕业时间", "text": "与毕业证不符"}
    decide(case, handler_of(unit), Action.SEND_BACK, opinion="请修改", payload={"remarks": [remark]})
    address = f"/registration/{case.pk}/edit/"

    page = client.get(address)
    client.post(address, {"graduated_on": "2023-06-30", "school": "别的大学"})
    locked = PersonRegistration.objects.get(case=case)
    client.post(f"{address}?all=1", person_form(unit, school="别的大学"))

    opened = {name for name, field in page.context["form"].fields.items() if not field.disabled}
    assert opened == {"graduated_on"}
    assert 'href="#id_graduated_on">学历 · 毕业时间：与毕业证不符</a>' in page.text
    assert (locked.graduated_on, locked.school, locked.unit) == (date(2023, 6, 30), "河北工业大学", unit)
    assert PersonRegistration.objects.get(case=case).school == "别的大学"


def test_number_changed_behind_its_mask_shows_as_changed_and_stays_masked(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, handler_of(unit), Action.SEND_BACK, opinion="手机号有误")
    mended = phone_number(500)[:3] + "9999" + phone_number(500)[-4:]
    change_phone(case.applicant, mended)
    client.post("/registration/submit/", {"token": str(uuid.uuid4())})
    officer = Client()
    officer.force_login(handler_of(unit))

    response = officer.get(f"/cases/{case.pk}/")

    (change,) = response.context["page"].paper.changes
    assert (change.label, change.before, change.after) == ("手机号码", "139****0500", "139****0500")
    assert response.text.count("已修改（脱敏显示）") == 1
    assert mended not in response.text


def test_submitting_twice_with_one_token_submits_once(client):
    case = register_person(client, UnitFactory())
    upload(case, "id_card", "diploma", "labour_contract")
    token = str(uuid.uuid4())

    answers = [client.post("/registration/submit/", {"token": token}).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert Case.objects.get(pk=case.pk).events.count() == 1


def test_approval_taken_back_closes_the_account_again(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, handler_of(unit))

    decide(case, handler_of(unit), Action.TAKE_BACK)

    user = User.objects.get(username="person-500")
    assert (user.is_approved, user.person) == (False, None)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("130902199903070016", "校验"),
        ("130981199502290018", "19950229"),
        ("13090219990307", "18"),
    ],
)
def test_wrong_id_numbers_are_refused(client, number, message):
    errors = errors_of(client, UnitFactory(), number=number)

    assert list(errors) == ["number"]


def test_number_in_full_width_and_small_x_is_the_same_number(client):
    unit = UnitFactory()
    number = next(id_number(n) for n in range(999) if id_number(n).endswith("X"))
    typed = number.lower().translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    case = register_person(client, unit, number=f" {typed} ")

    assert PersonRegistration.objects.get(case=case).number == number
    assert errors_of(Client(), unit, n=501, number=number)["number"] == ["该身份证号码已存在,请直接登录或找回密码"]


def test_id_number_of_a_unit_contact_is_taken_with_the_manuals_text(client):
    register_unit(Client(), n=3, contact_number=id_number(500))

    errors = errors_of(client, UnitFactory())

    assert errors == {"number": ["该身份证号码已被单位联系人占用,请更换单位联系人后再注册"]}


def test_phone_of_a_unit_contact_is_taken(client):
    register_unit(Client(), n=500)

    errors = errors_of(client, UnitFactory())

    assert errors == {"phone": ["该手机号码已存在,请直接登录或找回密码"]}


def test_username_in_capitals_is_the_same_name(client):
    UserFactory(username="person-500")

    assert "该用户名已存在" in str(errors_of(client, UnitFactory(), username="Person-500")["username"])


def test_loser_of_a_race_for_a_number_gets_the_message(client, monkeypatch):
    unit, person = UnitFactory(), PersonFactory(number=id_number(500), phone=phone_number(500))
    look, answers = person_registration._conflicts, [{}]
    monkeypatch.setattr(person_registration, "_conflicts", lambda *facts: answers.pop() if answers else look(*facts))

    errors = errors_of(client, unit)

    assert set(errors) == {"number", "phone"}
    assert User.objects.filter(kind="person").get() == person.users.get()


@pytest.mark.parametrize("typed", ["name", "code", "suggestion", "part"])
def test_unit_is_found_by_name_code_and_suggestion(client, typed):
    unit = UnitFactory(name="沧州唯一有限公司")
    text = {
        "name": unit.name,
        "code": unit.code.lower(),
        "suggestion": f"{unit.name}（{unit.code}）",
        "part": "唯一有限",
    }

    client.post("/register/person/")
    response = send(client, "person", person_form(unit) | {"unit": text[typed]})

    assert response.status_code == 302
    assert Case.objects.get().unit == unit


def test_units_that_are_not_approved_cannot_be_chosen(client):
    unit = UnitFactory(inactive=True)

    assert "没有找到" in str(errors_of(client, unit)["unit"])
    assert unit.name not in client.get("/register/employers/", {"unit": "沧州测试"}).text


def test_ambiguous_names_list_the_candidates(client):
    first, second = UnitFactory(name="沧州同名一公司"), UnitFactory(name="沧州同名二公司")

    client.post("/register/person/")
    response = send(client, "person", person_form(first) | {"unit": "沧州同名"})

    message = str(response.context["form"].errors["unit"])
    assert first.code in message
    assert second.code in message


def test_suggestions_are_options_with_name_and_code(client):
    unit = UnitFactory(name="沧州建议有限公司")

    assert f"沧州建议有限公司（{unit.code}）" in client.get("/register/employers/", {"unit": "建议"}).text


def test_other_documents_ask_for_birth_date_and_sex(client):
    errors = errors_of(client, UnitFactory(), name="John Smith", document_kind="06", number="E12345678")

    assert set(errors) == {"sex", "birth_date"}


def test_dates_in_the_future_are_refused(client):
    errors = errors_of(client, UnitFactory(), graduated_on="2999-01-01", hired_on="2999-01-01")

    assert set(errors) == {"graduated_on", "hired_on"}


def test_expired_registration_closes_the_account_and_frees_its_numbers(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    fresh = Client()

    with time_machine.travel(case.created_at + timedelta(days=91)):
        ended = expire_registrations()
        again = register_person(fresh, unit, username="person-again")

    case = Case.objects.get(pk=case.pk)
    assert (ended, case.state, case.applicant.is_active) == (1, "withdrawn", False)
    assert again.state == "draft"
    assert OutboxMessage.objects.filter(kind="case.withdraw", recipient=case.applicant).exists()


def test_expired_unit_may_register_again_with_its_code(client):
    case = register_unit(client, n=8)

    with time_machine.travel(case.created_at + timedelta(days=91)):
        expire_registrations()
        again = register_unit(Client(), n=8, username="unit-again")

    assert again.unit == case.unit
    assert again.unit.active is False


def test_registrations_before_the_term_and_approved_ones_stay(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, handler_of(unit))
    waiting = register_person(Client(), unit, n=501)

    with time_machine.travel(waiting.created_at + timedelta(days=89)):
        assert expire_registrations() == 0
    with time_machine.travel(waiting.created_at + timedelta(days=91)):
        assert expire_registrations() == 1

    assert Case.objects.get(pk=case.pk).state == "approved"


def test_registration_that_was_returned_and_filed_again_expires_counted_from_its_last_move(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    begun = case.created_at

    with time_machine.travel(begun + timedelta(days=60)):
        decide(case, handler_of(unit), Action.SEND_BACK, opinion="身份证照片不清晰")
    with time_machine.travel(begun + timedelta(days=70)):
        client.force_login(case.applicant)
        assert submit(client, case).state == "in_review"
    with time_machine.travel(begun + timedelta(days=159)):
        assert expire_registrations() == 0
    with time_machine.travel(begun + timedelta(days=161)):
        assert expire_registrations() == 1

    assert Case.objects.get(pk=case.pk).state == "withdrawn"
    assert Identifier.objects.filter(user=case.applicant).exists() is False


def test_returned_registration_has_the_whole_term_to_be_mended(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))

    with time_machine.travel(case.created_at + timedelta(days=89)):
        decide(case, handler_of(unit), Action.SEND_BACK, opinion="身份证照片不清晰")
    with time_machine.travel(case.created_at + timedelta(days=178)):
        assert expire_registrations() == 0
    with time_machine.travel(case.created_at + timedelta(days=180)):
        assert expire_registrations() == 1


def test_registration_filed_again_may_be_withdrawn_until_it_is_decided_again(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, handler_of(unit), Action.SEND_BACK, opinion="身份证照片不清晰")
    submit(client, case)

    client.post("/registration/withdraw/")

    assert Case.objects.get(pk=case.pk).state == "withdrawn"


def test_withdrawn_registration_frees_the_numbers_at_once(client):
    unit = UnitFactory()
    case = register_person(client, unit)

    response = client.post("/registration/withdraw/")

    assert response.url == "/sign-in/"
    assert Case.objects.get(pk=case.pk).state == "withdrawn"
    assert Identifier.objects.filter(user=case.applicant).exists() is False
    assert register_person(Client(), unit, username="person-again").state == "draft"


def test_numbers_of_officers_and_contacts_count_too(client):
    officer = UserFactory(officer=True)
    claim(officer, phone=phone_number(500))

    assert set(errors_of(client, UnitFactory())) == {"phone"}
