"""What a card holder asks for, in a browser and on a phone, with axe on each page."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from talent.enums import ChangeKind
from talent.models import ServiceRequest
from tests.talent.cards import holder_of, make_card
from tests.talent.change_factories import file_change, make_change, make_holder, officer_for
from tests.talent.test_browser import DESK, PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


def enter(page: Page, live_server: LiveServer, user: User, address: str) -> None:
    page.context.clear_cookies()
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}{address}")


def test_service_from_the_catalogue_to_the_evaluation(live_server: LiveServer, page: Page, axe: Check) -> None:
    card = make_card(make_holder(), level="B")
    page.set_viewport_size(DESK)
    enter(page, live_server, holder_of(card), reverse("talent:services"))
    axe(page)
    page.get_by_role("row", name="子女入学").get_by_role("button").click()
    page.get_by_label("申请内容").fill("孩子今年九月入小学一年级。")
    axe(page)
    page.get_by_role("button", name="下一步").click()
    axe(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("服务专员尚未受理。")).to_be_visible()

    case = ServiceRequest.objects.select_related("case").get().case
    enter(page, live_server, officer_for(case), reverse("workflow:case", args=[case.pk]))
    page.get_by_label("承办部门").fill("新华区教育局")
    page.get_by_role("button", name="受理", exact=True).click()
    page.goto(f"{live_server.url}{reverse('workflow:case', args=[case.pk])}")
    page.get_by_label("已办理").check()
    page.get_by_label("结果说明").fill("已安排入学。")
    page.get_by_role("button", name="办结", exact=True).click()
    page.goto(f"{live_server.url}{reverse('talent:service_statistics')}")
    axe(page)

    enter(page, live_server, holder_of(card), reverse("talent:request_state", args=[case.pk]))
    expect(page.get_by_text("新华区教育局")).to_be_visible()
    axe(page)
    page.get_by_label("非常满意").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("heading", name="我的评价")).to_be_visible()
    assert ServiceRequest.objects.get().rating == 5


def test_pages_of_a_holder_fit_a_phone(live_server: LiveServer, page: Page, axe: Check, fits_phone: Check) -> None:
    change = make_change(ChangeKind.RENEW)
    page.set_viewport_size(PHONE)
    for name, args in (
        ("changes", []),
        ("change_edit", [change.pk]),
        ("change_check", [change.pk]),
        ("services", []),
    ):
        enter(page, live_server, holder_of(change.card), reverse(f"talent:{name}", args=args))
        axe(page)
        fits_phone(page)
    file_change(change)
    page.goto(f"{live_server.url}{reverse('talent:change_submitted', args=[change.pk])}")
    axe(page)
    fits_phone(page)
