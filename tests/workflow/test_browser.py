"""Materials, notices, objections and tasks as a person meets them: in a browser, on a phone, and with axe."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.workflow import files
from tests.workflow.board import Board
from tests.workflow.test_notices import object_to
from tests.workflow.toy import Town
from workflow.worker import work_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


@pytest.fixture
def open_as(live_server: LiveServer, page: Page) -> Callable[..., Page]:
    """Open one of our pages, signed in as this user."""

    def open_page(address: str, user: object = None) -> Page:
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            page.context.add_cookies([cookie])
        page.goto(live_server.url + address)
        return page

    return open_page


def test_upload_in_place(town: Town, open_as: Callable[..., Page], axe: Check, fits_phone: Check) -> None:
    case = town.draft()
    page = open_as(reverse("workflow:materials", args=[case.pk]), town.person)
    line = page.locator("#material-id_card")
    line.locator("summary").click()

    line.locator("input[type=file]").set_input_files(
        [
            {"name": "身份证.png", "mimeType": "image/png", "buffer": files.png()},
            {"name": "假.pdf", "mimeType": "application/pdf", "buffer": files.xlsx()},
        ]
    )
    expect(line.locator("output")).to_have_text("身份证.png、假.pdf")
    line.get_by_role("button", name="上传", exact=True).click()

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("假.pdf")
    expect(page.locator(".files .name")).to_have_text("身份证.png")
    axe(page)
    fits_phone(page)
    page.get_by_role("button", name="删除 身份证.png").click()
    expect(page.locator(".files")).to_have_count(0)


def test_dropped_file_is_uploaded_at_once(town: Town, open_as: Callable[..., Page]) -> None:
    page = open_as(reverse("workflow:materials", args=[town.draft().pk]), town.person)
    content = list(files.pdf())
    script = """bytes => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(bytes)], "a.pdf"));
        return carried;
    }"""

    page.dispatch_event("#material-id_card", "drop", {"dataTransfer": page.evaluate_handle(script, content)})

    expect(page.locator(".files .name")).to_have_text("a.pdf")


def test_public_notice_and_objection(board: Board, open_as: Callable[..., Page], axe: Check, fits_phone: Check) -> None:
    notice, (case,) = board.published()

    page = open_as(reverse("workflow:notice", args=[notice.pk]))
    axe(page)
    fits_phone(page)
    page.locator("tr", has_text=case.subject).get_by_role("link").click()
    page.get_by_role("button", name="提交异议").click()

    expect(page.locator("[data-error-summary]")).to_contain_text("请填写您的联系方式")
    axe(page)
    fits_phone(page)


def test_office_reads_an_objection(board: Board, open_as: Callable[..., Page], axe: Check, fits_phone: Check) -> None:
    notice, (case,) = board.published()
    object_to(notice, case)
    page = open_as(reverse("workflow:objections"), board.town.county.user)
    axe(page)
    fits_phone(page)

    page.get_by_role("link", name=case.subject).click()

    expect(page.get_by_text("13800001111")).to_be_visible()
    axe(page)
    fits_phone(page)


def test_progress_moves_by_itself_to_the_result(
    town: Town, open_as: Callable[..., Page], axe: Check, fits_phone: Check, settings: object
) -> None:
    settings.JOBS = "process"
    town.at("unit")
    page = open_as(reverse("workflow:queue", args=["toy", "unit"]), town.unit.user)
    page.get_by_role("button", name="导出").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    axe(page)

    work_once()

    expect(page.get_by_role("link", name="下载")).to_be_visible()
    fits_phone(page)
    page.goto(page.url.split("/jobs/")[0] + reverse("workflow:jobs"))
    axe(page)
    fits_phone(page)
