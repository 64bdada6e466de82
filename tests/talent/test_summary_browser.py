"""Manual 001, 5.3 step 5 in a browser: tick, export, upload the sealed table, close; the county returns it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.talent.summaries import Firm, make_firm
from tests.talent.test_browser import look, sign_in
from tests.workflow import files
from workflow.actors import Actor
from workflow.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
PASSED_ON = "/queue/bohai_card/unit/?tab=approved"


def enter(page: Page, live_server: LiveServer, actor: Actor) -> None:
    sign_in(page, live_server, actor.user)  # type: ignore[arg-type]


def file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    return make_firm()


def test_employer_exports_and_uploads_and_the_county_returns(
    live_server: LiveServer, page: Page, axe: Check, firm: Firm
) -> None:
    ticked, other = firm.approved("张三"), firm.approved("李四")
    enter(page, live_server, firm.handler)
    look(page, axe, live_server.url + PASSED_ON)

    page.get_by_label("选择 张三").check()
    expect(page.locator("[data-selection-count]")).to_have_text("1")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出《“渤海英才服务卡”申领人员汇总表》").click()
    names = names_in(download.value.path().read_bytes())
    assert (ticked.subject in names, other.subject in names) == (True, False)

    page.get_by_role("button", name="上传汇总表").click()
    expect(page.get_by_role("heading", name="材料清单")).to_be_visible()
    look(page, axe)
    choose(page, file("汇总表.xlsx", files.xlsx()))
    expect(page.locator("[data-error-summary]")).to_contain_text("汇总表.xlsx")
    choose(page, file("盖章汇总表.pdf", files.pdf()))
    expect(page.get_by_text("已上传", exact=True)).to_be_visible()
    look(page, axe)
    page.get_by_role("link", name="关闭").click()
    expect(page).to_have_url(live_server.url + PASSED_ON)

    county_returns(page, live_server, axe, firm, ticked)


def names_in(workbook: bytes) -> list[object]:
    sheet = load_workbook(io.BytesIO(workbook)).active
    assert sheet is not None
    return [row[1].value for row in sheet.iter_rows()]


def choose(page: Page, upload: dict[str, object]) -> None:
    line = page.locator("#material-card_summary")
    if not line.locator("input[type=file]").is_visible():
        line.locator("summary").click()
    line.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    line.get_by_role("button", name="上传", exact=True).click()


def county_returns(page: Page, live_server: LiveServer, axe: Check, firm: Firm, case: Case) -> None:
    enter(page, live_server, firm.specialist)
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    page.get_by_role("link", name="已上传").click()
    look(page, axe)
    page.get_by_label("退回原因").fill("印章不清晰")
    page.get_by_role("button", name="退回汇总表").click()
    expect(page.get_by_text("已退回", exact=True)).to_be_visible()
    look(page, axe, f"{live_server.url}/summaries/")


def test_unit_looks_up_where_each_application_stands(
    live_server: LiveServer, page: Page, axe: Check, firm: Firm
) -> None:
    case = firm.approved("张三")
    firm.applicant("李四")
    enter(page, live_server, firm.handler)
    look(page, axe, f"{live_server.url}/applications/")

    page.get_by_label("姓名").fill("张")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("rowheader")).to_have_text(["张三"])
    page.get_by_role("link", name="待县区服务专员审核").click()
    expect(page).to_have_url(f"{live_server.url}/cases/{case.pk}/#process")
