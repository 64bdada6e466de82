"""单位负责人审核 up to the sealed table, page by page, as manual 001, 5.3 tells it; and the county's side of it."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from talent.models import SummaryBatch
from talent.services.summary import return_summary
from tests.talent.summaries import Firm, make_city_lead, make_firm, scan
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)  # type: ignore[arg-type]
    return client


def passed_on() -> str:
    return reverse("workflow:queue", args=["bohai_card", "unit"]) + "?tab=approved"


def tick(*cases: Case) -> dict[str, list[str]]:
    return {"case": [f"{case.pk}:{case.revision}" for case in cases]}


def words(html: bytes) -> str:
    return " ".join(html.decode().split())


def test_passed_on_offers_export_and_upload_by_the_names_of_the_manual(firm: Firm) -> None:
    case = firm.approved()

    page = words(browser(firm.handler).get(passed_on()).content)

    assert ">导出《“渤海英才服务卡”申领人员汇总表》</button>" in page
    assert ">上传汇总表</button>" in page
    assert f'value="{case.pk}:{case.revision}"' in page


def test_waiting_offers_the_buttons_of_the_manual(firm: Firm) -> None:
    """查看后，勾选人员，点击【审核通过】: no menu between."""
    firm.applicant()

    page = words(browser(firm.handler).get(passed_on().replace("approved", "waiting")).content)

    assert 'value="approve:ticked">审核通过</button>' in page
    assert ">退回修改</button>" in page
    assert "单人审核" not in page


def test_other_tabs_offer_neither(firm: Firm) -> None:
    firm.applicant()

    page = words(browser(firm.handler).get(passed_on().replace("approved", "waiting")).content)

    assert "上传汇总表" not in page


def test_export_hands_out_the_workbook_of_the_ticked(firm: Firm) -> None:
    ticked, other = firm.approved("张三"), firm.approved("李四")

    answer = browser(firm.handler).post(reverse("talent:summary_export"), tick(ticked), follow=True)

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    names = [row[1].value for row in sheet.iter_rows(min_row=5)]
    assert ticked.subject in names
    assert other.subject not in names
    assert SummaryBatch.objects.get().number in str(answer.headers["Content-Disposition"])


def test_refused_export_says_whom_it_concerns(firm: Firm) -> None:
    case = firm.approved("张三")
    firm.sealed(case)

    answer = browser(firm.handler).post(reverse("talent:summary_export"), tick(case), follow=True)

    assert answer.redirect_chain == [(passed_on(), 302)]
    assert "汇总表已上传,不能重复上传：张三" in words(answer.content)


def test_upload_opens_the_materials_of_the_table_that_names_the_ticked(firm: Firm) -> None:
    first, second = firm.approved("张三"), firm.approved("李四")
    table = firm.table(first)
    firm.table(second)

    answer = browser(firm.handler).post(reverse("talent:summary_upload"), tick(first), follow=True)

    assert answer.redirect_chain == [(reverse("talent:summary", args=[table.pk]), 302)]
    assert "材料清单" in words(answer.content)
    assert "上传附件" in words(answer.content)


@pytest.mark.parametrize(("tables", "opens"), [(1, "talent:summary"), (2, "talent:summaries"), (0, "talent:summaries")])
def test_upload_without_ticks_opens_the_only_table_or_the_list(firm: Firm, tables: int, opens: str) -> None:
    made = [firm.table(firm.approved(name)) for name in ("张三", "李四")[:tables]]

    answer = browser(firm.handler).post(reverse("talent:summary_upload"))

    args = [made[0].pk] if opens == "talent:summary" else []
    assert answer.headers["Location"] == reverse(opens, args=args)


def test_upload_for_persons_without_a_table_asks_for_the_export(firm: Firm) -> None:
    answer = browser(firm.handler).post(reverse("talent:summary_upload"), tick(firm.approved()), follow=True)

    assert "所选人员没有待上传的汇总表，请先导出。" in words(answer.content)


def test_uploaded_table_is_shown_and_the_page_closes_to_passed_on(firm: Firm) -> None:
    table = firm.table(firm.approved())
    client = browser(firm.handler)

    answer = client.post(reverse("talent:summary_scan", args=[table.pk]), {"file": scan()}, follow=True)

    page = words(answer.content)
    assert answer.redirect_chain == [(reverse("talent:summary", args=[table.pk]), 302)]
    assert "已上传" in page
    assert "汇总表盖章.pdf" in page
    assert ">预览<" in page
    assert "上传附件" not in page
    assert f'href="{passed_on()}">关闭</a>' in page


def test_refused_upload_says_why_on_the_page(firm: Firm) -> None:
    table = firm.table(firm.approved())
    client = browser(firm.handler)
    url = reverse("talent:summary_scan", args=[table.pk])
    client.post(url, {"file": scan()})

    again = client.post(url, {"file": scan()})
    empty = client.post(url)

    assert "汇总表已上传,不能重复上传" in words(again.content)
    assert empty.status_code == 200
    assert SummaryBatch.objects.get().scans.count() == 1


def test_two_files_at_once_are_no_table(firm: Firm) -> None:
    table = firm.table(firm.approved())
    url = reverse("talent:summary_scan", args=[table.pk])

    answer = browser(firm.handler).post(url, {"file": [scan(), scan()]})

    assert "多页请合并为一个 PDF 文件" in words(answer.content)
    assert not table.scans.exists()


def test_table_out_of_date_says_so_and_takes_no_file(firm: Firm) -> None:
    stays, goes = firm.approved("张三"), firm.approved("李四")
    table = firm.table(stays, goes)
    firm.move(goes, Action.SEND_BACK, firm.specialist, target="unit")

    page = words(browser(firm.handler).get(reverse("talent:summary", args=[table.pk])).content)

    assert "汇总表与当前申报人员不一致,请重新导出" in page
    assert "上传附件" not in page


def test_county_reads_the_scan_from_the_case(firm: Firm) -> None:
    case = firm.approved()
    sealed = firm.sealed(case)
    client = browser(firm.specialist)

    page = words(client.get(reverse("workflow:case", args=[case.pk])).content)

    url = reverse("talent:summary", args=[sealed.batch_id])
    assert f'<a href="{url}">汇总表 {sealed.batch.number}（已上传）</a>' in page
    assert "退回汇总表" in words(client.get(url).content)
    assert client.get(reverse("workflow:material_preview", args=[sealed.material.token])).status_code == 200
    for material in (sealed.material, sealed.batch.sheet):
        answer = client.get(reverse("workflow:material_download", args=[material.token]))
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_strangers_find_neither_table_nor_scan(firm: Firm) -> None:
    case = firm.approved()
    sealed = firm.sealed(case)
    other = make_firm()

    for actor in (other.handler, Actor(user=case.applicant)):
        client = browser(actor)
        assert client.get(reverse("talent:summary", args=[sealed.batch_id])).status_code == 404
        assert client.get(reverse("workflow:material_download", args=[sealed.material.token])).status_code == 404


def test_return_needs_a_reason_and_opens_the_upload_again(firm: Firm) -> None:
    sealed = firm.sealed(firm.approved())
    client, url = browser(firm.specialist), reverse("talent:summary_return", args=[sealed.batch_id])

    silent = client.post(url, {"reason": "  "})
    client.post(url, {"reason": "印章不清晰"})

    assert silent.status_code == 422
    page = words(browser(firm.handler).get(reverse("talent:summary", args=[sealed.batch_id])).content)
    assert "印章不清晰" in page
    assert "上传附件" in page


@pytest.mark.parametrize("who", ["handler", "city"])
def test_return_is_for_the_county_alone(firm: Firm, who: str) -> None:
    sealed = firm.sealed(firm.approved())
    actor = firm.handler if who == "handler" else make_city_lead()

    answer = browser(actor).post(reverse("talent:summary_return", args=[sealed.batch_id]), {"reason": "印章不清晰"})

    assert answer.status_code == 403
    assert SummaryBatch.objects.for_page().get().state == "sealed"


def test_second_press_of_a_return_says_that_somebody_was_faster(firm: Firm) -> None:
    sealed = firm.sealed(firm.approved())
    return_summary(sealed.batch, reason="印章不清晰", actor=firm.lead)

    answer = browser(firm.specialist).post(
        reverse("talent:summary_return", args=[sealed.batch_id]), {"reason": "缺页"}, follow=True
    )

    assert "可能已由他人退回" in words(answer.content)


def test_list_finds_a_table_by_its_number(firm: Firm) -> None:
    tables = [firm.table(firm.approved(name)) for name in ("张三", "李四")]

    page = words(browser(firm.specialist).get(reverse("talent:summaries"), {"number": tables[0].number}).content)

    assert tables[0].number in page
    assert tables[1].number not in page
