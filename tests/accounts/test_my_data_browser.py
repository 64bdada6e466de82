"""我的信息 in a real Chromium: no barrier, phone width, keyboard; a deletion is asked for and answered."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import DataRequest, User
from accounts.services.consents import give_consents, texts_due
from tests.accounts.factories import PersonFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


def come_in(page: Page, live_server: LiveServer, user: User) -> User:
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return user


def test_every_page_has_no_barrier(live_server, page: Page, axe: Check, fits_phone: Check) -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()
    give_consents(user, texts_due(user))
    come_in(page, live_server, user)
    consent = user.consents.first()
    assert consent is not None
    for path in ("", "held/identity/", "held/consents/", "looks/", "correction/", "deletion/",
                 f"consents/{consent.pk}/withdraw/"):  # fmt: skip
        page.goto(f"{live_server.url}/my-data/{path}")
        axe(page)
        fits_phone(page)


def test_a_deletion_is_asked_for_and_answered(live_server, page: Page, axe: Check, fits_phone: Check) -> None:
    user = PersonFactory().users.get()
    give_consents(user, texts_due(user))
    come_in(page, live_server, user)
    page.goto(f"{live_server.url}/my-data/")
    page.get_by_role("link", name="申请删除").click()
    page.get_by_role("button", name="申请删除").click()
    axe(page)
    page.get_by_label("理由").fill("不再使用")
    page.get_by_label("我已了解将被删除和依法保留的内容").check()
    page.get_by_role("button", name="申请删除").press("Enter")
    expect(page.get_by_text("已收到您的申请")).to_be_visible()

    page.context.clear_cookies()
    come_in(page, live_server, UserFactory(administrator=True))
    page.goto(f"{live_server.url}/my-data/requests/")
    axe(page)
    fits_phone(page)
    page.get_by_role("link", name="删除").first.click()
    axe(page)
    fits_phone(page)
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("答复及理由").fill("依据个人信息保护法第四十七条，同意删除")
    page.get_by_role("button", name="提交答复").click()

    expect(page.get_by_text("已答复。")).to_be_visible()
    axe(page)
    assert DataRequest.objects.get().state == "granted"
    assert not User.objects.get(pk=user.pk).is_active
