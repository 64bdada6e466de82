from datetime import timedelta

import pytest
from django.test import Client

from accounts.enums import AccountDeed, LinkPurpose
from accounts.models import AccountEvent, Identifier, Notification, OneTimeLink, TextMessage, UnitUser, User
from accounts.services.accounts import find_taken
from accounts.services.erasing import erase_account
from accounts.services.unit_users import UserFacts, change_unit_user
from tests.accounts.factories import OfficerFactory, UserFactory, id_number, phone_number
from tests.accounts.filling import decide, register_unit, submit
from tests.accounts.managing import (
    add_colleague,
    as_manager,
    colleague_form,
    handler_of,
    hold,
    make_unit,
    signed_in,
)
from tests.accounts.signing import sign_in
from workflow import clock
from workflow.enums import Role
from workflow.models import Duty

pytestmark = pytest.mark.django_db

NEW = "Cangzhou-2027"


def roles(user: User) -> set[str]:
    return set(Duty.objects.on(clock.today()).filter(user=user).values_list("role", flat=True))


def link_to(phone: str) -> str:
    """The path of the link that went to this phone last."""
    params = next(m for m in TextMessage.objects.order_by("-pk") if m.phone == phone).params
    assert params is not None
    return params["link"].removeprefix("http://testserver")


def choose_password(user: User) -> None:
    Client().post(link_to(user.phone), {"password": NEW, "password_again": NEW})


def test_whoever_registered_the_unit_keeps_its_users_in_the_same_post(client):
    case = submit(client, register_unit(client))
    decide(case, OfficerFactory(office=case.supervisor))

    page = client.get("/unit/users/")

    assert page.status_code == 200
    assert {line["user"].pk for line in page.context["lines"]} == {case.applicant_id}
    assert roles(case.applicant) == {Role.HANDLER, Role.MANAGER}
    assert "switch-duty" not in page.text
    assert "个人注册审核" in page.text


def test_list_shows_masked_phones_roles_and_states():
    unit = make_unit()
    client = signed_in(handler_of(unit))
    stopped = add_colleague(client, 701)
    add_colleague(client, 702, roles=["handler", "manager"])
    client.post(f"/unit/users/{stopped.pk}/stop/")

    text = client.get("/unit/users/").text

    for label in ("用户名", "姓名", "手机", "角色", "状态", "新增", "修改", "重置密码", "停用", "启用"):
        assert f">{label}<" in text, label
    assert "139****0702" in text
    assert phone_number(702) not in text
    assert "单位管理员" in text


def test_new_colleague_gets_a_link_and_no_password(client):
    unit = make_unit()
    user = add_colleague(signed_in(handler_of(unit)))

    assert not user.has_usable_password()
    assert OneTimeLink.objects.get(user=user).purpose == LinkPurpose.INVITATION
    assert (roles(user), user.is_approved) == ({Role.HANDLER}, True)

    choose_password(user)

    assert sign_in(client, user, password=NEW).status_code == 302
    assert client.get("/home/").context["actor"].organisation == unit


def test_number_of_a_colleague_is_kept_encrypted_and_taken():
    user = add_colleague(signed_in(handler_of(make_unit())))

    assert UnitUser.objects.get(user=user).number == id_number(700, "19900101")
    assert set(Identifier.objects.filter(user=user).values_list("kind", flat=True)) == {"phone", "id_number"}


@pytest.mark.parametrize(
    ("taken", "field"),
    [({"number": id_number(700, "19900101")}, "number"), ({"phone": phone_number(700)}, "phone")],
)
def test_numbers_of_somebody_else_are_refused_by_their_field(taken, field):
    client = signed_in(handler_of(make_unit()))
    hold(UserFactory(), **taken)

    response = client.post("/unit/users/add/", colleague_form())

    assert response.context["form"].errors.keys() == {field}
    assert not User.objects.filter(username="colleague-700").exists()


def test_taken_user_name_is_refused_and_nothing_typed_is_lost():
    client = signed_in(handler_of(make_unit()))
    UserFactory(username="colleague-700")

    response = client.post("/unit/users/add/", colleague_form())

    assert response.context["form"].errors.keys() == {"username"}
    assert phone_number(700) in response.text


def test_taken_numbers_cannot_be_asked_for_all_day():
    client = signed_in(handler_of(make_unit()))
    hold(UserFactory(), phone=phone_number(700))
    for _time in range(5):
        client.post("/unit/users/add/", colleague_form())

    errors = client.post("/unit/users/add/", colleague_form(phone=phone_number(799))).context["form"].errors

    assert errors.keys() == {"__all__"}


def test_roles_change_and_the_colleague_reads_who_did_it():
    unit = make_unit()
    manager = handler_of(unit)
    client = signed_in(manager)
    user = add_colleague(client)

    client.post(f"/unit/users/{user.pk}/", colleague_form(number="", name="赵新名", roles=["manager"]))

    assert roles(user) == {Role.MANAGER}
    event = AccountEvent.objects.of(user.pk)[0]
    assert (event.deed, event.by, event.organisation) == (AccountDeed.CHANGED, manager, unit)
    assert event.note == "姓名：赵同事 → 赵新名；角色：经办人 → 单位管理员"
    assert Notification.objects.filter(recipient=user, title="您的账号资料已修改").exists()
    assert "赵同事 → 赵新名" in signed_in(User.objects.get(pk=user.pk)).get("/account/record/").text


def test_phone_and_mail_of_who_was_there_are_no_longer_the_administrator_s_to_change():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    choose_password(user)

    page = client.get(f"/unit/users/{user.pk}/")
    client.post(f"/unit/users/{user.pk}/", colleague_form(number="", phone=phone_number(888), email="x@example.com"))

    assert page.context["form"].fields.keys() == {"name", "roles"}
    again = User.objects.get(pk=user.pk)
    assert (again.phone, again.email) == (phone_number(700), "c700@example.com")


