"""消息设置 and the confirmation of an e-mail address in a real Chromium."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import MailMessage, MessageSettings, User
from tests.accounts.factories import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
MONEY = "补助已再次拨付"


@pytest.fixture
def user(page: Page, live_server: LiveServer) -> User:
    found = PersonFactory().users.get()
    client = Client()
    client.force_login(found)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return found


def test_settings_have_no_barrier_and_work_by_keyboard(
    live_server, page: Page, axe: Check, fits_phone: Check, user: User
) -> None:
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="消息设置").click()
    axe(page)
    fits_phone(page)
    expect(page.get_by_label(f"{MONEY} · 站内信")).to_be_disabled()
    expect(page.get_by_label(f"{MONEY} · 短信")).to_be_checked()

    page.get_by_label(f"{MONEY} · 短信").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="保存").press("Enter")

    expect(page.get_by_text("已保存")).to_be_visible()
    expect(page.get_by_label(f"{MONEY} · 短信")).not_to_be_checked()
    assert MessageSettings.objects.get(user=user).choices["subsidies.paid_again"] == []
    page.get_by_role("button", name="恢复默认").click()
    expect(page.get_by_label(f"{MONEY} · 短信")).to_be_checked()


def test_address_is_confirmed_from_the_mail(live_server, page: Page, axe: Check, fits_phone: Check, user: User) -> None:
    page.goto(f"{live_server.url}/messages/settings/")
    page.get_by_role("button", name="发送确认邮件").click()
    expect(page.get_by_text("确认邮件已发送至")).to_be_visible()
    params = MailMessage.objects.get(user=user).params
    assert params is not None

    page.context.clear_cookies()
    page.goto(params["link"])
    axe(page)
    fits_phone(page)
    page.get_by_role("button", name="确认").click()

    expect(page.get_by_text("已确认")).to_be_visible()
    axe(page)
    assert EmailAddress.objects.get(user=user).verified
    page.goto(params["link"])
    expect(page.get_by_text("该链接已失效")).to_be_visible()
