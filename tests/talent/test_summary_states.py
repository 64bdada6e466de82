"""Where a 汇总表 stands: beside each approved person, in the list, on its page, and in what the employer has to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from talent.models import SummaryBatch
from talent.services.summary import return_summary
from tests.talent.summaries import Firm, make_firm
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case

pytestmark = pytest.mark.django_db
VOID, OUTDATED = "已无适用人员，无需上传", "人员有变动，请重新导出"


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)  # type: ignore[arg-type]
    return client


def passed_on(firm: Firm) -> Any:
    return browser(firm.handler).get(reverse("workflow:queue", args=["bohai_card", "unit"]), {"tab": "approved"})


def notes(firm: Firm) -> dict[int, str]:
    """{case: what stands beneath its name}"""
    return {pk: str(note.text) for pk, note in passed_on(firm).context["page"].notes.items()}


def send_back(firm: Firm, case: Case, target: str = "person") -> Case:
    return firm.move(case, Action.SEND_BACK, firm.specialist, target=target)


def state_in_list(firm: Firm, batch: SummaryBatch) -> str:
    rows = browser(firm.handler).get(reverse("talent:summaries")).context["rows"]
    return next(str(row.state) for row in rows if row.number == batch.number)


def test_approved_person_stands_beside_the_number_of_the_table(firm: Firm) -> None:
    sealed, exported, alone = (firm.approved(name) for name in ("张三", "李四", "王五"))
    first, second = firm.sealed(sealed).batch, firm.table(exported)

    shown = notes(firm)

    assert shown == {
        sealed.pk: f"汇总表（已上传）\n{first.short_number}",
        exported.pk: f"汇总表（待上传）\n{second.short_number}",
        alone.pk: "尚未列入汇总表",
    }


def test_number_leads_to_the_table_and_is_no_column(firm: Firm) -> None:
    batch = firm.sealed(firm.approved("张三")).batch

    page = passed_on(firm)

    address = reverse("talent:summary", args=[batch.pk])
    assert f'张三<a class="row-note" href="{address}">汇总表（已上传）\n{batch.short_number}</a>' in page.text
    assert [head.label for head in page.context["page"].heads] == [
        "中文名", "证件号码", "性别", "卡类型", "人才类别", "职务", "服务专员姓名", "服务专员联系方式", "提交时间",
        "办理时间",
    ]  # fmt: skip


def test_sealed_table_goes_before_a_newer_one_that_is_not(firm: Firm) -> None:
    both, alone = firm.approved("张三"), firm.approved("李四")
    narrow = firm.table(both)
    wide = firm.table(both, alone)
    firm.sealed(both)
    link = f"汇总表 {narrow.number}（已上传）"

    page = browser(firm.handler).get(reverse("workflow:case", args=[both.pk])).text

    assert narrow.pk < wide.pk
    assert notes(firm)[both.pk] == f"汇总表（已上传）\n{narrow.short_number}"
    assert link in page


def test_notes_cost_the_same_for_one_person_and_for_three(firm: Firm) -> None:
    firm.sealed(firm.approved("张三"))
    passed_on(firm)
    counts = []
    for names in ((), ("李四", "王五")):
        for name in names:
            firm.sealed(firm.approved(name))
        with CaptureQueriesContext(connection) as captured:
            passed_on(firm)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def withdrawn(firm: Firm, case: Case) -> Case:
    back = send_back(firm, case)
    return firm.move(back, Action.WITHDRAW, Actor(back.applicant))


@pytest.mark.parametrize("leave", [send_back, withdrawn])
@pytest.mark.parametrize("make", [Firm.table, lambda firm, case: firm.sealed(case).batch])
def test_table_that_all_have_left_says_that_nobody_needs_it(
    firm: Firm, make: Callable[[Firm, Case], SummaryBatch], leave: Callable[[Firm, Case], Case]
) -> None:
    case = firm.approved()
    batch = make(firm, case)

    leave(firm, case)

    page = browser(firm.handler).get(reverse("talent:summary", args=[batch.pk])).text
    assert state_in_list(firm, batch) == VOID
    assert VOID in page
    assert "无需上传。" in page
    assert "重新导出" not in page
    assert "上传附件" not in page
    assert 'class="required"' not in page


def test_table_whose_persons_all_stand_on_another_is_needed_by_nobody(firm: Firm) -> None:
    first, second = firm.approved("张三"), firm.approved("李四")
    wide = firm.table(first, second)

    firm.sealed(first)
    partly = state_in_list(firm, wide)
    firm.sealed(second)

    assert (partly, state_in_list(firm, wide)) == (OUTDATED, VOID)


def test_table_that_one_has_left_is_to_be_exported_again_for_the_others(firm: Firm) -> None:
    stays, goes = firm.approved("张三"), firm.approved("李四")
    batch = firm.table(stays, goes)

    send_back(firm, goes)

    assert state_in_list(firm, batch) == OUTDATED
    assert notes(firm)[stays.pk] == f"汇总表（{OUTDATED}）\n{batch.short_number}"


def test_return_that_is_taken_back_gives_the_table_its_state_again(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.sealed(case).batch
    returned = send_back(firm, case)
    gone = state_in_list(firm, batch)

    firm.move(returned, Action.TAKE_BACK, firm.specialist)

    assert (gone, state_in_list(firm, batch)) == (VOID, "已上传")


def test_table_that_the_county_has_returned_is_needed_as_long_as_somebody_stands_on_it(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.sealed(case).batch
    return_summary(batch, reason="印章不清晰", actor=firm.specialist)
    returned = state_in_list(firm, batch)

    send_back(firm, case)

    assert (returned, state_in_list(firm, batch)) == ("已退回", VOID)


def todos(firm: Firm) -> list[str]:
    page = browser(firm.handler).get(reverse("portal:home"))
    return [todo.text for todo in page.context["todos"] if "汇总表" in todo.text]


def test_who_stands_on_a_table_out_of_date_is_to_be_exported_again(firm: Firm) -> None:
    """Nobody could upload that table, and nobody was told of the person on it."""
    stays, goes = firm.approved("张三"), firm.approved("李四")
    firm.table(stays, goes)
    before = todos(firm)

    send_back(firm, goes)
    told = todos(firm)
    firm.sealed(stays)

    assert before == ["您有【1】份汇总表待上传"]
    assert told == ["您有【1】个已通过人员待导出汇总表"]
    assert todos(firm) == []


def test_no_todo_asks_for_a_table_that_nobody_needs(firm: Firm) -> None:
    first, second = firm.approved("张三"), firm.approved("李四")
    firm.table(first, second)
    firm.sealed(first)
    firm.sealed(second)

    assert todos(firm) == []
