"""Random walks of everybody over many cases; after every step product, model and database agree.

`make test` walks a little; TONGBAN_FIRE=long walks far (TONGBAN_FIRE_EXAMPLES walks, 1000 unless it says otherwise),
each time others, beginning on another day. A failing walk is printed as the rules that lead there.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from time_machine import TimeMachineFixture

from tests.fire import double
from tests.fire.double import Double
from tests.fire.judge import Tally
from tests.fire.machine import machine_from, walk_apart
from tests.fire.model import Hand
from tests.fire.scale import LONG, examples
from workflow import authority, registry
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act, Case
from workflow.services import Seen, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

PAPERS = 8
# Walks that begin here come into the next month, in which other months are over.
FIRST_DAY = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOW = (
    "random legal and illegal moves of all roles over many cases, batches and notices, compared after every step with "
    "a reference model. Control: one guard taken away at a time, which the walks must find"
)


@pytest.fixture
def start(time_machine: TimeMachineFixture) -> Double:
    day = FIRST_DAY + timedelta(days=secrets.randbelow(365) if LONG else 0)
    print(f"The walks begin on {day:%Y-%m-%d}.")
    return begin(time_machine, day)


def begin(time_machine: TimeMachineFixture, day: datetime) -> Double:
    time_machine.move_to(day)
    begun = Double(PAPERS)
    walk_apart(begun)
    begun.compare()
    begun.prove()
    begun.tally.clear()
    return begun


def walk(start: Double, *, walks: int, steps: int, shrink: bool = True) -> None:
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    run_state_machine_as_test(
        machine_from(start),
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not LONG,
            database=None,
            phases=phases,
            print_blob=True,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_walks_keep_every_rule(start: Double) -> None:
    try:
        walk(start, walks=examples(4, 1000), steps=40 if LONG else 30)
    finally:
        Tally("random_walks", HOW, trials=len(start.ends), failures=start.ends.count(False)).record()

    print(sorted(start.tally.items()))
    # A walk on which nothing happens would keep every rule too.
    assert start.tally["approve", True] > 10
    assert start.tally["approve", False] > 10
    if LONG:
        assert {what for what, _done in start.tally} >= {"object", "decide", "bounced", "correct", "pay again", "due"}


def test_months_that_insurance_does_not_cover_are_not_paid_when_the_month_changes(
    time_machine: TimeMachineFixture,
) -> None:
    """Filed in November for May to October, of which insurance covers all but one; in December all but two."""
    start = begin(time_machine, FIRST_DAY)
    first, second, filed = sorted(start.model.papers)[:3]

    before = Case.objects.get(pk=filed).amount
    start.wait(5)
    start.submit(second, Hand(start.model.papers[second].applicant), "long")

    assert (before, Case.objects.get(pk=second).amount) == (5000, 4000)
    start.compare()
    start.prove()
    # The same person holds these months now.
    assert not start.submit(first, Hand(start.model.papers[first].applicant), "late")


# What the walks must find: the product with one guard taken away.


def _nobody_is_barred(patch: pytest.MonkeyPatch) -> None:
    holds = authority._holds

    def forget(case: Case, actor: Actor) -> bool:
        case.barred_users = frozenset()
        return holds(case, actor)

    patch.setattr(authority, "_holds", forget)


def _own_cases_are_decided(patch: pytest.MonkeyPatch) -> None:
    holds = authority._holds

    def forgive(case: Case, actor: Actor) -> bool:
        applicant, case.applicant_id = case.applicant_id, None
        try:
            return holds(case, actor)
        finally:
            case.applicant_id = applicant

    patch.setattr(authority, "_holds", forgive)


def _everything_is_taken_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(registry, "irreversible_effects", set())


def _months_are_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(registry.effects, "subsidies.release_months", lambda moves, context: None)


def _old_pages_count(patch: pytest.MonkeyPatch) -> None:
    def press(action: Action, seen: Sequence[Seen], actor: Actor, **options: Any) -> Act:
        now = dict(Case.objects.filter(pk__in=[row.pk for row in seen]).values_list("pk", "revision"))
        return perform(action, [Seen(row.pk, now[row.pk]) for row in seen], actor, **options)

    patch.setattr(double, "perform", press)


def _counters_are_not_written(patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
                "CREATE TRIGGER forget BEFORE INSERT OR UPDATE ON workflow_seatcounter "
                "FOR EACH ROW EXECUTE FUNCTION forget()"
            )
        else:
            for verb in ("INSERT", "UPDATE"):
                ignore = "BEGIN SELECT RAISE(IGNORE); END"
                cursor.execute(f"CREATE TRIGGER forget_{verb} BEFORE {verb} ON workflow_seatcounter {ignore}")


SOON_FOUND = [_nobody_is_barred, _everything_is_taken_back, _months_are_kept, _counters_are_not_written]
LATER_FOUND = [_own_cases_are_decided, _old_pages_count]


@pytest.mark.parametrize("take_away", [*SOON_FOUND, *(LATER_FOUND if LONG else [])])
def test_walks_find_a_guard_that_is_gone(
    start: Double, take_away: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_away(monkeypatch)

    try:
        with pytest.raises(AssertionError):
            walk(start, walks=100, steps=30, shrink=False)
    finally:
        Tally("random_walks", HOW, control_trials=1, harmed=start.ends.count(False)).record()
