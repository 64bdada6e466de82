from typing import Any

import pytest
from django.test import Client

from accounts.enums import AccountDeed, RealNameLevel
from accounts.models import (
    AccountEvent,
    Identifier,
    Notification,
    OneTimeLink,
    Person,
    SensitiveView,
    TextMessage,
    User,
)
from accounts.services.closing import bars_closing
from tests.accounts.factories import PASSWORD, PersonFactory, UserFactory, phone_number
from tests.accounts.filling import decide, register_person, submit
from tests.accounts.managing import handler_of, hold, make_unit, signed_in
from tests.accounts.signing import sign_in
from workflow.enums import State
from workflow.models import Case, Organisation

pytestmark = pytest.mark.django_db

REASON = {"reason": "已离职"}


@pytest.fixture
def unit() -> Organisation:
    return make_unit()


@pytest.fixture
def client(unit: Organisation) -> Client:
    """The unit's handler at a browser."""
    return signed_in(handler_of(unit))


@pytest.fixture
def person(unit: Organisation) -> Person:
    found: Person = PersonFactory(unit=unit, name="李晓雨")
    return found


@pytest.fixture
def user(person: Person) -> User:
    return person.users.get()


def page(user: User, name: str = "") -> str:
    return f"/unit/accounts/{user.pk}/{name}"


def form_of(person: Person, **changes: Any) -> dict[str, Any]:
    names = ("name", "email", "ethnic", "political")
    return {name: getattr(person, name) for name in names} | {"household": ""} | changes


def deeds(user: User) -> list[str]:
    return [event.deed for event in AccountEvent.objects.of(user.pk)]


def test_list_shows_those_of_the_unit_alone_and_masked(client, person):
    PersonFactory(unit=make_unit(), name="别人")

    text = client.get("/unit/accounts/").text

    assert "李晓雨" in text
    assert "别人" not in text
    assert person.number not in text
    assert person.phone not in text
    assert f"{person.number[:6]}********{person.number[-4:]}" in text


def test_menu_has_the_manual_s_names(client):
    text = client.get("/unit/accounts/").text

    assert "信息维护" in text
    assert ">账号管理<" in text


def found_by(client: Client, **wanted: str) -> set[str]:
    response = client.post("/unit/accounts/", {"name": "", "id_number": "", "state": ""} | wanted, follow=True)
    return {line["user"].name for line in response.context["lines"]}


def test_filters_find_by_name_number_and_state(client, unit, person):
    closed = PersonFactory(unit=unit, name="王离职")
    User.objects.filter(person=closed).update(is_active=False)

    assert found_by(client) == {"李晓雨", "王离职"}
    assert found_by(client, name="晓") == {"李晓雨"}
    assert found_by(client, id_number=person.number.lower()) == {"李晓雨"}
    assert found_by(client, state="active") == {"李晓雨"}
    assert found_by(client, state="closed") == {"王离职"}


def test_number_that_was_searched_for_stands_in_no_address(client, person):
    response = client.post("/unit/accounts/", {"name": "", "id_number": person.number, "state": ""})

    assert person.number not in response.url


