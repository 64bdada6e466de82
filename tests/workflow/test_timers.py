"""What happens because time has passed: automatic stages, and nothing else."""

from datetime import timedelta

import pytest
import time_machine

from tests.workflow.board import Board
from tests.workflow.toy import Town
from workflow import clock, timers
from workflow.enums import Action, State
from workflow.models import Act, Case
from workflow.timers import move_due_cases, run_timers

MONDAY = "2026-11-16T10:00:00+08:00"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def test_person_who_confirms_nothing_is_confirmed_when_due(board: Board) -> None:
    _notice, (case,) = board.published()
    with time_machine.travel("2026-11-24T09:00:00+08:00", tick=False):
        move_due_cases()
        case = board.approve(Case.objects.get(pk=case.pk))
    assert case.stage == "person"
    due_on = case.due_on

    with time_machine.travel(f"{due_on}T23:00:00+08:00", tick=False):
        assert move_due_cases() == 0
    with time_machine.travel("2026-12-31T09:00:00+08:00", tick=False):
        assert move_due_cases() == 1

    event = Case.objects.get(pk=case.pk).events.last()
    assert (event.action, event.actor, event.organisation) == (Action.APPROVE, None, None)
    assert Case.objects.get(pk=case.pk).state == State.APPROVED


def test_overdue_case_of_an_office_waits_for_its_people(town: Town) -> None:
    case = town.at("county")

    with time_machine.travel("2027-03-01T09:00:00+08:00", tick=False):
        assert move_due_cases() == 0

    assert Case.objects.get(pk=case.pk).stage == "county"


def test_held_back_case_leaves_no_act_behind(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    _notice, (case,) = board.published()
    monkeypatch.setitem(timers.closed_gates.__globals__["registry"].gates, "workflow.notice_over", _closed)
    acts = Act.objects.count()

    with time_machine.travel("2026-12-31T09:00:00+08:00", tick=False):
        assert move_due_cases() == 0

    assert Act.objects.count() == acts
    assert Case.objects.get(pk=case.pk).stage == "publicity"


def _closed(cases):
    return {case.pk: "closed" for case in cases}


def test_many_due_cases_move_in_chunks(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "CHUNK", 2)
    board.published(5)

    with time_machine.travel("2026-11-24T09:00:00+08:00", tick=False):
        assert move_due_cases() == 5


def test_failing_timer_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError

    monkeypatch.setattr(timers, "_timers", [fail, lambda: 7])

    assert run_timers() == 7


def test_timer_that_may_rest_looks_again_while_it_finds_something(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [2, 0, 1, 0]
    looked: list[str] = []

    def look() -> int:
        looked.append(f"{clock.now():%H:%M}")
        return found.pop(0)

    monkeypatch.setattr(timers, "_timers", [])
    timers.register_timer(look, rest=timedelta(hours=1))

    with time_machine.travel(MONDAY, tick=False) as travel:
        for _round in range(8):
            run_timers()
            travel.shift(timedelta(minutes=20))

    # In vain at 02:20, so it rests an hour; at 03:20 it found something, so it looks again at once.
    assert looked == ["02:00", "02:20", "03:20", "03:40"]


def test_clock_that_was_moved_ahead_ends_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def look() -> int:
        looked.append(1)
        return 0

    monkeypatch.setattr(timers, "_timers", [])
    timers.register_timer(look, rest=timedelta(hours=1))
    run_timers()

    with clock.travelling(1):
        run_timers()

    assert len(looked) == 2
