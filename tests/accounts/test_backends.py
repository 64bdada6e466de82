"""The account behind a session: what the ORM would read of it, without being composed for each page."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.backends import ACCOUNTS, AccountBackend
from accounts.models import Notification, User
from tests.accounts.factories import OfficerFactory
from workflow import clock

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_an_account_is_read_whole_with_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    others, user = [OfficerFactory(phone="13900000001")], OfficerFactory(phone="13900000002")
    for recipient in (*others, user, user):
        Notification.objects.create(recipient=recipient, title="待办", body="您有新的待办", created_at=clock.now())
    AccountBackend().get_user(others[0].pk)

    with django_assert_num_queries(1):
        found = AccountBackend().get_user(user.pk)
        phone = found.phone if found is not None else ""

    expected = ACCOUNTS.get(pk=user.pk)
    assert found == user
    assert phone == "13900000002"
    names = [field.attname for field in User._meta.concrete_fields] + ["unread"]
    assert [getattr(found, name) for name in names] == [getattr(expected, name) for name in names]
    assert getattr(found, "unread", None) == 2


def test_no_account_and_a_closed_one_are_nobody() -> None:
    closed = OfficerFactory(is_active=False)

    assert [AccountBackend().get_user(pk) for pk in (closed.pk, 0)] == [None, None]
