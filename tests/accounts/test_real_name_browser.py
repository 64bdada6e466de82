"""Manual 000, part 3, in a real Chromium: 账户资料, 实名等级提升, 重新认证, 实名制成功; and the counter."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import RealNameRequest
from tests.accounts.factories import OfficeFactory, OfficerFactory, id_number
from tests.accounts.stating import fresh, legal, natural
from tests.accounts.test_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
WORDS = "非实名用户，请在用户中心->账户资料->进行实名等级提升"


def test_person_walks_the_manual(live_server, page: Page, axe: Check, fits_phone: Check):
    user = natural(740)
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}/home/")
    axe(page)
    fits_phone(page)

    page.get_by_role("banner").get_by_role("link", name=WORDS).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("账户资料")
    expect(page.get_by_role("navigation", name="当前位置")).to_have_text("用户中心 > 账户设置 > 账户资料")
    axe(page)
    fits_phone(page)

    page.get_by_role("link", name="实名等级提升", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("补录用户信息")
    axe(page)
    fits_phone(page)
    page.get_by_label("证件号码", exact=False).first.fill("130902199001010043")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("实名制失败")
    expect(page.get_by_role("alert")).to_contain_text("如果实名制失败，请电话拨打技术电话：")
    axe(page)
    fits_phone(page)

    page.get_by_role("link", name="修改后重新认证").click()
    page.locator("[name=number]").fill(id_number(740))
    page.get_by_role("button", name="重新认证").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("实名制成功")
    axe(page)
    fits_phone(page)
    expect(page.get_by_text(WORDS)).to_have_count(0)
    assert fresh(user).real_name_level == 2


def test_employer_is_verified(live_server, page: Page, axe: Check, fits_phone: Check):
    user = legal(840)
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}/account/profile/")
    axe(page)
    fits_phone(page)
    page.goto(f"{live_server.url}/account/profile/real-name/")
    axe(page)
    fits_phone(page)

    page.get_by_role("button", name="重新认证").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("实名制成功")
    axe(page)
    assert set(fresh(user).duties.values_list("role", flat=True)) == {"handler", "manager"}


def test_counter_confirms_by_keyboard(live_server, page: Page, axe: Check, fits_phone: Check, settings: Any):
    settings.REAL_NAME_VERIFIER = ""
    user, counter = natural(741), OfficeFactory(kind="counter")
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}/account/profile/real-name/")
    axe(page)
    page.get_by_role("button", name="重新认证").press("Enter")
    expect(page.get_by_role("heading", level=2, name="窗口核验")).to_be_visible()
    axe(page)
    fits_phone(page)
    number = RealNameRequest.objects.get(user=user).number

    page.context.clear_cookies()
    sign_in(page, live_server, OfficerFactory(office=counter))
    page.goto(f"{live_server.url}/counter/real-name/")
    axe(page)
    fits_phone(page)
    page.get_by_label("核验申请编号").fill(number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("陈小河")
    axe(page)
    fits_phone(page)
    page.get_by_role("button", name="确认实名").press("Enter")
    expect(page.get_by_role("alert").first).to_be_focused()
    axe(page)
    fits_phone(page)

    page.get_by_label("本人身份证件原件").press("Space")
    page.get_by_label("证件号码（照证件原件录入）").fill(id_number(741))
    page.get_by_label("中级实名").press("Space")
    page.get_by_role("button", name="确认实名").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("已确认：陈小河。")
    assert fresh(user).real_name_level == 2
