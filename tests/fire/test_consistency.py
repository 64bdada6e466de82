"""check_consistency finds every planted fault, names its row, and finds nothing where nothing is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.fire.busy import make_busy
from tests.fire.card_plants import PLANTS, TOGETHER
from workflow.consistency.checks import Outcome, checks, run_checks
from workflow.models import Case
from workflow.services.verification import seal_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


class UndoError(Exception):
    """Leaves the savepoint of one planted fault."""


def failed() -> dict[str, Outcome]:
    return {outcome.check.key: outcome for outcome in run_checks() if outcome.faults}


def test_each_planted_fault_is_named_by_its_own_check(unlocked: None, subtests: pytest.Subtests) -> None:
    busy = make_busy()
    assert failed() == {}

    for key in PLANTS.keys() & checks.keys():
        with subtests.test(check=key):
            try:
                with transaction.atomic():
                    row = PLANTS[key](busy)
                    found = failed()
                    raise UndoError
            except UndoError:
                pass
            assert set(found) == TOGETHER.get(key, {key})
            assert any(row in fault.where for fault in found[key].faults), (row, found[key].faults)


def test_missing_trigger_is_named() -> None:
    busy = make_busy()
    assert failed() == {}

    table = PLANTS["record.triggers"](busy)

    assert [str(fault) for fault in failed()["record.triggers"].faults] == [f"{table}: tongban_workflow_seal_delete"]


@pytest.mark.services
def test_trigger_that_was_switched_off_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workflow_seal DISABLE TRIGGER tongban_workflow_seal_truncate")

    (outcome,) = run_checks(only=["record.triggers"])

    assert [str(fault) for fault in outcome.faults] == ["workflow_seal: tongban_workflow_seal_truncate"]


def test_every_check_has_its_planted_fault() -> None:
    assert set(PLANTS) == set(checks)


def test_healthy_database_with_seals_has_no_fault() -> None:
    make_busy()
    seal_day()

    assert failed() == {}


def test_demonstration_and_simulation_are_healthy() -> None:
    call_command("load_demo", stdout=StringIO())
    call_command("simulate", cases=8, stdout=StringIO())
    seal_day()

    assert Case.objects.count() > 60
    assert failed() == {}


def test_command_names_the_row_and_fails() -> None:
    busy = make_busy()
    Case.objects.filter(pk=busy.waiting.pk).update(head="0" * 64)
    output, errors = StringIO(), StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("check_consistency", stdout=output, stderr=errors)

    assert end.value.code == 1
    assert busy.waiting.number in errors.getvalue()
    assert output.getvalue().splitlines()[-1] == f"{len(checks)} checks, 1 failed: event.links"


def test_command_runs_some_checks_alone() -> None:
    output = StringIO()

    call_command("check_consistency", only=["seat.waiting", "case.place"], stdout=output)
    call_command("check_consistency", quick=True, stdout=output)

    quick = [key for key in checks if not checks[key].slow]
    assert "2 checks, 0 failed" in output.getvalue()
    assert f"{len(quick)} checks, 0 failed" in output.getvalue()
    with pytest.raises(CommandError, match="nonsense"):
        call_command("check_consistency", only=["nonsense"], stdout=output)


def test_only_the_first_rows_are_named(unlocked: None) -> None:
    make_busy()
    Case.objects.exclude(number="").update(head="")

    (outcome,) = run_checks(only=["event.links"], show=3)

    assert (len(outcome.faults), outcome.more) == (3, True)
