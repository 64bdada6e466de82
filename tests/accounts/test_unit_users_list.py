"""The list of a unit's users: its pages, and the invitations that nobody has used in time."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import AccountEvent, Identifier, User
from accounts.services import expire_registrations
from tests.accounts.factories import UserFactory
from tests.accounts.managing import add_colleague, handler_of, hold, make_unit, signed_in
from tests.accounts.test_unit_users_manage import choose_password
from workflow import clock
from workflow.enums import Role
from workflow.keyset import PAGE_SIZE
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db

LATE = timedelta(days=settings.REGISTRATION_EXPIRES_DAYS, minutes=1)
EXPIRED = "已停用：链接逾期未使用"


@pytest.fixture
def unit() -> Organisation:
    return make_unit()


@pytest.fixture
def manager(unit: Organisation) -> User:
    return handler_of(unit)


@pytest.fixture
def client(manager: User) -> Client:
    return signed_in(manager)


def is_open(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_list_has_pages(client: Client, unit: Organisation, manager: User) -> None:
    users = UserFactory.create_batch(PAGE_SIZE + 1, unit=True, texts=False, password="!")
    Duty.objects.bulk_create(
        Duty(user=user, organisation=unit, role=Role.HANDLER, starts_on="2020-01-01") for user in users
    )

    first = client.get("/unit/users/")
    second = client.get("/unit/users/" + re.findall(r'rel="next" href="([^"]+)"', first.text)[0])

    shown = [[line["user"].pk for line in page.context["lines"]] for page in (first, second)]
    assert [len(pks) for pks in shown] == [PAGE_SIZE, 2]
    assert shown[0] + shown[1] == [manager.pk, *(user.pk for user in users)]


def test_invitation_that_nobody_uses_gives_its_numbers_back(client: Client, unit: Organisation, manager: User) -> None:
    user = add_colleague(client)

    with time_machine.travel(clock.machine_now() + LATE):
        assert expire_registrations() == 1
        client.force_login(manager)
        page = client.get("/unit/users/").text

    assert not is_open(user)
    assert not Identifier.objects.filter(user=user).exists()
    assert EXPIRED in page
    assert (AccountEvent.objects.of(user.pk)[0].by, AccountEvent.objects.of(user.pk)[0].organisation) == (None, unit)


def test_unit_starts_it_again_and_the_time_begins_anew(client: Client, manager: User) -> None:
    user = add_colleague(client)
    with time_machine.travel(clock.machine_now() + LATE):
        expire_registrations()
        client.force_login(manager)

        assert client.post(f"/unit/users/{user.pk}/start/").status_code == 302

        assert (expire_registrations(), is_open(user)) == (0, True)
        assert EXPIRED not in client.get("/unit/users/").text


def test_new_link_begins_the_time_anew(client: Client, manager: User) -> None:
    user = add_colleague(client)
    with time_machine.travel(clock.machine_now() + LATE - timedelta(days=1)):
        client.force_login(manager)
        client.post(f"/unit/users/{user.pk}/password/")

    with time_machine.travel(clock.machine_now() + LATE):
        assert (expire_registrations(), is_open(user)) == (0, True)


def test_whoever_was_there_stays(client: Client) -> None:
    user = add_colleague(client)
    choose_password(user)

    with time_machine.travel(clock.machine_now() + LATE):
        assert (expire_registrations(), is_open(user)) == (0, True)


def test_numbers_that_somebody_has_taken_meanwhile_keep_it_stopped(client: Client, manager: User) -> None:
    user = add_colleague(client)
    with time_machine.travel(clock.machine_now() + LATE):
        expire_registrations()
        hold(UserFactory(), phone=user.phone)
        client.force_login(manager)

        response = client.post(f"/unit/users/{user.pk}/start/")

    assert response.status_code == 409
    assert not is_open(user)


def test_only_administrator_stays_though_the_link_was_not_used(client: Client, manager: User) -> None:
    user = add_colleague(client, roles=["manager"])
    Duty.objects.filter(user=manager, role=Role.MANAGER).delete()

    with time_machine.travel(clock.machine_now() + LATE):
        assert (expire_registrations(), is_open(user)) == (0, True)
