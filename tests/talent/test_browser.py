"""Photo and proofs as a person meets them: in a browser, on a phone, and with axe."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from talent.models import Proof
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import make_submittable_application
from tests.talent.factories import WorkExperienceFactory
from tests.workflow import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])


def test_photo_and_proofs_from_the_profile_to_the_case(live_server: LiveServer, page: Page, axe: Check) -> None:
    person = PersonFactory(unit=UnitFactory())
    work = WorkExperienceFactory(person=person)
    application = make_submittable_application(person=person, work=False)
    sign_in(page, live_server, person.users.get())
    look(page, axe, f"{live_server.url}/profile/")

    choose_photo(page, files.saved(files.picture(150, 210), "JPEG"))
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("像素")
    look(page, axe)
    choose_photo(page, files.saved(files.picture(300, 420), "JPEG"))
    printed = page.get_by_alt_text("打印时的照片效果")
    expect(printed).to_be_visible()
    assert printed.evaluate("image => image.decode().then(() => image.naturalHeight)") == 441
    look(page, axe)

    page.goto(f"{live_server.url}/work/")
    page.get_by_role("link", name="上传或修改证明材料").click()
    line = page.locator("#material-work_contract")
    line.locator("summary").click()
    line.locator("input[type=file]").set_input_files(
        [
            {"name": "劳动合同.pdf", "mimeType": "application/pdf", "buffer": files.pdf()},
            {"name": "假.pdf", "mimeType": "application/pdf", "buffer": files.xlsx()},
        ]
    )
    line.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("假.pdf")
    expect(page.locator(".files .name")).to_have_text("劳动合同.pdf")
    look(page, axe)

    look(page, axe, f"{live_server.url}/work/")
    expect(page.get_by_role("link", name="预览 劳动合同.pdf")).to_be_visible()
    look(page, axe, f"{live_server.url}/rent/{application.pk}/check/")
    page.get_by_label("本人承诺").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/submitted/")
    Proof.objects.filter(work=work).delete()

    assert person.unit is not None
    sign_in(page, live_server, person.unit.duties.get().user)
    look(page, axe, f"{live_server.url}/cases/{application.pk}/")
    filed = page.get_by_role("list", name="随申请提交的照片和证明材料")
    expect(filed.get_by_role("listitem")).to_have_count(1)
    expect(page.locator("#material-labour_contract")).to_contain_text("劳动合同.pdf")
    with page.context.expect_page() as opened:
        filed.get_by_role("link", name="预览 照片.jpg").click()
    expect(opened.value.get_by_role("img", name="照片.jpg")).to_be_visible()
    axe(opened.value)


def look(page: Page, axe: Check, url: str = "") -> None:
    """No barrier and no sideways scroll, on a desk and on a phone."""
    if url:
        page.goto(url)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        axe(page)
        overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overhang <= 0, f"{page.url} is {overhang} px too wide at {size['width']} px"
    page.set_viewport_size(DESK)


def choose_photo(page: Page, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": content})
    page.get_by_role("button", name="上传照片").click()
