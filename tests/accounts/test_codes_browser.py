"""The pages with a code by text message in a real Chromium: barriers, keyboard, the button's minute of rest."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import CodePurpose
from accounts.models import SmsCode, User
from tests.accounts.factories import OfficeFactory, PersonFactory
from tests.accounts.filling import code_sent_to
from tests.accounts.test_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


@pytest.fixture
def user() -> User:
    return PersonFactory().users.get()


def ask_for_code(page: Page, live_server: LiveServer, phone: str) -> None:
    page.goto(f"{live_server.url}/sign-in/person/sms/")
    page.get_by_label("手机号码").fill(phone)
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("status").filter(has_text="验证码已发送")).to_be_visible()


@pytest.mark.parametrize("url", ["/sign-in/unit/sms/", "/sign-in/person/sms/", "/sign-in/forgotten/"])
def test_public_pages_have_no_barrier_with_and_without_errors(
    live_server: LiveServer, page: Page, axe: Check, fits_phone: Check, url: str
) -> None:
    page.goto(live_server.url + url)

    axe(page)
    fits_phone(page)
    page.locator("form.sheet .btn-primary").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    axe(page)
    fits_phone(page)


@pytest.mark.parametrize("way", ["", "?proof=identity"])
def test_page_of_the_phone_has_no_barrier(
    live_server: LiveServer, page: Page, axe: Check, fits_phone: Check, user: User, way: str
) -> None:
    sign_in(page, live_server, user)

    page.goto(f"{live_server.url}/account/phone/{way}")

    expect(page.get_by_role("heading", level=1)).to_have_text("更换手机号码")
    axe(page)
    fits_phone(page)


def test_code_is_sent_typed_and_signs_in(live_server: LiveServer, page: Page, axe: Check, user: User) -> None:
    ask_for_code(page, live_server, user.phone)
    expect(page.get_by_label("短信验证码")).to_be_focused()
    axe(page)

    page.keyboard.type(code_sent_to(user.phone))
    # The Enter key sends the form, not another code.
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="注销登录")).to_be_visible()
    assert SmsCode.objects.get().used_at is not None


def test_button_rests_for_a_minute(live_server: LiveServer, page: Page, user: User) -> None:
    page.clock.install()
    ask_for_code(page, live_server, user.phone)
    button = page.locator("#send-code")
    expect(button).to_be_disabled()
    expect(button).to_contain_text("秒后可重新发送")

    page.clock.fast_forward("01:01")

    expect(button).to_be_enabled()
    expect(button).to_have_text("发送验证码")


def test_nothing_typed_is_lost_while_the_code_is_sent(live_server: LiveServer, page: Page) -> None:
    OfficeFactory(kind="county_hr")
    page.goto(f"{live_server.url}/register/unit/")
    page.get_by_role("button", name="同意").click()
    page.wait_for_load_state()
    page.get_by_label("用户名").fill("yuhe")
    page.locator("#id_password").fill("Tongban-2026")
    page.get_by_label("统一社会信用代码").fill("9113")
    page.get_by_label("手机号码").fill("13900000009")

    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("status").filter(has_text="验证码已发送")).to_be_visible()

    assert page.get_by_label("用户名").input_value() == "yuhe"
    assert page.locator("#id_password").input_value() == "Tongban-2026"
    assert page.get_by_label("统一社会信用代码").input_value() == "9113"
    assert SmsCode.objects.get().purpose == CodePurpose.REGISTER


def test_wrong_number_is_marked_where_the_button_was_pressed(live_server: LiveServer, page: Page, axe: Check) -> None:
    page.goto(f"{live_server.url}/sign-in/person/sms/")
    page.get_by_label("手机号码").fill("139")

    page.get_by_role("button", name="发送验证码").click()

    expect(page.get_by_label("手机号码")).to_be_focused()
    expect(page.locator("#sms-code .field-error")).to_be_visible()
    axe(page)