def test_number_of_who_was_there_stays_so_that_nobody_enters_as_them_by_the_identity_service():
    manager = handler_of(make_unit())
    client = signed_in(manager)
    user = add_colleague(client)
    choose_password(user)
    facts = UserFacts(name="赵同事", roles=["handler"], number=id_number(901, "19900101"))

    client.post(f"/unit/users/{user.pk}/", colleague_form(number=facts.number))
    change_unit_user(user, facts, by=as_manager(manager))

    assert UnitUser.objects.get(user=user).number == id_number(700, "19900101")
    assert find_taken(number=facts.number) == {}


def test_number_of_who_was_never_there_can_be_mended():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)

    client.post(f"/unit/users/{user.pk}/", colleague_form(number=id_number(901, "19900101")))

    assert UnitUser.objects.get(user=user).number == id_number(901, "19900101")


def test_phone_of_who_was_never_there_can_be_mended():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)

    client.post(f"/unit/users/{user.pk}/", colleague_form(number="", phone=phone_number(888)))

    assert User.objects.get(pk=user.pk).phone == phone_number(888)
    assert Identifier.objects.filter(user=user).count() == 2


def test_reset_sends_a_link_and_the_old_password_holds_until_then():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    choose_password(user)

    response = client.post(f"/unit/users/{user.pk}/password/")

    assert response.status_code == 302
    assert OneTimeLink.objects.open().get(user=user).purpose == LinkPurpose.PASSWORD
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert AccountEvent.objects.of(user.pk)[0].deed == AccountDeed.LINK


def test_stopped_colleague_is_out_at_once_and_the_numbers_are_free():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    choose_password(user)
    theirs = Client()
    sign_in(theirs, user, password=NEW)
    assert theirs.get("/account/").status_code == 200

    client.post(f"/unit/users/{user.pk}/stop/")

    assert theirs.get("/account/").status_code == 302
    assert "已注销" in sign_in(Client(), user, password=NEW).text
    assert not Identifier.objects.filter(user=user).exists()
    assert Notification.objects.filter(recipient=user, title="您的账号已停用").exists()


def test_started_again_takes_its_numbers_back():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    choose_password(user)
    client.post(f"/unit/users/{user.pk}/stop/")

    client.post(f"/unit/users/{user.pk}/start/")

    assert sign_in(Client(), user, password=NEW).status_code == 302
    assert Identifier.objects.filter(user=user).count() == 2


@pytest.mark.parametrize("taken", [{"number": id_number(700, "19900101")}, {"phone": phone_number(700)}])
def test_start_is_refused_where_a_number_was_taken_meanwhile(taken):
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    client.post(f"/unit/users/{user.pk}/stop/")
    hold(UserFactory(), **taken)

    response = client.post(f"/unit/users/{user.pk}/start/")

    assert response.status_code == 409
    assert "已存在" in response.text
    assert not User.objects.get(pk=user.pk).is_active
    assert not Identifier.objects.filter(user=user).exists()


def test_what_the_administration_has_stopped_is_not_the_unit_s_to_start():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    client.post(f"/unit/users/{user.pk}/stop/")
    client.post(f"/unit/users/{user.pk}/start/")
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = client.post(f"/unit/users/{user.pk}/start/")

    assert response.status_code == 409
    assert "不是由本单位停用的" in response.text
    assert not User.objects.get(pk=user.pk).is_active


def test_erased_colleague_is_nobody_and_leaves_no_number():
    client = signed_in(handler_of(make_unit()))
    user = add_colleague(client)
    client.post(f"/unit/users/{user.pk}/stop/")

    erase_account(user, by=UserFactory(administrator=True), reason="本人申请")

    assert UnitUser.objects.get(user=user).number == ""
    assert client.post(f"/unit/users/{user.pk}/start/").status_code == 404
    assert "erased" not in client.get("/unit/users/").text
    assert not User.objects.get(pk=user.pk).is_active


def test_colleague_who_went_to_another_unit_is_nobody_here():
    client, other = signed_in(handler_of(make_unit())), make_unit()
    user = add_colleague(client)
    before = clock.today() - timedelta(days=1)
    Duty.objects.filter(user=user).update(starts_on=before, ends_on=before)
    assert client.get(f"/unit/users/{user.pk}/").status_code == 200

    Duty.objects.create(user=user, organisation=other, role=Role.HANDLER, starts_on=clock.today())

    assert client.post(f"/unit/users/{user.pk}/stop/").status_code == 404
    assert User.objects.get(pk=user.pk).is_active


def test_user_of_another_unit_is_nobody():
    client, other = signed_in(handler_of(make_unit())), handler_of(make_unit())

    pages = [f"/unit/users/{other.pk}/{page}" for page in ("", "password/", "stop/", "start/")]

    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert [client.post(page).status_code for page in pages] == [404] * 4
    assert User.objects.get(pk=other.pk).is_active


def test_handler_alone_keeps_no_users():
    unit = make_unit()
    user = add_colleague(signed_in(handler_of(unit)))

    client = signed_in(user)

    assert [client.get(page).status_code for page in ("/unit/users/", "/unit/users/add/")] == [403, 403]
    assert client.post("/unit/users/add/", colleague_form(703)).status_code == 403
    assert "单位用户管理" not in client.get("/home/").text


def test_level_of_a_colleague_is_that_of_the_administrator_and_never_above_the_middle():
    unit = make_unit()
    manager = handler_of(unit)
    User.objects.filter(pk=manager.pk).update(real_name_level=3)

    user = add_colleague(signed_in(manager))

    assert user.real_name_level == 2
    assert user.verifications.get().officer == manager
