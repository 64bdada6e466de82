"""Two accounts, one person or employer, the same moment: on a real PostgreSQL."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.enums import RealNameLevel
from accounts.models import Identifier, Person, StatedPerson, StatedUnit, User, Verification
from accounts.services.accounts import Taken
from accounts.services.real_name_requests import ask_counter
from accounts.services.recognition import recognise
from accounts.services.statements import PersonStatement, digest_of, state_person, stated_of
from accounts.verifiers import Claim, Verdict
from tests.accounts.factories import UnitFactory, UserFactory, credit_code, id_number
from tests.accounts.stating import PAGE, fresh, legal, natural, person_form, signed_in
from workflow.models import Duty, Organisation

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def together(*deeds: Callable[[], Any]) -> list[str]:
    """What each ended with; all start at one signal."""
    start, ends = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            deed()
            ends.append("done")
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(ends)


def recognised(user: User) -> Callable[[], None]:
    digest = digest_of(stated_of(user))
    return lambda: recognise(user, digest=digest, level=RealNameLevel.MIDDLE, verifier="demo")


@pytest.mark.parametrize("is_known", [False, True], ids=["a new person", "somebody who was here before"])
@pytest.mark.parametrize("round_", range(5))
def test_one_of_two_accounts_becomes_the_person(is_known: bool, round_: int) -> None:
    """Neither holds the number, so nothing but the recognition stands between them."""
    users = [natural(n, number=id_number(730), takes_number=False) for n in (730, 731)]
    if is_known:
        stated = StatedPerson.objects.get(user=users[0])
        # Both have the phone that is known of them: nothing else would let them be recognised by a register.
        User.objects.update(phone=stated.phone)
        Person.objects.create(
            number=stated.number, number_hash=stated.number_hash, name="旧名", phone_hash=stated.phone_hash,
            created_at=users[0].date_joined,
        )  # fmt: skip

    ends = together(*map(recognised, users))

    assert ends == [Taken.__name__, "done"]
    assert Person.objects.count() == 1
    assert User.objects.filter(person__isnull=False).count() == 1
    assert sorted(fresh(user).real_name_level for user in users) == [1, 2]
    assert Verification.objects.count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_one_of_two_accounts_that_state_a_number_holds_it(round_: int) -> None:
    users = [UserFactory(stated=True) for _n in range(2)]
    facts = PersonStatement("陈小河", "01", id_number(732), None, None, None, None, "1")

    ends = together(*(lambda user=user: state_person(user, facts) for user in users))

    assert ends == ["done", "done"]
    assert Identifier.objects.filter(kind="id_number").count() == 1
    assert StatedPerson.objects.count() == 2


@pytest.mark.parametrize("is_known", [False, True], ids=["a new employer", "one that expired"])
@pytest.mark.parametrize("round_", range(5))
def test_one_of_two_accounts_acts_for_the_employer(is_known: bool, round_: int) -> None:
    users = [legal(830), legal(831)]
    StatedUnit.objects.update(uscc=credit_code(830), name="沧州同名有限公司")
    if is_known:
        UnitFactory(code=credit_code(830), inactive=True, handler=False)

    ends = together(*map(recognised, users))

    assert ends == [Taken.__name__, "done"]
    assert Organisation.objects.units().count() == 1
    assert Duty.objects.filter(user__in=users).values("user").distinct().count() == 1
    assert sorted(fresh(user).real_name_level for user in users) == [1, 2]


def test_parallel_presses_of_one_form_ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Counting:
        key, label, notice = "demo", "", ""

        def takes(self, claim: Claim) -> bool:
            return True

        def check(self, claim: Claim) -> Verdict:
            asked.append(connection.settings_dict["NAME"])
            # No transaction waits for the answer.
            assert not connection.in_atomic_block
            return Verdict(agrees=True)

    monkeypatch.setattr("accounts.services.verifying.verifier", Counting)
    user, form = natural(733), person_form()
    clients = [signed_in(user) for _n in range(5)]

    ends = together(*(lambda client=client: client.post(PAGE, form) for client in clients))

    assert ends == ["done"] * 5
    assert (len(asked), fresh(user).real_name_level, Verification.objects.count()) == (1, 2, 1)


def test_parallel_requests_for_a_counter_share_one_number() -> None:
    user = natural(734)
    numbers: list[str] = []

    ends = together(*(lambda: numbers.append(ask_counter(user).number) for _n in range(5)))

    assert ends == ["done"] * 5
    assert len(set(numbers)) == 1
