"""Changing the account beside a submission of the same person, on a real PostgreSQL: neither waits for ever."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, transaction

from accounts.enums import RealNameLevel
from accounts.models import Person, StatedPerson, User
from accounts.services import phones
from accounts.services.accounts import update_account
from accounts.services.lock_order import lock_account, lock_persons
from accounts.services.members import MemberFacts, change_member, look_at_member
from accounts.services.phones import change_phone
from accounts.services.recognition import recognise
from accounts.services.statements import digest_of, stated_of
from accounts.services.unit_changes import UnitIdentity, save_unit_change
from accounts.services.unit_transfers import save_transfer
from tests.accounts.factories import PersonFactory, id_number
from tests.accounts.managing import as_handler, make_unit
from tests.accounts.stating import natural
from tests.workflow.test_act_races import run_until_blocked
from workflow import clock
from workflow.models import Case, Job, Organisation

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


def in_the_old_order(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def beside_the_employer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The phone changes while the employer corrects the same person."""
    unit = make_unit()
    person = PersonFactory(unit=unit)
    user, by = person.users.get(), as_handler(unit)
    facts = MemberFacts(name="王晓雨", email="new@example.com", ethnic="01", political="13", household_id=None)
    ends: list[str] = []
    threads: list[threading.Thread] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            deed()
            ends.append("done")
        except OperationalError as error:
            ends.append("deadlock" if "deadlock" in str(error) else str(error))

    def then(**numbers: Any) -> dict[str, str]:
        if not threads:
            threads.append(run_until_blocked(lambda: run(lambda: change_member(user, facts, by=by))))
        return {}

    monkeypatch.setattr(phones, "find_taken", then)
    run(lambda: change_phone(user, "13900000777"))
    for thread in threads:
        thread.join(timeout=30)
    return sorted(ends)


def test_person_comes_before_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    assert beside_the_employer(monkeypatch) == ["done", "done"]


def test_control_account_before_the_person_is_a_deadlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phones, "lock_account", in_the_old_order)

    assert "deadlock" in beside_the_employer(monkeypatch)


def test_account_of_another_person_by_now_is_locked_with_that_one() -> None:
    """The form was opened before the registration was approved."""
    user: User = PersonFactory().users.get()
    stale = User.objects.get(pk=user.pk)
    stale.person = stale.person_id = None

    update_account(stale, name="王晓雨", email="new@example.com")

    assert Person.objects.get(pk=user.person_id).email == "new@example.com"


def recognise_known(user: User) -> Callable[[], object]:
    stated = StatedPerson.objects.get(user=user)
    person = Person.objects.create(
        number=stated.number, number_hash=stated.number_hash, name="旧名", created_at=clock.now()
    )
    User.objects.filter(pk=user.pk).update(person=person)
    digest = digest_of(stated_of(user))
    return lambda: recognise(user, digest=digest, level=RealNameLevel.MIDDLE, verifier="demo")


def test_recognition_waits_for_the_person_before_it_holds_the_account() -> None:
    user = natural(740, number=id_number(740))
    deed, done = recognise_known(user), []

    with transaction.atomic():
        lock_persons(Person.objects.filter(users=user).values_list("pk", flat=True))
        thread = run_until_blocked(lambda: done.append(deed()))
        lock_account(User.objects.get(pk=user.pk))
    thread.join(timeout=30)

    assert done == [None]
    assert User.objects.get(pk=user.pk).real_name_level == RealNameLevel.MIDDLE


def transfer() -> tuple[Case, Callable[[], object], Callable[[], object]]:
    person = PersonFactory(unit=make_unit())
    user, new = person.users.get(), make_unit()
    facts = {"unit": new, "hired_on": clock.today(), "token": uuid.uuid4()}
    case = save_transfer(user, **facts).case
    return case, lambda: lock_persons([person.pk]), lambda: save_transfer(user, **facts)


def unit_change() -> tuple[Case, Callable[[], object], Callable[[], object]]:
    unit = make_unit()
    by, region = as_handler(unit), unit.region_id
    facts = UnitIdentity(name="沧州新名有限公司", uscc=unit.code, region_id=region, supervisor=unit.parent)
    case = save_unit_change(facts, by=by, token=uuid.uuid4()).case
    locked = Organisation.objects.select_for_update(of=("self",), no_key=True)
    return case, lambda: locked.get(pk=unit.pk), lambda: save_unit_change(facts, by=by, token=uuid.uuid4())


def look() -> tuple[Case, Callable[[], object], Callable[[], object]]:
    unit = make_unit()
    person = PersonFactory(unit=unit)
    user, by = person.users.get(), as_handler(unit)
    case = save_transfer(user, unit=make_unit(), hired_on=clock.today(), token=uuid.uuid4()).case
    return case, lambda: lock_persons([person.pk]), lambda: look_at_member(user, "number", by=by, reason="核对")


@pytest.mark.parametrize("make", [transfer, unit_change, look])
def test_case_comes_before_whom_it_concerns(make: Callable[[], Any]) -> None:
    """As a decision: the case, then the person or employer."""
    case, lock_whom, deed = make()
    done: list[object] = []

    with transaction.atomic():
        list(Case.objects.locked([case.pk]))
        thread = run_until_blocked(lambda: done.append(deed()))
        lock_whom()
    thread.join(timeout=30)

    assert len(done) == 1
