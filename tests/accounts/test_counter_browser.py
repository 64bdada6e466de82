"""A counter's pages in a real Chromium: barriers, phone width, keyboard, from the papers to the sealed password."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import CounterOpening, CounterReset
from tests.accounts.counters import Counter, asked, confirmed, make_counter, opened
from tests.accounts.factories import PersonFactory, credit_code, id_number
from tests.accounts.filling import code_sent_to
from tests.accounts.test_browser import sign_in
from tests.workflow.files import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    file = tmp_path / "协议.pdf"
    file.write_bytes(pdf())
    return file


@pytest.mark.parametrize("address", ["openings/new/", "openings/new/?subject=person", "resets/new/"])
def test_forms_have_no_barrier_with_and_without_errors(
    live_server: LiveServer, page: Page, axe: Check, fits_phone: Check, counter: Counter, address: str
) -> None:
    sign_in(page, live_server, counter.first)
    page.goto(f"{live_server.url}/counter/{address}")

    axe(page)
    fits_phone(page)
    page.locator("form .form-actions .btn-primary").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    axe(page)
    fits_phone(page)


def test_registers_and_pages_of_one_have_no_barrier(
    live_server: LiveServer, page: Page, axe: Check, fits_phone: Check, counter: Counter
) -> None:
    opening, waiting, done = opened(counter), PersonFactory(), PersonFactory()
    reset = asked(counter, waiting.users.get(), waiting.number)
    ready = confirmed(counter, done.users.get(), done.number)
    sign_in(page, live_server, counter.second)

    for path in (
        "openings/",
        f"openings/{opening.token}/",
        "resets/",
        f"resets/{reset.token}/",
        f"resets/{ready.token}/",
    ):
        page.goto(f"{live_server.url}/counter/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        fits_phone(page)


def test_account_of_an_enterprise_is_opened(
    live_server: LiveServer, page: Page, counter: Counter, signed: Path
) -> None:
    sign_in(page, live_server, counter.first)
    page.goto(f"{live_server.url}/counter/openings/new/")
    for paper in ("组织机构统一代号证书", "工商营业执照", "经办人本人的身份证"):
        page.get_by_label(paper).check()
    page.get_by_role("textbox", name="单位名称").fill("沧州运河食品有限公司")
    page.get_by_role("textbox", name="统一社会信用代码").fill(credit_code(77_000))
    page.get_by_label("经办人姓名").fill("韩经办")
    page.get_by_label("证件号码").fill(id_number(1, "19850607"))
    page.get_by_label("手机号码").fill("13900123456")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("status").filter(has_text="验证码已发送")).to_be_visible()
    page.get_by_label("短信验证码").fill(code_sent_to("13900123456"))
    page.get_by_label("大学生租房补助").check()
    page.get_by_label("协议扫描件").set_input_files(signed)

    page.get_by_role("button", name="开通账号").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("沧州运河食品有限公司")
    expect(page.get_by_role("button", name="打印账号告知单")).to_be_visible()
    assert CounterOpening.objects.get().phone_proved


def test_reset_is_accepted_by_one_and_confirmed_by_another(
    live_server: LiveServer, page: Page, axe: Check, fits_phone: Check, counter: Counter, signed: Path
) -> None:
    person = PersonFactory()
    sign_in(page, live_server, counter.first)
    page.goto(f"{live_server.url}/counter/resets/new/")
    page.get_by_label("用户名、证件号码或统一社会信用代码").fill(person.number)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="受理重置").click()
    axe(page)
    fits_phone(page)
    page.get_by_label("身份证原件及复印件").check()
    page.get_by_label("证件号码").fill(person.number)
    page.get_by_label("申请单扫描件").set_input_files(signed)
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_text("须由另一名经办人员确认")).to_be_visible()
    expect(page.get_by_role("button", name="确认重置")).to_have_count(0)

    page.context.clear_cookies()
    sign_in(page, live_server, counter.second)
    page.goto(f"{live_server.url}/counter/resets/{CounterReset.objects.get().token}/")
    expect(page.get_by_role("img", name="第 1 页")).to_be_visible()
    page.get_by_role("button", name="确认重置").press("Enter")

    expect(page.get_by_role("button", name="打印账号告知单")).to_be_visible()
    assert CounterReset.objects.get().state == "confirmed"


@pytest.mark.parametrize("switched_on", [True, False])
def test_forgotten_password_has_no_barrier_in_both_ways(
    live_server: LiveServer, page: Page, axe: Check, fits_phone: Check, counter: Counter, settings, switched_on: bool
) -> None:
    settings.RESET_BY_SMS = switched_on

    page.goto(f"{live_server.url}/sign-in/forgotten/")

    axe(page)
    fits_phone(page)
