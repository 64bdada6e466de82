"""The box of the hall in a real Chromium: its picture stands there before anybody types."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.accounts.factories import PASSWORD, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_box_of_the_hall_signs_in_at_the_first_try(live_server: LiveServer, page: Page) -> None:
    user = PersonFactory().users.get()
    page.goto(live_server.url)
    expect(page.locator("form.wide-alone img.captcha")).to_be_visible()
    expect(page).to_have_title(re.compile("办事大厅"))

    page.locator("#here-username").fill(user.username)
    page.locator("#here-password").fill(PASSWORD)
    page.locator("form.wide-alone [name=captcha_1]").fill("passed")
    page.locator("form.wide-alone").get_by_role("button", name="登录").click()

    expect(page).to_have_url(f"{live_server.url}/home/")
