"""What an office enters while it publishes: lengths, telephones and addresses, and how a bad one is mended."""

import pytest

from tests.workflow.board import Board
from workflow import clock
from workflow.forms import office_form
from workflow.office_forms import NoticeForm
from workflow.services.chains import copy_chain, publish_chain


@pytest.mark.parametrize(("days", "valid"), [(4, False), (5, True), (7, True), (8, False)])
def test_notice_lasts_five_to_seven_working_days(days: int, valid: bool) -> None:
    form = NoticeForm({"title": "公示", "working_days": days, "objection_days": 10, "phone": "0317-1234567"})

    assert form.is_valid() is valid


@pytest.mark.parametrize(
    ("phone", "valid"),
    [("abc", False), ("监督电话", False), ("12333", True), ("0317-2160000、2160001（工作日）", True)],
)
def test_supervision_telephone_can_be_dialled(phone: str, valid: bool) -> None:
    form = NoticeForm({"title": "公示", "working_days": 5, "objection_days": 10, "phone": phone})

    assert form.is_valid() is valid


def test_bad_length_and_address_of_a_notice_are_told_with_the_mend() -> None:
    form = NoticeForm({"title": "公示", "working_days": 4, "objection_days": 31, "phone": "12333", "email": "x"})

    assert form.errors["working_days"] == ["请填写 5 至 7 的整数"]
    assert form.errors["objection_days"] == ["请填写 1 至 30 的整数"]
    assert form.errors["email"] == ["请填写电子邮箱地址，如 name@example.com"]


def test_title_of_a_notice_names_month_and_service(board: Board) -> None:
    form = office_form(board.chain.stages.get(slug="publish"))

    assert form is not None
    today = clock.today()
    assert form["title"].value() == f"{today.year}年{today.month}月公示补助公示"


@pytest.mark.parametrize(("days", "begins"), [(3, 5), (6, 6), (15, 7)])
def test_length_of_a_notice_begins_as_long_as_the_chain_has_it(board: Board, days: int, begins: int) -> None:
    draft = copy_chain(board.chain)
    publish = draft.stages.get(slug="publish")
    draft.stages.filter(position=publish.position + 1).update(working_days=days)
    publish_chain(draft)

    form = office_form(publish)

    assert form is not None
    assert form["working_days"].value() == begins
