"""Two stages passed in one press: the counters are written once, in the order of their keys."""

import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.workflow.factories import DutyFactory, acting
from tests.workflow.test_act_races import run_until_blocked
from tests.workflow.toy import TOY, Town
from workflow.enums import Action, Role
from workflow.models import Act, Case, Duty, Selection
from workflow.services.counters import add_to_seats, recount
from workflow.services.selections import Decision, decide_chunk


def selected(case: Case, desk: Duty) -> Selection:
    return Selection.objects.create(
        user=desk.user,
        organisation=desk.organisation,
        case_type=TOY,
        stage="unit",
        as_of=timezone.now(),
        count=1,
        total=0,
        members=[[case.pk, case.revision]],
    )


def pass_along(selection: Selection, desk: Duty, token: uuid.UUID | None = None) -> Act:
    decision = Decision(Action.APPROVE, token or uuid.uuid4(), along="report")
    return decide_chunk(selection, 0, acting(desk), decision, {})


def test_two_stages_at_once_write_the_counters_in_one_statement_at_the_end(town: Town) -> None:
    selection = selected(town.at("unit"), town.unit)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        pass_along(selection, town.unit)

    statements = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    counting = [sql for sql in statements if "workflow_seatcounter" in sql]
    assert counting == statements[-1:]
    assert "ORDER BY 1, 2, 3, 4" in counting[0]
    assert recount() == []


def test_second_press_counts_nothing(town: Town) -> None:
    selection, token = selected(town.at("unit"), town.unit), uuid.uuid4()

    acts = [pass_along(selection, town.unit, token) for _press in range(2)]

    assert [act.done for act in acts] == [1, 1]
    assert recount() == []


def test_nothing_is_passed_along_where_nothing_moved(town: Town) -> None:
    case = town.at("unit")
    selection = selected(case, town.unit)
    town.move(case, Action.APPROVE)

    act = pass_along(selection, town.unit)

    assert (act.done, len(act.refused)) == (0, 1)
    assert not Act.objects.filter(stage="report").exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_passing_along_and_a_move_the_other_way_do_not_lock_each_other_out(town: Town) -> None:
    # Its key is behind the county's: counting after each act would take report, county against county, report.
    desk = DutyFactory(role=Role.HANDLER)
    case = town.submit(town.draft(unit=desk.organisation))
    other = town.submit(town.draft(unit=desk.organisation))
    pass_along(selected(other, desk), desk)
    selection, acts = selected(case, desk), list[Act]()
    county = (town.county.organisation_id, TOY, "county", Case.objects.get(pk=other.pk).due_on)
    report = (desk.organisation_id, TOY, "report", case.due_on)
    assert county[0] < report[0]

    with transaction.atomic():
        add_to_seats({county: 1})
        thread: threading.Thread = run_until_blocked(lambda: acts.append(pass_along(selection, desk)))
        add_to_seats({report: 1})
        add_to_seats({county: -1, report: -1})
    thread.join(timeout=30)

    assert [act.done for act in acts] == [1]
    assert recount() == []
