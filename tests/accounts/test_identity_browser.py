import re

import pytest
from playwright.sync_api import Page, expect

from accounts import identity_service
from accounts.models import User
from tests.accounts.factories import id_number, phone_number
from tests.accounts.identity import CLIENT_ID, SECRET, configure, natural, verified_person
from tools.identity_provider import Citizen, ProviderProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = id_number(7)
CITIZENS = [
    Citizen("one", "沈知远", natural(name="沈知远", id_number=NUMBER, phone_number=phone_number(5))),
    Citizen("two", "陆未央", natural(name="陆未央", id_number=id_number(8), real_name_level=1)),
]


@pytest.fixture
def service(settings, live_server):
    identity_service._configurations.clear()
    process = ProviderProcess()
    issuer = process.serve(
        host="127.0.0.1",
        port=0,
        client_id=CLIENT_ID,
        secret=SECRET,
        callbacks=[f"{live_server.url}/sign-in/identity-service/return/"],
        citizens=CITIZENS,
    )
    configure(settings, issuer)
    yield issuer
    process.stop()


def go(page: Page, name: str) -> None:
    page.get_by_role("button", name="中国政务服务平台", exact=True).click()
    page.get_by_label(name).check()
    page.get_by_role("button", name="地方政府服务窗口", exact=True).click()


def test_person_comes_in_by_the_identity_service(page, live_server, service, axe, fits_phone):
    """The steps of the manual: 中国政务服务平台, the account there, 地方政府服务窗口."""
    user = verified_person(number=NUMBER).users.get()
    User.objects.filter(pk=user.pk).update(password="!")
    page.goto(f"{live_server.url}/sign-in/person/?next=/account/")
    axe(page)
    fits_phone(page)

    page.get_by_role("button", name="中国政务服务平台", exact=True).click()
    expect(page).to_have_url(re.compile(re.escape(service)))
    axe(page)
    fits_phone(page)
    page.get_by_label("沈知远").check()
    page.get_by_role("button", name="地方政府服务窗口", exact=True).click()

    expect(page).to_have_url(f"{live_server.url}/account/")
    axe(page)
    fits_phone(page)
    page.get_by_role("link", name="设置密码").click()
    axe(page)
    fits_phone(page)
    page.locator("#id_password").fill("Bohai-2027")
    page.locator("#id_password_again").fill("Bohai-2027")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("密码已设置")).to_be_visible()
    page.get_by_role("link", name="解除关联").click()
    axe(page)
    fits_phone(page)


def test_refusal_is_a_page_that_says_why(page, live_server, service, axe, fits_phone):
    page.goto(f"{live_server.url}/sign-in/")

    go(page, "陆未央")

    expect(page.get_by_role("alert")).to_contain_text("实名")
    axe(page)
    fits_phone(page)
    assert not User.objects.exists()


def test_way_works_without_scripts(browser, live_server, service):
    verified_person(number=NUMBER)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/person/?next=/messages/")

    go(page, "沈知远")

    expect(page).to_have_url(f"{live_server.url}/messages/")
    context.close()
