"""汇总表批次 in the queues of the offices, and what the employer is told to upload."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from talent.models import CardApplication
from talent.services.submission import submit_card_application
from talent.services.summary import return_summary, upload_summary
from tests.talent.card_factories import card_actor_of
from tests.talent.summaries import Firm, make_firm, scan
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def queue(actor: Actor, stage: str, tab: str = "waiting") -> Any:
    client = Client()
    client.force_login(actor.user)  # type: ignore[arg-type]
    address = reverse("workflow:queue", args=["bohai_card", stage])
    return client.get(address, {"tab": tab}).context["page"]


def cell(actor: Actor, stage: str, head: str) -> str:
    """Of the only row."""
    page = queue(actor, stage)
    (row,) = page.rows
    text: str = row.texts[[column.label for column in page.heads].index(head)]
    return text


def batch_of(firm: Firm) -> str:
    return cell(firm.specialist, "county_specialist", "汇总表批次")


def test_county_reads_the_batch_once_its_sealed_table_is_there(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.table(case)
    before = batch_of(firm)

    upload_summary(batch, upload=scan(), actor=firm.handler)

    assert (before, batch_of(firm)) == ("", batch.short_number)
    assert batch.number == f"{firm.unit.code}-{batch.short_number}"


def test_returned_table_is_no_batch_any_more(firm: Firm) -> None:
    batch = firm.sealed(firm.approved()).batch

    return_summary(batch, reason="印章不清晰", actor=firm.specialist)

    assert batch_of(firm) == ""


def test_who_goes_back_leaves_the_batch_and_who_is_fetched_back_stands_on_it_again(firm: Firm) -> None:
    case, other = firm.approved("李海洋"), firm.approved("王小明")
    number = firm.sealed(case, other).batch.short_number
    returned = firm.move(case, Action.SEND_BACK, firm.specialist, target="unit")
    gone = returned.summary.get("summary_batch")

    back = firm.move(returned, Action.TAKE_BACK, firm.specialist)

    assert (gone, back.summary["summary_batch"]) == ("", number)
    assert Case.objects.get(pk=other.pk).summary["summary_batch"] == number


def test_columns_of_the_employer_are_those_of_the_manual(firm: Firm) -> None:
    firm.applicant()

    heads = [head.label for head in queue(firm.handler, "unit").heads]

    assert heads == [
        "中文名", "证件号码", "性别", "卡类型", "人才类别", "职务", "服务专员姓名", "服务专员联系方式", "提交时间",
    ]  # fmt: skip


def todos(firm: Firm) -> list[str]:
    client = Client()
    client.force_login(firm.handler.user)  # type: ignore[arg-type]
    page = client.get(reverse("portal:home"))
    return [todo.text for todo in page.context["todos"] if "份汇总表" in todo.text]


def test_employer_is_told_to_upload_what_it_has_exported(firm: Firm) -> None:
    first, second = firm.approved("李海洋"), firm.approved("王小明")
    told = [todos(firm)]
    batches = [firm.table(first), firm.table(second)]
    told.append(todos(firm))

    upload_summary(batches[0], upload=scan(), actor=firm.handler)
    told.append(todos(firm))
    upload_summary(batches[1], upload=scan(), actor=firm.handler)
    told.append(todos(firm))

    assert told == [[], ["您有【2】份汇总表待上传"], ["您有【1】份汇总表待上传"], []]


def test_returned_table_is_to_be_uploaded_again_and_one_that_fits_nobody_is_not(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.sealed(case).batch
    return_summary(batch, reason="印章不清晰", actor=firm.specialist)
    returned = todos(firm)

    firm.move(case, Action.SEND_BACK, firm.specialist, target="person")

    assert (returned, todos(firm)) == (["您有【1】份汇总表待上传"], [])


def people_to_list(firm: Firm) -> list[str]:
    client = Client()
    client.force_login(firm.handler.user)  # type: ignore[arg-type]
    page = client.get(reverse("portal:home"))
    return [todo.text for todo in page.context["todos"] if "待导出汇总表" in todo.text]


def test_employer_is_told_who_stands_on_no_table_and_again_after_a_return_by_the_county(firm: Firm) -> None:
    case = firm.approved()
    told = [people_to_list(firm)]
    upload_summary(firm.table(case), upload=scan(), actor=firm.handler)
    told.append(people_to_list(firm))

    returned = firm.move(case, Action.SEND_BACK, firm.specialist, target="person")
    told.append(people_to_list(firm))
    refile(returned)
    told.append(people_to_list(firm))

    assert told == [["您有【1】个已通过人员待导出汇总表"], [], [], ["您有【1】个已通过人员待导出汇总表"]]


def test_result_of_the_approval_leads_to_the_table(firm: Firm) -> None:
    act = firm.approved().events.order_by("-seq").first().act
    client = Client()
    client.force_login(firm.handler.user)  # type: ignore[arg-type]

    page = client.get(reverse("workflow:act", args=[act.pk])).text

    assert "下一步：导出汇总表" in page
    assert f"{reverse('workflow:queue', args=['bohai_card', 'unit'])}?tab=approved" in page


def refile(case: Case) -> None:
    application = CardApplication.objects.whole().get(pk=case.pk)
    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)


def test_only_who_uploads_is_asked_for(firm: Firm) -> None:
    """One statement on the employer's home page, none on another page or on anybody else's."""
    firm.table(firm.approved())

    asked, home, queue_of_unit = [], reverse("portal:home"), reverse("workflow:queue", args=["bohai_card", "unit"])
    for actor, address in ((firm.handler, home), (firm.handler, queue_of_unit), (firm.specialist, home)):
        client = Client()
        client.force_login(actor.user)  # type: ignore[arg-type]
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        asked.append(sum("talent_summarybatch" in query["sql"] for query in captured))

    assert asked == [1, 0, 0]


def test_list_counts_persons_without_reading_them(firm: Firm) -> None:
    firm.table(firm.approved("李海洋"), firm.approved("王小明"))
    client = Client()
    client.force_login(firm.handler.user)  # type: ignore[arg-type]

    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("talent:summaries"))

    assert [row.persons for row in page.context["rows"]] == [2]
    assert [q["sql"] for q in captured if q["sql"].startswith('SELECT "talent_summarymember"')] == []


def test_table_that_names_all_who_are_ticked_is_found(firm: Firm) -> None:
    first, second = firm.approved("李海洋"), firm.approved("王小明")
    batch = firm.table(first, second)
    firm.table(first)
    client = Client()
    client.force_login(firm.handler.user)  # type: ignore[arg-type]

    answer = client.post(
        reverse("talent:summary_upload"), {"case": [f"{case.pk}:{case.revision}" for case in (first, second, first)]}
    )

    assert answer["Location"] == reverse("talent:summary", args=[batch.pk])
