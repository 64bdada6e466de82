"""Open sessions of those who may no longer, and every path past the second factor."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts import second_factor
from accounts.administrators import AUDIT, SECURITY, SYSTEM
from accounts.enums import CodePurpose
from accounts.models import User
from accounts.services import change_password
from tests.accounts.factories import PASSWORD, OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import proved
from tests.accounts.signing import SECOND, add_app, sign_in
from tests.subsidies.walking import application_at
from workflow import clock
from workflow.models import Case, Duty, Organisation

pytestmark = pytest.mark.django_db

QUEUE = "/queue/graduate_rent/unit/"
Change = Callable[[User], object]


def duty_over(user: User) -> None:
    user.duties.update(ends_on=clock.today() - timedelta(days=1))


def duty_gone(user: User) -> None:
    user.duties.all().delete()


def duty_elsewhere(user: User) -> None:
    user.duties.update(organisation=UnitFactory())


def unit_closed(user: User) -> None:
    Organisation.objects.filter(duties__user=user).update(active=False)


def approval_gone(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_approved=False)


def stopped(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def new_password(user: User) -> None:
    change_password(user, password="Another-2026")


def deleted_password(user: User) -> None:
    user.set_unusable_password()
    user.save()


@pytest.mark.parametrize(
    ("change", "status", "led"),
    [
        (duty_over, 403, ""),
        (duty_gone, 403, ""),
        (unit_closed, 403, ""),
        (approval_gone, 403, ""),
        (stopped, 302, f"/sign-in/?next={QUEUE}"),
        (new_password, 302, f"/sign-in/?next={QUEUE}"),
        (deleted_password, 302, f"/sign-in/?next={QUEUE}"),
        (add_app, 302, SECOND),
    ],
)
def test_open_session_ends_or_loses_its_rights_at_its_next_page(
    client: Client, change: Change, status: int, led: str
) -> None:
    user = UnitFactory().duties.get().user
    client.force_login(user)
    assert client.get(QUEUE).status_code == 200

    change(user)
    response = client.get(QUEUE)

    assert (response.status_code, getattr(response, "url", "")) == (status, led)


def test_duty_at_another_unit_shows_that_one_s_cases_alone(client: Client) -> None:
    case = application_at("unit").case
    unit = case.unit
    assert unit is not None
    user = unit.duties.get().user
    client.force_login(user)
    address = reverse("workflow:case", args=[case.pk])
    assert client.get(address).status_code == 200

    duty_elsewhere(user)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("change", [duty_over, duty_gone, unit_closed, stopped, new_password, approval_gone])
def test_open_page_of_a_case_decides_nothing_any_more(client: Client, change: Change) -> None:
    case = application_at("unit").case
    assert case.unit is not None
    user = case.unit.duties.get().user
    client.force_login(user)
    client.get(reverse("workflow:case", args=[case.pk]))

    change(user)
    data = {"token": "5f0c8f0e-0000-4000-8000-000000000001", "revision": case.revision}
    client.post(reverse("workflow:decide", args=[case.pk, "approve"]), data)

    assert Case.objects.get(pk=case.pk).stage == "unit"


LISTS = {SYSTEM: "/admin/workflow/organisation/", SECURITY: "/admin/accounts/user/", AUDIT: "/admin/accounts/signin/"}


@pytest.mark.parametrize("role", LISTS)
@pytest.mark.parametrize("change", ["group", "staff", "stopped"])
def test_demoted_administrator_is_out_at_the_next_page(client: Client, role: str, change: str) -> None:
    admin = UserFactory(officer=True, is_staff=True)
    group = Group.objects.get(name=role)
    admin.groups.add(group)
    client.force_login(admin)
    assert client.get(LISTS[role]).status_code == 200

    if change == "group":
        admin.groups.remove(group)
    else:
        User.objects.filter(pk=admin.pk).update(**{{"staff": "is_staff", "stopped": "is_active"}[change]: False})

    assert client.get(LISTS[role]).status_code in (302, 403)


def test_stand_in_is_out_when_the_absence_is_over(client: Client) -> None:
    absent, stand_in = OfficerFactory(), UserFactory(officer=True)
    office = absent.duties.get().organisation
    Duty.objects.create(
        user=stand_in, organisation=office, starts_on=clock.today(), ends_on=clock.today(), stands_in_for=absent,
        reason="出差",
    )  # fmt: skip
    client.force_login(stand_in)
    assert client.get("/queue/graduate_rent/county_hr/").status_code == 200

    absent.duties.all().delete()

    assert client.get("/queue/graduate_rent/county_hr/").status_code == 403


def signed_out(client: Client) -> bool:
    return "_auth_user_id" not in client.session and client.get("/account/").status_code == 302


def by_password(client: Client, user: User) -> None:
    sign_in(client, user)


def by_password_at_a_wrong_entry_first(client: Client, user: User) -> None:
    sign_in(client, user, entry="unit")
    sign_in(client, user)


def by_text_message(client: Client, user: User) -> None:
    code = proved(client, user.phone, CodePurpose.SIGN_IN)
    client.post("/sign-in/person/sms/", {"phone": user.phone, "code": code})


def by_forgotten_password(client: Client, user: User) -> None:
    code = proved(client, user.phone, CodePurpose.RESET)
    form = {"kind": "person", "account": user.username, "name": user.name, "phone": user.phone, "code": code}
    assert client.post("/sign-in/forgotten/", form | dict.fromkeys(("password", "password_again"), "Bohai-2027")).url
    sign_in(client, user, password="Bohai-2027")


def by_a_session_of_before(client: Client, user: User) -> None:
    client.force_login(user)


def by_a_session_that_says_so_itself(client: Client, user: User) -> None:
    """The page is asked for with whatever a browser may send along."""
    sign_in(client, user)
    client.get(SECOND, {"second_factor": "1", "proved": "true"}, headers={"X-Second-Factor": "proved"})
    client.post(SECOND, {"code": "", "second_factor": "1"})


def by_setting_up_another(client: Client, user: User) -> None:
    sign_in(client, user)
    client.post("/account/security/second-factor/", {"code": "000000", "current": PASSWORD})


def by_removing_it(client: Client, user: User) -> None:
    sign_in(client, user)
    client.post("/account/security/second-factor/remove/", {"current": PASSWORD})


def by_the_administration(client: Client, user: User) -> None:
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD, "next": "/admin/"})


def by_the_last_change_of_the_password(client: Client, user: User) -> None:
    change_password(user, password=PASSWORD, initial=True)
    sign_in(client, user)
    data = {"current": PASSWORD, "password": "Another-2026", "password_again": "Another-2026"}
    client.post("/account/password/", data)


PATHS = [
    by_password, by_password_at_a_wrong_entry_first, by_text_message, by_forgotten_password, by_a_session_of_before,
    by_a_session_that_says_so_itself, by_setting_up_another, by_removing_it, by_the_administration,
    by_the_last_change_of_the_password,
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_past_the_second_factor(client: Client, path: Callable[[Client, User], None]) -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()
    add_app(user)

    path(client, user)

    assert client.get("/rent/mine/").status_code == 302
    assert signed_out(client)
    assert second_factor.has_second_factor(User.objects.get(pk=user.pk))


@pytest.mark.parametrize("path", [by_password, by_text_message, by_forgotten_password])
def test_same_paths_let_in_who_has_none(client: Client, path: Callable[[Client, User], None]) -> None:
    """The control."""
    path(client, PersonFactory(unit=UnitFactory()).users.get())

    assert client.get("/rent/mine/").status_code == 200
