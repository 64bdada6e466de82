"""The administrators of a unit: one always stays, and whoever stands in for one is none."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.accounts.managing import add_manager, handler_of, make_unit, signed_in
from workflow import clock
from workflow.enums import Role
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db


def roles(user: User) -> set[str]:
    return set(Duty.objects.on(clock.today()).filter(user=user).values_list("role", flat=True))


def test_last_administrator_can_neither_be_stopped_nor_demoted():
    unit = make_unit()
    manager = handler_of(unit)
    client = signed_in(manager)

    stopped = client.post(f"/unit/users/{manager.pk}/stop/")
    demoted = client.post(f"/unit/users/{manager.pk}/", {"name": "王人事", "roles": ["handler"]})

    assert stopped.status_code == 409
    assert "__all__" in demoted.context["form"].errors
    assert (User.objects.get(pk=manager.pk).is_active, roles(manager)) == (True, {Role.HANDLER, Role.MANAGER})


def test_stopped_administrator_does_not_count_as_another_one():
    unit = make_unit()
    manager, other = handler_of(unit), add_manager(unit)
    client = signed_in(manager)
    client.post(f"/unit/users/{other.pk}/stop/")

    response = client.post(f"/unit/users/{manager.pk}/", {"name": "王人事", "roles": ["handler"]})

    assert "__all__" in response.context["form"].errors


def stand_in_of(manager: User, unit: Organisation, since: date | None = None) -> User:
    stand_in: User = UserFactory(unit=True)
    Duty.objects.create(
        user=stand_in,
        organisation=unit,
        role=Role.MANAGER,
        starts_on=since or clock.today(),
        ends_on=clock.today(),
        stands_in_for=manager,
        reason="休假",
    )
    return stand_in


def test_stand_in_of_the_administrator_is_no_other_one():
    unit = make_unit()
    manager = handler_of(unit)
    client = signed_in(stand_in_of(manager, unit))
    assert client.get("/unit/users/").status_code == 200

    response = client.post(f"/unit/users/{manager.pk}/stop/")

    assert response.status_code == 409
    assert User.objects.get(pk=manager.pk).is_active


@pytest.mark.parametrize("role", ["manager", "handler"])
def test_stand_in_of_the_administrator_gives_himself_no_role(role):
    unit = make_unit()
    stand_in = stand_in_of(handler_of(unit), unit, date(2020, 1, 1))
    client = signed_in(stand_in)

    page = client.get(f"/unit/users/{stand_in.pk}/")
    response = client.post(f"/unit/users/{stand_in.pk}/", {"name": "孙代班", "roles": [role]})

    assert page.context["form"].initial["roles"] == []
    assert "您正在代理" in response.text
    assert stand_in.duties.get().stands_in_for == handler_of(unit)


def test_administrator_who_stands_in_elsewhere_gives_himself_a_role():
    unit = make_unit()
    manager = add_manager(unit)

    signed_in(manager).post(f"/unit/users/{manager.pk}/", {"name": "孙代班", "roles": ["manager", "handler"]})

    assert roles(manager) == {Role.MANAGER, Role.HANDLER}


def test_role_in_which_somebody_stands_in_since_today_is_refused_with_its_reason():
    unit = make_unit()
    manager = handler_of(unit)
    stand_in = stand_in_of(manager, unit)
    form = {"name": "孙代班", "roles": ["manager"]}

    refused = signed_in(manager).post(f"/unit/users/{stand_in.pk}/", form)

    assert "自今天起代理" in refused.text
    with time_machine.travel(clock.machine_now() + timedelta(days=1)):
        assert signed_in(manager).post(f"/unit/users/{stand_in.pk}/", form).status_code == 302


def test_demoted_administrator_keeps_the_work_and_loses_the_page():
    unit = make_unit()
    manager, other = handler_of(unit), add_manager(unit)

    signed_in(other).post(f"/unit/users/{manager.pk}/", {"name": "王人事", "roles": ["handler"]})

    client = signed_in(manager)
    assert roles(manager) == {Role.HANDLER}
    assert client.get("/unit/users/").status_code == 403
    assert client.get("/unit/accounts/").status_code == 200


def test_duty_that_ends_keeps_its_days():
    unit = make_unit()
    manager, other = handler_of(unit), add_manager(unit)

    signed_in(other).post(f"/unit/users/{manager.pk}/", {"name": "王人事", "roles": ["handler"]})

    ended = Duty.objects.get(user=manager, role=Role.MANAGER)
    assert ended.ends_on == clock.today() - timedelta(days=1)
