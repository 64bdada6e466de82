"""三员分立: the three administrators, what each may do, and that what they do stays written."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.administrators import AUDIT, SECURITY, SYSTEM, holds_two, rights_of, seed_administrators
from accounts.models import User
from accounts.second_factor import has_second_factor
from subsidies.models import Programme
from talent.models import CardScheme
from tests.accounts.factories import OfficeFactory, OfficerFactory, UserFactory
from tests.accounts.signing import SECOND, add_app, code, sign_in

pytestmark = pytest.mark.django_db

ROLES = (SYSTEM, SECURITY, AUDIT)
USERS = "/admin/accounts/user/"


def administrator(role: str) -> User:
    user = UserFactory(officer=True, is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    return user


def browser(role: str) -> Client:
    client = Client()
    client.force_login(administrator(role))
    return client


@pytest.fixture
def officer() -> User:
    return OfficerFactory()


def inlines() -> dict[str, str]:
    return {f"{prefix}-{key}_FORMS": "0" for prefix in ("duties", "consents") for key in ("TOTAL", "INITIAL")}


@pytest.mark.parametrize("role", ROLES)
def test_role_has_exactly_its_rights(role):
    user = User.objects.get(pk=administrator(role).pk)

    assert user.get_all_permissions() == rights_of(role)


@pytest.mark.parametrize(
    ("page", "lists"),
    [("subsidies_programme", ("levels", "papers")), ("talent_cardscheme", ("categories", "papers", "services"))],
)
def test_system_administrator_changes_the_lists_of_a_service(page, lists):
    model = {"subsidies_programme": Programme, "talent_cardscheme": CardScheme}[page]
    response = browser(SYSTEM).get(reverse(f"admin:{page}_change", args=[model.objects.first().pk]))

    fields = set(re.findall(r'name="(\w+)-0-(?!id)\w+"', response.text))
    assert fields >= set(lists)
    # Days are those of the chain: they are shown with the way to where they are changed.
    assert "node_workdays" not in response.text
    case_type = {"subsidies_programme": "graduate_rent", "talent_cardscheme": "bohai_card"}[page]
    assert f"/chainversion/?case_type__exact={case_type}" in response.text


def test_no_two_roles_change_the_same():
    changing = [{right for right in rights_of(role) if ".view_" not in right} for role in ROLES]

    assert not changing[0] & changing[1]
    assert changing[2] == set()


def test_seed_takes_back_what_was_added():
    group = Group.objects.get(name=AUDIT)
    group.permissions.add(Group.objects.get(name=SYSTEM).permissions.first())

    seed_administrators()

    assert group.permissions.count() == len(rights_of(AUDIT))


MAY_OPEN = {
    SYSTEM: {"/admin/workflow/organisation/add/", "/admin/workflow/duty/add/", "/admin/subsidies/programme/", USERS},
    SECURITY: {f"{USERS}add/", USERS},
    AUDIT: {"/admin/accounts/signin/", "/admin/admin/logentry/", "/admin/accounts/sensitiveview/", USERS},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_opens_their_own_pages_and_no_others(role):
    client = browser(role)
    pages = set().union(*MAY_OPEN.values())

    opened = {page for page in pages if client.get(page).status_code == 200}

    assert opened == MAY_OPEN[role]


@pytest.mark.parametrize("page", ["signin", "sensitiveview"])
def test_logs_are_changed_by_nobody(admin_client, page):
    assert admin_client.get(f"/admin/accounts/{page}/add/").status_code == 403


def test_secrets_of_second_factors_are_no_page_of_the_administration(admin_client):
    assert admin_client.get("/admin/mfa/authenticator/").status_code == 404
    assert admin_client.get("/admin/usersessions/usersession/").status_code == 404


@pytest.mark.parametrize(
    ("groups", "root", "two"),
    [
        ([], False, False),
        ([SYSTEM], False, False),
        ([SYSTEM, AUDIT], False, True),
        ([SECURITY], True, True),
        (["别的组"], True, False),
    ],
)
def test_one_person_holds_one_of_the_three(groups, root, two):
    assert holds_two(groups, is_superuser=root) is two


def test_form_refuses_two_roles(admin_client, officer):
    groups = [str(Group.objects.get(name=role).pk) for role in (SYSTEM, AUDIT)]
    form = {"name": "甲", "is_active": "on", "is_staff": "on", "groups": groups} | inlines()

    response = admin_client.post(f"{USERS}{officer.pk}/change/", form)

    assert "由三人分别担任" in response.text
    assert officer.groups.count() == 0


def test_security_administrator_makes_nobody_an_administrator(officer):
    groups = [str(Group.objects.get(name=SYSTEM).pk)]
    form = {"name": "改名", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": groups} | inlines()

    browser(SECURITY).post(f"{USERS}{officer.pk}/change/", form)

    officer.refresh_from_db()
    assert officer.name == "改名"
    assert (officer.is_staff, officer.is_superuser, officer.groups.count()) == (False, False, 0)


@pytest.mark.parametrize("what", ["self", "root", "other"])
def test_administrators_are_not_changed_by_one_of_the_three(what):
    me = administrator(SECURITY)
    user = {"self": me, "root": UserFactory(administrator=True), "other": administrator(AUDIT)}[what]
    client = Client()
    client.force_login(me)

    assert client.post(f"{USERS}{user.pk}/change/", {"name": "改名"} | inlines()).status_code == 403
    assert client.post(f"{USERS}{user.pk}/security/", {"what": "password"}).status_code == 403
    assert client.get(f"{USERS}{user.pk}/password/").status_code == 403


def press(client: Client, user: User, what: str) -> Any:
    return client.post(reverse("admin:accounts_user_security", args=[user.pk]), {"what": what})


@pytest.mark.parametrize("role", [SYSTEM, AUDIT])
def test_others_press_none_of_the_buttons(role, officer):
    assert press(browser(role), officer, "password").status_code == 403


def test_initial_password_is_shown_once_and_changed_first(client, officer):
    page = press(browser(SECURITY), officer, "password")

    password = re.search(r"<code>(.+)</code>", page.text)[1]
    assert re.fullmatch(r"[A-Z]{4}-\d{4}-[a-z]{4}", password)
    assert sign_in(client, officer, password=password).url == "/account/password/"


def test_initial_password_ends_the_open_sign_ins(client, officer):
    sign_in(client, officer)

    press(browser(SECURITY), officer, "password")

    assert client.get("/home/").url == "/sign-in/?next=/home/"


def test_password_that_an_administrator_types_is_an_initial_one(client, officer):
    form = {"password1": "Typed-2026", "password2": "Typed-2026", "usable_password": "true"}

    browser(SECURITY).post(f"{USERS}{officer.pk}/password/", form)

    assert sign_in(client, officer, password="Typed-2026").url == "/account/password/"


def test_reset_second_factor_is_gone_and_its_sessions_too(client, officer):
    secret = add_app(officer)
    sign_in(client, officer)
    client.post(SECOND, {"code": code(secret)})

    press(browser(SECURITY), officer, "second_factor")

    assert not has_second_factor(User.objects.get(pk=officer.pk))
    assert client.get("/home/").url == "/sign-in/?next=/home/"


def test_lifted_lock_lets_in(client, officer):
    for _try in range(5):
        sign_in(client, officer, password="Wrong-2026")

    press(browser(SECURITY), officer, "unlock")

    assert sign_in(client, officer).status_code == 302


@pytest.mark.parametrize("what", ["password", "second_factor", "unlock", "sessions"])
def test_every_button_is_logged(officer, what):
    me = administrator(SECURITY)
    client = Client()
    client.force_login(me)

    press(client, officer, what)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (me, str(officer.pk))


def test_unknown_button_does_nothing(officer):
    assert press(browser(SECURITY), officer, "other").status_code == 403
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE django_admin_log SET change_message = ''", "DELETE FROM django_admin_log"]
)
def test_log_of_the_administration_is_append_only(officer, statement):
    press(browser(SECURITY), officer, "unlock")

    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_duty_is_given_by_the_system_administrator(officer):
    office = OfficeFactory(kind="city_fin")
    form = {"user": officer.pk, "organisation": office.pk, "role": "handler", "starts_on": "2026-01-01"}

    assert browser(SECURITY).post("/admin/workflow/duty/add/", form).status_code == 403
    assert browser(SYSTEM).post("/admin/workflow/duty/add/", form).status_code == 302
    assert officer.duties.filter(organisation=office).exists()
