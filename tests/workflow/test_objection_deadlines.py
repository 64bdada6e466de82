"""Until when an objection is decided: set with the notice, told to everybody, counted in working days."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from tests.workflow.board import Board
from tests.workflow.test_notices import MONDAY, client_of, decide, object_to
from workflow.models import Objection

pytestmark = pytest.mark.usefixtures("board")
IN_TEN_DAYS = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def texts_of_list(board: Board, objection: Objection) -> list[str]:
    """Day and working days left, as the office's list shows them."""
    page = client_of(board.town.county.user).get(reverse("workflow:objections"))
    (row,) = [row for row in page.context["objections"] if row.url.endswith(f"/{objection.pk}/")]
    assert all(f">{text}<" in page.text for text in (row.due, row.remaining.text) if text)
    return [row.due, row.remaining.text, row.remaining.tone]


@pytest.mark.parametrize(("days", "due_on"), [(1, date(2026, 11, 17)), (10, IN_TEN_DAYS), (5, date(2026, 11, 23))])
def test_day_follows_from_the_working_days_of_the_notice(board: Board, days: int, due_on: date) -> None:
    notice, (case,) = board.published(objection_days=days)

    assert object_to(notice, case).due_on == due_on


def test_day_counts_from_the_receipt(board: Board) -> None:
    notice, (case,) = board.published(objection_days=1)

    with time_machine.travel("2026-11-20T23:00:00+08:00", tick=False):
        objection = object_to(notice, case)

    assert objection.due_on == date(2026, 11, 23)


def test_public_reads_how_long_an_objection_takes_and_until_when_this_one(board: Board) -> None:
    notice, (case,) = board.published(objection_days=10)
    objection = object_to(notice, case)
    everybody = client_of(board.town.county.user)
    everybody.logout()

    listed = everybody.get(reverse("workflow:notice", args=[notice.pk]))
    received = everybody.get(reverse("workflow:objection_received", args=[objection.token]))

    assert "自收到异议之日起10个工作日内办结。" in listed.text
    assert "办结期限" in received.text
    assert IN_TEN_DAYS.isoformat() in received.text


@pytest.mark.parametrize(
    ("now", "left", "tone"),
    [(MONDAY, "10", ""), ("2026-11-27T09:00:00+08:00", "1", "soon"), ("2026-12-02T09:00:00+08:00", "逾期2", "late")],
)
def test_office_reads_how_many_working_days_are_left(board: Board, now: str, left: str, tone: str) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)

    with time_machine.travel(now, tick=False):
        assert texts_of_list(board, objection) == [IN_TEN_DAYS.isoformat(), left, tone]


def test_decided_objection_counts_no_more(board: Board) -> None:
    notice, (case,) = board.published()
    objection = decide(object_to(notice, case), board, upheld=False)

    with time_machine.travel("2026-12-02T09:00:00+08:00", tick=False):
        assert texts_of_list(board, objection) == [IN_TEN_DAYS.isoformat(), "", ""]


def test_objection_of_a_notice_without_such_a_time_has_no_day(board: Board) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)
    Objection.objects.update(due_on=None)

    assert texts_of_list(board, objection) == ["", "", ""]
    opened = client_of(board.town.county.user).get(reverse("workflow:objection", args=[objection.pk]))
    assert "办结期限" not in opened.text
