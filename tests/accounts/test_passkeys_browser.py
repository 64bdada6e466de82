"""Passkeys in a real Chromium with its virtual authenticator: set up, signed in with, broken off."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.factories import PASSWORD, OfficerFactory
from tests.accounts.test_browser_security import enter_by_the_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


@pytest.fixture
def authenticator(page: Page) -> Iterator[tuple[Any, str]]:
    """(how to speak to it, its id): a device of this computer that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session, made["authenticatorId"]
    session.detach()


@pytest.fixture
def address(live_server: Any) -> str:
    """Passkeys know sites by name, not by number."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


def test_officer_sets_up_a_passkey_and_signs_in_by_it(
    page: Page, address: str, authenticator: tuple[Any, str], axe: Check, fits_phone: Check, settings: Any
) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    officer = OfficerFactory()
    enter_by_the_form(page, address, officer.username)
    page.get_by_role("link", name="改用通行密钥").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("添加通行密钥")
    axe(page)
    fits_phone(page)

    for password in ("Wrong-2026", PASSWORD):
        page.get_by_label("通行密钥名称").fill("办公电脑")
        page.get_by_label("当前密码").fill(password)
        page.keyboard.press("Enter")
        if password != PASSWORD:
            expect(page.get_by_role("alert").first).to_be_focused()
            axe(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("备用码")
    session, device = authenticator
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) >= 1

    page.context.clear_cookies()
    enter_by_the_form(page, address, officer.username)
    expect(page.get_by_role("button", name="使用通行密钥")).to_be_visible()
    axe(page)
    fits_phone(page)
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page).to_have_url(re.compile("/home/$"))

    page.goto(f"{address}/account/security/")
    expect(page.get_by_text("办公电脑 · 通行密钥")).to_be_visible()
    axe(page)
    fits_phone(page)
    page.get_by_role("link", name="删除 办公电脑").click()
    expect(page.get_by_text("唯一的二次验证方式")).to_be_visible()
    axe(page)
    fits_phone(page)


def test_device_that_says_no_leaves_the_page_with_its_codes(
    page: Page, address: str, authenticator: tuple[Any, str], axe: Check
) -> None:
    officer = OfficerFactory()
    enter_by_the_form(page, address, officer.username)
    expect(page).to_have_url(re.compile("/home/$"))
    page.goto(f"{address}/account/security/passkeys/add/")
    page.get_by_label("通行密钥名称").fill("办公电脑")
    page.get_by_label("当前密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("备用码")
    page.context.clear_cookies()
    enter_by_the_form(page, address, officer.username)
    expect(page.get_by_role("button", name="使用通行密钥")).to_be_visible()
    session, device = authenticator
    session.send("WebAuthn.clearCredentials", {"authenticatorId": device})

    page.get_by_role("button", name="使用通行密钥").click()

    expect(page.get_by_role("alert").first).to_contain_text("设备没有响应")
    expect(page.get_by_label("动态验证码")).to_be_visible()
    axe(page)