def test_pages_lead_on_and_back(client, unit, monkeypatch):
    monkeypatch.setattr("accounts.views.members.PAGE_SIZE", 2)
    for n in range(5):
        PersonFactory(unit=unit, name=f"员工{'甲乙丙丁戊'[n]}")

    first = client.get("/unit/accounts/")
    second = client.get("/unit/accounts/" + first.context["pager"]["next"])
    third = client.get("/unit/accounts/" + second.context["pager"]["next"])
    back = client.get("/unit/accounts/" + third.context["pager"]["previous"])

    names = [[line["user"].name for line in response.context["lines"]] for response in (first, second, third, back)]
    assert names == [["员工戊", "员工丁"], ["员工丙", "员工乙"], ["员工甲"], ["员工丙", "员工乙"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(client, unit, rows, django_assert_num_queries):
    for _row in range(rows):
        PersonFactory(unit=unit)
    client.get("/unit/accounts/")

    with django_assert_num_queries(4):
        client.get("/unit/accounts/")


def test_person_of_another_unit_is_nobody(client):
    stranger = PersonFactory(unit=make_unit()).users.get()

    names = ("", "edit/", "close/", "reopen/", "password/", "full/number/")

    assert [client.get(page(stranger, name)).status_code for name in names] == [404] * 6
    assert [client.post(page(stranger, name), REASON).status_code for name in names] == [404] * 6
    assert User.objects.get(pk=stranger.pk).is_active


def test_details_are_masked_and_every_deed_has_its_button(client, user):
    text = client.get(page(user)).text

    assert user.person is not None
    assert user.person.number not in text
    for label in ("修改", "修改密码", "注销"):
        assert f">{label}<" in text


def test_full_number_is_shown_for_a_reason_and_the_look_is_kept(client, unit):
    person_client = Client()
    case = submit(person_client, register_person(person_client, unit))
    decide(case, handler_of_alone(unit))
    user = User.objects.get(pk=case.applicant_id)
    assert user.person is not None

    without = client.post(page(user, "full/number/"), {"reason": ""})
    shown = client.post(page(user, "full/number/"), {"reason": "核对社保"})

    assert user.person.number not in without.text
    assert user.person.number in shown.text
    look = SensitiveView.objects.get(case=case)
    assert (look.viewer, look.field, look.reason) == (handler_of(unit), "number", "核对社保")
    assert "核对社保" in signed_in(user).get("/account/record/").text


def handler_of_alone(unit: Organisation) -> User:
    """``decide`` wants somebody with one duty."""
    user = handler_of(unit)
    user.duties.filter(role="manager").delete()
    return user


def test_corrected_name_drops_the_level_and_tells_the_person(client, person, user):
    User.objects.filter(pk=user.pk).update(real_name_level=RealNameLevel.MIDDLE)

    client.post(page(user, "edit/"), form_of(person, name="李晓宇", political="01"))

    changed = User.objects.select_related("person").get(pk=user.pk)
    assert changed.person is not None
    assert (changed.name, changed.person.name, changed.person.political) == ("李晓宇", "李晓宇", "01")
    assert changed.real_name_level == RealNameLevel.BASIC
    assert AccountEvent.objects.of(user.pk)[0].note.startswith("姓名：李晓雨 → 李晓宇；政治面貌：")
    assert Notification.objects.filter(recipient=user, title="您的账号资料已由所在单位修改").exists()
    assert TextMessage.objects.filter(template="member_changed").latest("pk").phone == person.phone


def test_corrected_mail_keeps_the_level(client, person, user):
    User.objects.filter(pk=user.pk).update(real_name_level=RealNameLevel.MIDDLE)

    client.post(page(user, "edit/"), form_of(person, email="new@example.com"))

    changed = User.objects.get(pk=user.pk)
    assert (changed.email, changed.real_name_level) == ("new@example.com", RealNameLevel.MIDDLE)


def test_nothing_changed_is_nothing_done(client, person, user):
    client.post(page(user, "edit/"), form_of(person))

    assert deeds(user) == []


def test_neither_phone_nor_number_is_the_unit_s_to_change(client, person, user):
    client.post(page(user, "edit/"), form_of(person, phone=phone_number(1), number="130902199003070015"))

    again = Person.objects.get(pk=person.pk)
    assert (again.phone, again.number) == (person.phone, person.number)


def test_closed_account_is_out_at_once_and_its_numbers_are_free(client, person, user):
    theirs = Client()
    sign_in(theirs, user)

    response = client.post(page(user, "close/"), REASON)

    assert response.status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert "已注销" in sign_in(Client(), user).text
    assert not Identifier.objects.filter(user=user).exists()
    assert AccountEvent.objects.of(user.pk)[0].reason == "已离职"
    assert TextMessage.objects.filter(template="member_closed").get().phone == person.phone


def test_closure_wants_a_reason(client, user):
    response = client.post(page(user, "close/"), {"reason": ""})

    assert response.context["form"].errors.keys() == {"reason"}
    assert User.objects.get(pk=user.pk).is_active


def test_account_is_not_closed_while_a_case_waits_for_a_decision(client, unit):
    theirs = Client()
    case = submit(theirs, register_person(theirs, unit))
    decide(case, handler_of_alone(unit))
    user = User.objects.get(pk=case.applicant_id)
    waiting = Case.objects.filter(pk=case.pk)
    assert 'name="reason"' in client.get(page(user, "close/")).text
    waiting.update(state=State.IN_REVIEW, stage="unit")

    asked = client.get(page(user, "close/")).text
    response = client.post(page(user, "close/"), REASON)

    assert 'name="reason"' not in asked
    assert "btn-danger" not in asked
    assert response.status_code == 409
    assert str(case) in response.text
    assert User.objects.get(pk=user.pk).is_active

    waiting.update(state=State.RETURNED, stage="")
    assert client.post(page(user, "close/"), REASON).status_code == 302


def test_service_above_may_speak_against_closing(client, user, monkeypatch):
    monkeypatch.setattr("accounts.services.closing._bars", [])
    bars_closing(lambda user: "有一笔拨付未完成")

    response = client.post(page(user, "close/"), REASON)

    assert response.status_code == 409
    assert "有一笔拨付未完成" in response.text


def test_cancelled_closure_takes_the_numbers_back_and_the_old_password_signs_in(client, user):
    client.post(page(user, "close/"), REASON)

    client.post(page(user, "reopen/"), {"reason": "误操作"})

    assert sign_in(Client(), user).status_code == 302
    assert Identifier.objects.filter(user=user).count() == 2
    assert deeds(user) == [AccountDeed.REOPENED, AccountDeed.CLOSED]


@pytest.mark.parametrize("taken", ["number", "phone"])
def test_closure_stays_where_a_number_was_taken_meanwhile(client, person, user, taken):
    client.post(page(user, "close/"), REASON)
    hold(UserFactory(), **{taken: getattr(person, taken)})

    response = client.post(page(user, "reopen/"), {"reason": "误操作"})

    assert response.status_code == 409
    assert "已存在" in response.text
    assert not User.objects.get(pk=user.pk).is_active
    assert not Identifier.objects.filter(user=user).exists()


def test_closure_stays_where_the_person_has_another_account(client, person, user):
    client.post(page(user, "close/"), REASON)
    UserFactory(person=person)

    assert client.post(page(user, "reopen/"), REASON).status_code == 409


def test_what_the_unit_has_not_closed_it_cannot_open(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = client.post(page(user, "reopen/"), REASON)

    assert response.status_code == 409
    assert not User.objects.get(pk=user.pk).is_active
    assert "撤销注销" not in client.get(page(user)).text.split("</main>")[0].split("<h1>")[1]


def test_password_goes_by_link_to_the_person_s_phone_and_is_logged(client, person, user):
    client.post(page(user, "password/"))

    message = TextMessage.objects.get(template="password_link")
    assert message.phone == person.phone
    assert OneTimeLink.objects.get(user=user).by is not None
    assert deeds(user) == [AccountDeed.LINK]
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_password_never_goes_to_a_mailbox_that_the_unit_may_have_typed(client, user):
    User.objects.filter(pk=user.pk).update(phone="", email="unit@example.com")

    response = client.post(page(user, "password/"))

    assert response.status_code == 409
    assert not OneTimeLink.objects.filter(user=user).exists()


def test_person_and_office_have_no_such_page(user):
    assert signed_in(user).get("/unit/accounts/").status_code == 403
