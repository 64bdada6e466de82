"""【注册】 and the page of consents in a real Chromium, at desktop and phone width, with and without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import Terms, User
from accounts.services.consents import publish
from tests.accounts.factories import PASSWORD, PersonFactory, credit_code, id_number, phone_number
from tests.accounts.filling import code_sent_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
BODY = "一、协议双方"


def labelled(page: Page, label: str) -> Locator:
    """The control whose label says exactly this, with or without the mark of required fields."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*([*（].*)?$", re.DOTALL))


def fill_in_person(page: Page) -> None:
    for label, value in {
        "用户名": "citizen_1", "密码": PASSWORD, "确认密码": PASSWORD, "真实姓名": "欧阳晓雨", "证件号码": id_number(1),
        "手机号码": phone_number(1),
    }.items():  # fmt: skip
        labelled(page, label).fill(value)
    page.get_by_label("长期有效").check()
    page.get_by_label("所在地区").select_option("130902")


def test_manual_000_from_the_header_to_the_first_sign_in(
    live_server: Any, page: Page, axe: Check, fits_phone: Check
) -> None:
    page.goto(live_server.url)
    page.get_by_role("link", name="注册", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("用户注册")
    axe(page)
    fits_phone(page)
    fill_in_person(page)
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_text("验证码已发送")).to_be_visible()
    labelled(page, "短信验证码").fill(code_sent_to(phone_number(1)))
    expect(page.get_by_label("我已经看过并同意《用户协议》")).not_to_be_checked()

    page.get_by_role("button", name="立即注册").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    axe(page)
    fits_phone(page)
    for label in ("密码", "确认密码"):
        labelled(page, label).fill(PASSWORD)
    page.get_by_label("我已经看过并同意《用户协议》").check()
    page.get_by_label("我单独同意《敏感个人信息处理同意书》").check()
    page.get_by_role("button", name="立即注册").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("注册成功")
    axe(page)
    fits_phone(page)
    page.locator("main").get_by_role("link", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("个人登录")


def test_text_opens_in_place_and_nothing_typed_is_lost(live_server: Any, page: Page, axe: Check) -> None:
    page.goto(f"{live_server.url}/register/")
    fill_in_person(page)

    page.get_by_text("在此阅读《用户协议》全文").click()

    expect(page.get_by_text(BODY)).to_be_visible()
    axe(page)
    expect(labelled(page, "证件号码")).to_have_value(id_number(1))
    expect(labelled(page, "密码")).to_have_value(PASSWORD)


def test_legal_person_registers_without_scripts(live_server: Any, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/register/")
    page.get_by_role("link", name="法人注册").click()
    for label, value in {
        "用户名": "company_1", "密码": PASSWORD, "确认密码": PASSWORD, "单位名称": "沧州测试有限公司",
        "统一社会信用代码": credit_code(1), "法定代表人（负责人）姓名": "李建国", "法定代表人证件号码": id_number(2),
        "经办人姓名": "王经办", "经办人证件号码": id_number(1), "经办人手机号码": phone_number(1),
    }.items():  # fmt: skip
        labelled(page, label).fill(value)
    page.get_by_label("法人类型").select_option("individual")
    page.get_by_label("我已经看过并同意《用户协议》").check()
    page.get_by_label("我单独同意").check()

    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_text("对应的法人类型为“企业法人”")).to_be_visible()
    labelled(page, "短信验证码").fill(code_sent_to(phone_number(1)))
    page.get_by_role("button", name="立即注册").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("注册成功")


@pytest.mark.parametrize("kind", ["user_agreement", "sensitive_data"])
def test_texts_have_no_barrier(live_server: Any, page: Page, axe: Check, fits_phone: Check, kind: str) -> None:
    page.goto(f"{live_server.url}/texts/{kind}/")

    axe(page)
    fits_phone(page)


def test_tab_of_legal_persons_has_no_barrier(live_server: Any, page: Page, axe: Check, fits_phone: Check) -> None:
    page.goto(f"{live_server.url}/register/?kind=unit")

    axe(page)
    fits_phone(page)


def test_new_version_is_shown_and_agreed_to(live_server: Any, page: Page, axe: Check, fits_phone: Check) -> None:
    user: User = PersonFactory().users.get()
    now = Terms.objects.current("user_agreement")
    body = now.body.replace("不得转让、出借", "不得转让、出借、出售")
    publish(Terms(kind=now.kind, title=now.title, title_en=now.title_en, body=f"{body}\n十三、新增。", body_en=""))
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    page.goto(f"{live_server.url}/home/")

    expect(page.get_by_role("heading", level=1)).to_have_text("请确认同意")
    expect(page.locator("ins")).to_have_count(2)
    axe(page)
    fits_phone(page)
    page.get_by_label("我已经看过并同意《用户协议》").check()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_text("您的同意及其时间已记录")).to_be_visible()
    assert page.url.endswith("/home/")
