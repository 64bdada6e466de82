"""What stands in the rows of 账号管理."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.accounts.managing import handler_of, make_unit, signed_in
from workflow.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Organisation:
    return make_unit()


@pytest.fixture
def client(unit: Organisation) -> Client:
    return signed_in(handler_of(unit))


@pytest.fixture
def user(unit: Organisation) -> User:
    found: User = PersonFactory(unit=unit).users.get()
    return found


def links(client: Client, user: User) -> set[str]:
    page = client.get("/unit/accounts/").text
    names = ("edit", "close", "password", "reopen")
    return {name for name in names if f'href="/unit/accounts/{user.pk}/{name}/"' in page}


def test_row_of_an_account_in_use_offers_what_the_manual_names(client: Client, user: User) -> None:
    assert links(client, user) == {"edit", "close", "password"}


def test_row_of_an_account_closed_by_the_employer_offers_to_cancel_that(client: Client, user: User) -> None:
    client.post(f"/unit/accounts/{user.pk}/close/", {"reason": "已离职"})

    assert links(client, user) == {"reopen"}


def test_row_of_an_account_closed_by_others_offers_nothing(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert links(client, user) == set()


def test_heading_is_not_that_of_the_own_account(client: Client) -> None:
    assert "本单位个人账号</small></h1>" in client.get("/unit/accounts/").text


def test_administration_leads_to_the_data_of_the_employer_beside_its_users(client: Client) -> None:
    assert "单位信息维护" in client.get("/unit/accounts/").text


def test_handlers_who_keep_no_users_have_no_administration() -> None:
    page = signed_in(handler_of(UnitFactory())).get("/unit/accounts/").text

    assert "单位信息管理" in page
    assert "单位信息维护" not in page
