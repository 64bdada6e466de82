"""Officers are set up by an administrator, who learns no password; one person has one account for the office."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.administrators import AUDIT, SECURITY, SYSTEM
from accounts.models import Identifier, OneTimeLink, Person, TextMessage, User
from accounts.services.accounts import Taken
from accounts.services.message_settings import choose_language
from accounts.services.officers import record_document
from tests.accounts.factories import OfficerFactory, PersonFactory, UserFactory, id_number, phone_number
from tests.accounts.signing import sign_in
from tests.accounts.test_administrators import administrator, browser, inlines
from workflow.lookup_keys import identity_key

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"
PHONE = phone_number(41)


def new(**fields: str) -> dict[str, str]:
    whose = {"username": "officer9", "name": "新经办", "email": "", "new_document_number": id_number(901)}
    return whose | {"new_phone": PHONE} | fields


def add(client: Client | None = None, **fields: str) -> Any:
    return (client or browser(SECURITY)).post(f"{USERS}add/", new(**fields))


def link() -> str:
    """The address in the latest text message."""
    params = TextMessage.objects.filter(template="account_link").latest("pk").params
    assert params is not None
    return str(re.sub(r"^https?://[^/]+", "", params["link"]))


def test_new_officer_chooses_the_password_by_a_link_to_their_own_phone(client: Client) -> None:
    response = add()
    user = User.objects.get(username="officer9")
    assert response.status_code == 302
    assert not user.has_usable_password()
    assert TextMessage.objects.get(template="account_link").phone == PHONE

    client.post(link(), {"password": "Bohai-2027", "password_again": "Bohai-2027"})

    assert sign_in(client, user, password="Bohai-2027").url == "/home/"


def test_page_of_the_administrator_shows_neither_password_nor_link() -> None:
    client = browser(SECURITY)
    add(client)
    user = User.objects.get(username="officer9")

    page = client.get(f"{USERS}{user.pk}/change/").text

    assert link() not in page
    assert "已向139****0041发送设置密码的链接" in page
    assert PHONE not in page
    assert id_number(901) not in page


def test_form_asks_for_no_password() -> None:
    page = browser(SECURITY).get(f"{USERS}add/").text

    assert "password" not in re.findall(r'type="(\w+)"', page)


def test_new_officer_is_an_approved_officer_with_phone_and_document() -> None:
    add()

    user = User.objects.get(username="officer9")
    assert (user.kind, user.is_approved, user.phone) == ("officer", True, PHONE)
    assert (user.document_number, user.identity_key) == (id_number(901), identity_key(id_number(901)))
    assert Identifier.objects.get(user=user).kind == "phone"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"new_phone": ""}, "new_phone"),
        ({"new_document_number": ""}, "new_document_number"),
        ({"new_document_number": id_number(901)[:-1] + "Y"}, "new_document_number"),
        ({"name": ""}, "name"),
        ({"username": "a b"}, "username"),
    ],
)
def test_what_is_missing_or_wrong_is_said(fields: dict[str, str], field: str) -> None:
    response = add(**fields)

    assert list(response.context["adminform"].form.errors) == [field]
    assert not User.objects.filter(username="officer9").exists()


def test_officer_without_a_phone_gets_the_link_by_e_mail() -> None:
    add(new_phone="", email="jingban@example.com")

    user = User.objects.get(username="officer9")
    assert OneTimeLink.objects.get(user=user).target_masked.endswith("@example.com")


def test_phone_of_somebody_else_is_refused_and_nobody_is_made() -> None:
    person = PersonFactory()

    response = add(new_phone=person.phone)

    assert "该手机号码已存在" in response.text
    assert not User.objects.filter(username="officer9").exists()


def test_link_is_sent_again_from_the_security_page() -> None:
    client = browser(SECURITY)
    add(client)
    user, first = User.objects.get(username="officer9"), link()

    client.post(f"{USERS}{user.pk}/security/", {"what": "link"})

    assert link() != first
    assert Client().get(first).status_code == 410
    assert OneTimeLink.objects.open().get(user=user).by is not None


@pytest.mark.parametrize("role", [SYSTEM, AUDIT])
def test_others_send_no_link(role: str) -> None:
    officer = OfficerFactory(phone=PHONE)

    assert browser(role).post(f"{USERS}{officer.pk}/security/", {"what": "link"}).status_code == 403
    assert not OneTimeLink.objects.exists()


def test_link_speaks_the_language_of_its_reader() -> None:
    officer, client = OfficerFactory(phone=PHONE), browser(SECURITY)
    choose_language(officer, "en")

    client.post(f"{USERS}{officer.pk}/security/", {"what": "link"})

    assert TextMessage.objects.get(user=officer).language == "en"


def test_account_that_nothing_can_be_sent_to_gets_no_link() -> None:
    officer, client = OfficerFactory(email=""), browser(SECURITY)

    page = client.post(f"{USERS}{officer.pk}/security/", {"what": "link"}, follow=True)

    assert "没有可以接收链接的手机号码或电子邮箱" in page.text
    assert 'value="link"' not in page.text


def test_one_person_has_one_officer_s_account() -> None:
    record_document(OfficerFactory(), id_number(901))

    response = add()

    assert "一人只能有一个工作人员账号" in response.text
    assert not User.objects.filter(username="officer9").exists()


def test_database_refuses_a_second_account_of_one_officer() -> None:
    first, second = OfficerFactory(), OfficerFactory()
    record_document(first, id_number(901))

    with pytest.raises(Taken):
        record_document(second, id_number(901))
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=second.pk).update(identity_key=identity_key(id_number(901)))


def test_closed_account_of_the_same_person_is_no_hindrance() -> None:
    first = OfficerFactory(is_active=False)
    record_document(first, id_number(901))

    record_document(OfficerFactory(), id_number(901))

    assert User.objects.filter(identity_key=identity_key(id_number(901))).count() == 2


def test_officer_may_have_a_personal_account_too() -> None:
    person = PersonFactory()

    add(new_document_number=person.number)

    assert User.objects.get(username="officer9").identity_key == Person.objects.get(pk=person.pk).number_hash


def change(user: User, number: str) -> Any:
    form = {"name": "甲", "is_active": "on", "new_document_number": number} | inlines()
    return browser(SECURITY).post(f"{USERS}{user.pk}/change/", form)


def test_document_of_an_earlier_account_is_added_later_and_shown_masked() -> None:
    officer = OfficerFactory()

    assert change(officer, id_number(902)).status_code == 302

    assert User.objects.get(pk=officer.pk).document_number == id_number(902)
    page = browser(SECURITY).get(f"{USERS}{officer.pk}/change/").text
    assert id_number(902)[:6] + "********" + id_number(902)[-4:] in page
    assert id_number(902) not in page


def test_account_is_not_opened_again_beside_a_second_one_of_the_same_person() -> None:
    first = OfficerFactory(is_active=False)
    record_document(first, id_number(904))
    record_document(OfficerFactory(), id_number(904))

    response = change(first, "")

    assert response.status_code == 200
    assert "该人员已有其他账号" in response.text
    assert not User.objects.get(pk=first.pk).is_active


def test_only_officers_have_their_document_there() -> None:
    person = PersonFactory().users.get()

    assert "只有工作人员账号在此登记证件号码" in change(person, id_number(902)).text
    assert User.objects.get(pk=person.pk).identity_key == ""


def test_list_finds_officers_without_a_document() -> None:
    known, unknown, person = OfficerFactory(), OfficerFactory(), UserFactory()
    record_document(known, id_number(903))

    page = browser(SECURITY).get(f"{USERS}?document=missing")

    found = {user.pk for user in page.context["cl"].result_list}
    assert unknown.pk in found
    assert not {known.pk, person.pk} & found


def two_roles(user: User) -> None:
    user.groups.add(*Group.objects.filter(name__in=[SYSTEM, AUDIT]))


def role_beside_root(user: User) -> None:
    user.groups.add(Group.objects.get(name=SYSTEM))
    User.objects.filter(pk=user.pk).update(is_superuser=True)


def root_with_a_role(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    user.groups.add(Group.objects.get(name=SECURITY))


def other_role_moved(user: User) -> None:
    user.groups.add(Group.objects.get(name=SYSTEM), Group.objects.create(name="别的组"))
    rows = User.groups.through.objects
    rows.filter(user_id=user.pk, group__name="别的组").update(group=Group.objects.get(name=AUDIT))


@pytest.mark.parametrize("make", [two_roles, role_beside_root, root_with_a_role, other_role_moved])
def test_database_refuses_two_administrators_in_one_account(make: Any) -> None:
    user = UserFactory(officer=True, is_staff=True)

    with pytest.raises(IntegrityError, match="three people"), transaction.atomic():
        make(user)

    assert not user.groups.exists()
    assert not User.objects.get(pk=user.pk).is_superuser


def test_role_may_be_changed_for_another(admin_client: Client) -> None:
    user = administrator(SYSTEM)
    form = {"name": "甲", "is_active": "on", "is_staff": "on"} | inlines()

    other = admin_client.post(f"{USERS}{user.pk}/change/", form | {"groups": [str(Group.objects.get(name=AUDIT).pk)]})
    above = admin_client.post(f"{USERS}{user.pk}/change/", form | {"is_superuser": "on"})

    assert (other.status_code, above.status_code) == (302, 302)
    user = User.objects.get(pk=user.pk)
    assert (user.is_superuser, user.groups.count()) == (True, 0)
