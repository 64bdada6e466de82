"""Two administrators of a unit at the same moment, on a real PostgreSQL."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.grants import granted_keys
from accounts.models import DataRequest, User
from accounts.services.counter_openings import change_grants
from accounts.services.data_requests import answer, ask
from accounts.services.unit_users import ManageRefused, UserFacts, change_unit_user, open_unit_user, stop_unit_user
from tests.accounts.counters import RENT, make_counter, opened
from tests.accounts.factories import UserFactory, id_number, phone_number
from tests.accounts.managing import add_manager, as_manager, handler_of, make_unit
from tests.workflow.test_act_races import run_until_blocked
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role
from workflow.models import Duty, Organisation
from workflow.services import Refused

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


def test_colleague_who_is_set_up_while_the_grants_change_is_not_passed_over() -> None:
    """Control: without the employer's lock the counter does not wait, and the colleague keeps the old grants."""
    counter = make_counter()
    opening = opened(counter, items=(RENT, "person_registration"))
    manager = User.objects.get(pk=opening.user_id)
    facts = UserFacts("赵同事", [Role.HANDLER], phone_number(700), "", id_number(700, "19900101"))

    with transaction.atomic():
        user = open_unit_user(facts, username="colleague", by=as_manager(manager), link_of=str)
        thread = run_until_blocked(lambda: change_grants(opening, counter.actor, items=[RENT], valid_until=None))
    thread.join(timeout=30)

    assert granted_keys(manager) == granted_keys(user) == [RENT]


@pytest.mark.parametrize("first", [0, 1])
def test_two_administrators_who_have_their_accounts_erased_leave_one(first: int) -> None:
    unit = make_unit()
    pair = [handler_of(unit), add_manager(unit)]
    officer = UserFactory(administrator=True)
    requests = [ask(user, kind="deletion", wish="不再使用", token=uuid.uuid4()) for user in pair]
    refused: list[Refused] = []

    def grant(request: DataRequest) -> None:
        try:
            answer(request, by=officer, granted=True, words="依据第四十七条")
        except Refused as error:
            refused.append(error)

    with transaction.atomic():
        grant(requests[first])
        thread = run_until_blocked(lambda: grant(requests[1 - first]))
    thread.join(timeout=30)

    assert (len(refused), managers(unit)) == (1, 1)
