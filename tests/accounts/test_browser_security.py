"""The second factor and the open sign-ins in a real Chromium, by keyboard and on a phone."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, OfficerFactory
from tests.accounts.signing import code, sign_in
from tests.accounts.test_browser import sign_in as sign_in_by_cookie

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


def enter_by_the_form(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/sign-in/officer/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=captcha_1]").fill("passed")
    page.keyboard.press("Enter")


def test_officer_sets_up_the_second_factor_and_signs_in_by_it(
    live_server, page: Page, axe: Check, fits_phone: Check, settings
):
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    officer = OfficerFactory()
    enter_by_the_form(page, live_server.url, officer.username)
    expect(page.get_by_role("heading", level=1)).to_have_text("设置二次验证")
    axe(page)
    fits_phone(page)

    secret = page.locator("strong.text-break").inner_text().replace(" ", "")
    page.get_by_label("应用显示的验证码").fill(code(secret))
    page.get_by_label("当前密码").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("备用码")
    codes = page.locator("code").all_inner_texts()
    assert [len(text) for text in codes] == [8] * 10
    axe(page)
    fits_phone(page)
    page.get_by_role("link", name="已妥善保存，继续").click()
    expect(page).to_have_url(re.compile("/home/$"))

    page.context.clear_cookies()
    enter_by_the_form(page, live_server.url, officer.username)
    expect(page.get_by_role("heading", level=1)).to_have_text("动态验证码")
    axe(page)
    fits_phone(page)
    page.get_by_label("动态验证码").fill("00000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_focused()
    axe(page)
    page.get_by_label("动态验证码").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/home/$"))


def test_open_sign_ins_have_no_barrier(live_server, page: Page, axe: Check, fits_phone: Check):
    officer = OfficerFactory()
    sign_in(Client(headers={"user-agent": "Windows Chrome"}), officer)
    sign_in(Client(headers={"user-agent": "Android MicroMessenger"}), officer)
    sign_in_by_cookie(page, live_server, officer)
    page.goto(f"{live_server.url}/account/security/")
    axe(page)
    fits_phone(page)

    page.get_by_role("button", name="结束登录 微信 · Android").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("已结束该登录")
    expect(page.get_by_role("button", name="结束登录 微信 · Android")).to_have_count(0)
