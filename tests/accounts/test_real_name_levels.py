"""实名等级: what moves it, that a record goes with every move, and what it costs."""

import random
import uuid
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import RealNameLevel, VerificationOutcome
from accounts.models import User, Verification
from accounts.services.real_name import CHANGE, REVIEW, drop_level, raise_level
from tests.accounts.factories import OfficerFactory, UnitFactory, UserFactory
from tests.accounts.filling import decide, register_person, register_unit, submit
from workflow.enums import Action

pytestmark = pytest.mark.django_db


def level_of(user: User) -> int:
    return User.objects.get(pk=user.pk).real_name_level


def checks_of(user: User) -> list[tuple[str, str, int]]:
    """(who, outcome, level) of every record, the oldest first."""
    rows = Verification.objects.filter(user=user).order_by("pk")
    return list(rows.values_list("verifier", "outcome", "level"))


@pytest.mark.parametrize("seed", range(12))
def test_level_is_what_the_records_say_whatever_happens(seed: int) -> None:
    """Any order of checks and changes: the level follows the records, a check never lowers, a change never raises."""
    chance = random.Random(seed)
    users = [UserFactory(stated=True) for _n in range(3)]
    expected = {user.pk: 1 for user in users}

    for _step in range(15):
        some = chance.sample(users, chance.randint(0, 3))
        if chance.random() < 0.5:
            level = chance.choice([RealNameLevel.MIDDLE, RealNameLevel.HIGH])
            moved = raise_level(some, level=level, verifier="demo")
            below = [user for user in some if expected[user.pk] < level]
            expected |= {user.pk: int(level) for user in below}
        else:
            moved = drop_level(some, reason="改名")
            below = [user for user in some if expected[user.pk] > 1]
            expected |= {user.pk: 1 for user in below}
        assert moved == len(below)

    for user in users:
        levels = [1, *(level for _who, _outcome, level in checks_of(user))]
        assert level_of(user) == expected[user.pk] == levels[-1]
        assert all(before != after for before, after in pairwise(levels))


def test_a_record_of_a_check_stays_as_it_is() -> None:
    user = UserFactory(stated=True)
    raise_level([user], level=RealNameLevel.MIDDLE, verifier="demo")

    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.update(level=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.all().delete()


def test_hundred_accounts_cost_as_many_statements_as_one() -> None:
    counts = []
    for many in (1, 40):
        users = [UserFactory(stated=True).pk for _n in range(many)]
        with CaptureQueriesContext(connection) as raised:
            raise_level(users, level=RealNameLevel.MIDDLE, verifier="demo")
        with CaptureQueriesContext(connection) as dropped:
            drop_level(users, reason="改名")
        counts.append((len(raised), len(dropped)))

    assert counts[0] == counts[1]
    assert Verification.objects.count() == 82


def test_approval_of_a_personal_registration_gives_the_middle_level(client: Client) -> None:
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    assert level_of(case.applicant) == 0

    decide(case, unit.duties.get().user)

    assert level_of(case.applicant) == 2
    record = Verification.objects.get(user=case.applicant)
    assert (record.verifier, record.outcome, record.level) == (REVIEW, VerificationOutcome.PASSED, 2)
    assert record.officer == unit.duties.get().user


def test_approval_of_an_employer_gives_the_middle_level_and_its_take_back_drops_it(client: Client) -> None:
    case = submit(client, register_unit(client))
    officer = OfficerFactory(office=case.supervisor)
    decide(case, officer)
    assert level_of(case.applicant) == 2

    decide(case, officer, Action.TAKE_BACK)

    assert level_of(case.applicant) == 1
    assert checks_of(case.applicant) == [(REVIEW, "passed", 2), (CHANGE, "dropped", 1)]


def test_approval_taken_back_from_a_person_drops_the_level(client: Client) -> None:
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, unit.duties.get().user)

    decide(case, unit.duties.get().user, Action.TAKE_BACK, token=uuid.uuid4())

    assert level_of(case.applicant) == 1
