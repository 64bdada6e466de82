"""Who may give which duty to whom in the administration."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.administrators import AUDIT, SECURITY, SYSTEM
from accounts.models import User
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory, UserFactory
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db

DUTIES = "/admin/workflow/duty/"


def administrator(role: str) -> User:
    user = UserFactory(officer=True, is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    return user


def duty(user: User, office: Organisation | None = None) -> dict[str, Any]:
    office = office or OfficeFactory(kind="city_fin")
    return {"user": user.pk, "organisation": office.pk, "role": "handler", "starts_on": "2026-01-01"}


@pytest.fixture
def giver(client: Client) -> User:
    user = administrator(SYSTEM)
    client.force_login(user)
    return user


def test_nobody_gives_a_duty_to_oneself(client: Client, giver: User) -> None:
    response = client.post(f"{DUTIES}add/", duty(giver))

    assert list(response.context["adminform"].form.errors) == ["user"]
    assert not giver.duties.exists()


@pytest.mark.parametrize("role", [SYSTEM, SECURITY, AUDIT])
def test_administrators_get_no_duty_from_a_fellow(client: Client, giver: User, role: str) -> None:
    fellow = administrator(role)
    fellow.is_staff = False
    fellow.save()

    response = client.post(f"{DUTIES}add/", duty(fellow))

    assert list(response.context["adminform"].form.errors) == ["user"]
    assert not fellow.duties.exists()


def test_duty_of_somebody_else_does_not_become_one_s_own(client: Client, giver: User) -> None:
    row = OfficerFactory().duties.get()

    response = client.post(f"{DUTIES}{row.pk}/change/", duty(giver, row.organisation))

    assert list(response.context["adminform"].form.errors) == ["user"]
    assert not giver.duties.exists()


@pytest.mark.parametrize("whose", ["own", "fellow"])
def test_duties_of_administrators_are_not_changed(client: Client, giver: User, whose: str) -> None:
    user = giver if whose == "own" else administrator(AUDIT)
    row = Duty.objects.create(
        user=user, organisation=OfficeFactory(), role="handler", starts_on="2020-01-01", ends_on="2020-12-31"
    )

    assert client.post(f"{DUTIES}{row.pk}/change/", duty(user) | {"ends_on": "2030-01-01"}).status_code == 403
    assert client.get(f"{DUTIES}{row.pk}/change/").status_code == 200


def test_whoever_set_the_portal_up_may(admin_client: Client) -> None:
    user = administrator(AUDIT)

    assert admin_client.post(f"{DUTIES}add/", duty(user)).status_code == 302
    assert user.duties.exists()


@pytest.mark.parametrize("kind", ["person", "unit"])
def test_only_officers_act_for_an_office(client: Client, giver: User, kind: str) -> None:
    user = PersonFactory().users.get() if kind == "person" else UserFactory(unit=True)

    refused = client.post(f"{DUTIES}add/", duty(user))
    taken = client.post(f"{DUTIES}add/", duty(user, UnitFactory()))

    assert refused.context["adminform"].form.errors == {
        "organisation": ["只有工作人员账号才能担任机关岗位，该账号不是工作人员账号。"]
    }
    assert taken.status_code == 302


def test_rows_below_an_account_follow_the_same_rule(admin_client: Client) -> None:
    user, office = UserFactory(unit=True), OfficeFactory()
    form = {
        "name": "甲",
        "is_active": "on",
        "duties-TOTAL_FORMS": "1",
        "duties-INITIAL_FORMS": "0",
        "duties-0-user": str(user.pk),
        "duties-0-organisation": str(office.pk),
        "duties-0-role": "handler",
        "duties-0-starts_on": "2026-01-01",
        "consents-TOTAL_FORMS": "0",
        "consents-INITIAL_FORMS": "0",
    }

    response = admin_client.post(f"/admin/accounts/user/{user.pk}/change/", form)

    assert response.status_code == 200
    assert not user.duties.exists()
