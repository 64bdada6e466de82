"""Two administrators of a unit at the same moment, on a real PostgreSQL."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from accounts.services.unit_users import ManageRefused, UserFacts, change_unit_user, stop_unit_user
from tests.accounts.managing import add_manager, as_manager, handler_of, make_unit
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role
from workflow.models import Duty, Organisation

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def stop(user: User, by: Actor) -> User:
    return stop_unit_user(user, by=by)


def demote(user: User, by: Actor) -> User:
    return change_unit_user(user, UserFacts(name=user.name, roles=[Role.HANDLER]), by=by)


def managers(unit: Organisation) -> int:
    duties = Duty.objects.on(clock.today()).filter(organisation=unit, role=Role.MANAGER, user__is_active=True)
    return duties.values("user").distinct().count()


@pytest.mark.parametrize("deed", [stop, demote])
def test_two_administrators_who_put_each_other_out_leave_one(deed: Callable[[User, Actor], User]) -> None:
    unit = make_unit()
    pair = [handler_of(unit), add_manager(unit)]
    actors = [as_manager(user) for user in pair]
    barrier, done, refused = threading.Barrier(2), [], []

    def press(mine: int) -> None:
        barrier.wait()
        try:
            done.append(deed(pair[1 - mine], actors[mine]))
        except ManageRefused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[mine]) for mine in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert (len(done), len(refused), managers(unit)) == (1, 1, 1)
