"""The account pages in a real Chromium: nothing that axe finds, no sideways scroll on a phone, and what scripts add."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.delivery import deliver
from accounts.models import User
from tests.accounts.factories import OfficeFactory, OfficerFactory, UnitFactory
from tests.accounts.filling import decide, register_unit, submit
from tests.workflow.files import pdf
from workflow.enums import Action
from workflow.models import OutboxMessage, Region

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    """By cookie: the form has tests of its own."""
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])


@pytest.mark.parametrize(
    "url",
    ["/sign-in/", "/sign-in/unit/", "/sign-in/person/", "/sign-in/officer/", "/register/unit/", "/register/person/"],
)
def test_public_pages_have_no_barrier(live_server, page: Page, axe: Check, fits_phone: Check, url):
    page.goto(live_server.url + url)

    axe(page)
    fits_phone(page)


# The button that leads on to the materials.
NEXT = {"unit": "上传单位材料", "person": "下一步"}


@pytest.mark.parametrize("kind", ["unit", "person"])
def test_registration_forms_have_no_barrier_with_and_without_errors(
    live_server, page: Page, axe: Check, fits_phone: Check, kind
):
    OfficeFactory(kind="county_hr")
    page.goto(f"{live_server.url}/register/{kind}/")
    page.get_by_role("button", name="同意").click()

    axe(page)
    fits_phone(page)
    page.get_by_role("button", name=NEXT[kind]).click()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert page.title().startswith("错误：")
    axe(page)
    fits_phone(page)


def test_link_of_the_error_summary_leads_into_the_field(live_server, page: Page):
    page.goto(f"{live_server.url}/sign-in/unit/")
    page.locator("form.sheet").get_by_role("button", name="登录").click()

    page.get_by_role("link", name="密码：请填写密码").click()

    expect(page.get_by_label("密码")).to_be_focused()


def test_another_picture_can_be_asked_for(live_server, page: Page):
    page.goto(f"{live_server.url}/sign-in/unit/")
    before = page.locator("img.captcha").get_attribute("src")

    page.get_by_role("button", name="换一张").click()

    expect(page.locator("img.captcha")).not_to_have_attribute("src", before)
    assert page.locator("input[name=captcha_0]").input_value() in page.locator("img.captcha").get_attribute("src")


def test_chosen_county_brings_its_bureau(live_server, page: Page):
    OfficeFactory(kind="county_hr")
    other = OfficeFactory(kind="county_hr", region=Region.objects.get(pk="130903"))
    page.goto(f"{live_server.url}/register/unit/")
    page.get_by_role("button", name="同意").click()
    # Its scripts answer to what is chosen.
    page.wait_for_load_state()

    page.get_by_label("行政区划名称").select_option("130903")

    expect(page.get_by_label("主管部门")).to_have_value(str(other.pk))
    assert page.get_by_label("主管部门").locator("option").count() == 2


def test_typed_name_brings_suggestions_of_approved_units(live_server, page: Page):
    unit = UnitFactory(name="沧州建议有限公司")
    page.goto(f"{live_server.url}/register/person/")
    page.get_by_role("button", name="同意").click()
    # Nobody types before the page has its scripts.
    page.wait_for_url("**/register/person/form/")

    page.get_by_label("所在单位").press_sequentially("建议")

    expect(page.locator("#unit-options option")).to_have_attribute("value", f"沧州建议有限公司（{unit.code}）")


def test_status_page_of_a_returned_registration_has_no_barrier(live_server, page: Page, axe: Check, fits_phone: Check):
    client = Client()
    case = submit(client, register_unit(client))
    decide(case, OfficerFactory(office=case.supervisor), Action.SEND_BACK, opinion="请补充材料")
    sign_in(page, live_server, case.applicant)

    page.goto(f"{live_server.url}/registration/")

    expect(page.get_by_text("请补充材料").first).to_be_visible()
    axe(page)
    fits_phone(page)
    page.goto(f"{live_server.url}/home/")
    expect(page.get_by_text("请补充材料")).to_be_visible()
    expect(page.get_by_role("link", name="修改注册申请")).to_be_visible()
    axe(page)


def test_upload_of_the_missing_material_takes_the_refusal_away(live_server, page: Page, axe: Check):
    case = register_unit(Client())
    sign_in(page, live_server, case.applicant)
    page.goto(f"{live_server.url}/registration/")
    page.get_by_role("button", name="提交申请").click()
    refusal = page.get_by_role("alert").filter(has_text="企业营业执照")
    expect(refusal).to_be_visible()

    form = page.locator("#materials > details")
    form.locator("summary").click()
    axe(page)
    form.get_by_label("附件类型").select_option(label="企业营业执照")
    form.locator("input[type=file]").set_input_files(
        {"name": "执照.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    form.get_by_role("button", name="上传", exact=True).click()

    expect(page.locator("#material-business_licence")).to_contain_text("执照.pdf")
    expect(refusal).to_have_count(0)
    # What is to be done says so too, and no longer asks for what is there.
    expect(page.locator("#todo")).to_contain_text("必需材料已齐全")
    expect(page.locator("#todo")).not_to_contain_text("请选择")


@pytest.mark.parametrize("url", ["/account/", "/account/password/", "/unit/", "/messages/"])
def test_pages_of_a_unit_have_no_barrier(live_server, page: Page, axe: Check, fits_phone: Check, url):
    client = Client()
    case = submit(client, register_unit(client))
    decide(case, OfficerFactory(office=case.supervisor))
    for message in OutboxMessage.objects.all():
        deliver(message)
    sign_in(page, live_server, case.applicant)

    page.goto(live_server.url + url)

    axe(page)
    fits_phone(page)


def test_warning_comes_before_the_session_ends_and_one_button_goes_on(live_server, page: Page, axe: Check):
    sign_in(page, live_server, OfficerFactory())
    page.clock.install()
    page.goto(f"{live_server.url}/account/")
    page.clock.fast_forward("08:05")
    warning = page.get_by_role("dialog", name="即将自动退出")
    expect(warning).to_be_visible()

    warning.get_by_role("button", name="继续使用").click()

    expect(warning).to_be_hidden()
    page.clock.fast_forward("07:00")
    expect(warning).to_be_hidden()


def test_unused_page_goes_back_to_the_sign_in(live_server, page: Page):
    user = OfficerFactory()
    sign_in(page, live_server, user)
    page.clock.install()
    page.goto(f"{live_server.url}/account/")
    page.context.clear_cookies()

    page.clock.fast_forward("10:05")

    page.wait_for_url("**/sign-in/?next=%2Faccount%2F")
