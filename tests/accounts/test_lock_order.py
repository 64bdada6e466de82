"""Changing the account beside a submission of the same person, on a real PostgreSQL: neither waits for ever."""

from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.models import Person, User
from accounts.services.accounts import update_account
from accounts.services.phones import change_phone
from tests.accounts.factories import PersonFactory
from tests.workflow.test_act_races import run_until_blocked
from workflow import clock
from workflow.models import Job

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def rename(user: User) -> User:
    return update_account(user, name="王晓雨", email="new@example.com")


def move_phone(user: User) -> User:
    return change_phone(user, "13900000777")


@pytest.mark.parametrize("change", [rename, move_phone])
def test_account_is_changed_beside_what_refers_to_it(change: Callable[[User], User]) -> None:
    user: User = PersonFactory().users.get()
    changed: list[User] = []

    # As a submission does: the person first, and the rows that name the account are checked at the commit.
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=user.person_id)
        Job.objects.create(asked_by=user, created_at=clock.now())
        thread = run_until_blocked(lambda: changed.append(change(user)))
    thread.join(timeout=30)

    assert changed == [user]
    assert Job.objects.filter(asked_by=user).exists()
