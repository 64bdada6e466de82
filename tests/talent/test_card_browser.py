"""The card in a browser: as its holder carries it, as the office keeps it, as a stranger verifies it; with axe."""

import os
import uuid
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from talent.documents.card_faces import verify_url
from talent.services.card_prints import make_run, note_fetch
from talent.services.cards import report_loss
from talent.services.signing import card_code
from tests.talent.cards import city_officer, holder_actor, holder_of, make_card, officer_actor
from tests.talent.test_browser import sign_in
from workflow import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
SIZES: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 360, "height": 740})


def look(page: Page, axe: Check, url: str) -> None:
    """At both sizes: nothing sticks out sideways, and axe finds nothing."""
    for size in SIZES:
        page.set_viewport_size(size)
        page.goto(url)
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{url} is {wide} px too wide at {size['width']} px"
        if os.environ.get("CARD_SHOTS"):
            name = url.split("/", 3)[3].strip("/").replace("/", "-")[:40]
            page.screenshot(path=f"{os.environ['CARD_SHOTS']}/{name}_{size['width']}.png", full_page=True)


def test_holder_reports_the_loss_and_finds_the_card_again(live_server: LiveServer, page: Page, axe: Check) -> None:
    card = make_card(name="李海洋", name_latin="LI HAIYANG", photo=True, level="B")
    sign_in(page, live_server, holder_of(card))
    look(page, axe, f"{live_server.url}/cards/")

    page.get_by_role("link", name="挂失", exact=True).click()
    page.get_by_role("button", name="挂失").click()
    expect(page.get_by_text("已挂失。此卡即刻停止使用。")).to_be_visible()
    look(page, axe, f"{live_server.url}/cards/own/{card.number}/found/")
    page.get_by_role("button", name="解除挂失").click()

    expect(page.get_by_text("已解除挂失")).to_be_visible()


def test_anybody_verifies_a_card(live_server: LiveServer, page: Page, axe: Check) -> None:
    card = make_card(name="李海洋")
    url = verify_url(card_code(card), live_server.url)

    look(page, axe, url)
    expect(page.get_by_role("heading", name="有效")).to_be_visible()
    report_loss(card, actor=holder_actor(card))
    look(page, axe, url)

    expect(page.get_by_role("heading", name="挂失")).to_be_visible()
    look(page, axe, f"{live_server.url}/cards/verify/forged/")
    look(page, axe, f"{live_server.url}/cards/verify/")


def test_office_prints_hands_out_and_freezes(live_server: LiveServer, page: Page, axe: Check) -> None:
    card = make_card(name="محمد بن عبد العزيز", name_latin="MOHAMMED BIN ABDULAZIZ")
    make_card(name="李海洋", level="A")
    sign_in(page, live_server, city_officer())
    look(page, axe, f"{live_server.url}/cards/manage/")

    page.get_by_role("checkbox", name=card.number).check()
    page.get_by_label("补打原因").fill("首次打印")
    page.get_by_role("button", name="补打").click()
    look(page, axe, page.url)
    look(page, axe, f"{live_server.url}/cards/runs/")
    look(page, axe, f"{live_server.url}/cards/manage/{card.pk}/hand-out/")
    page.get_by_label("领取人已在登记表上签收").check()
    page.get_by_role("button", name="登记").click()
    look(page, axe, f"{live_server.url}/cards/manage/{card.pk}/freeze/")
    page.get_by_label("理由").fill("用人单位来函")
    page.get_by_role("button", name="冻结此卡").click()

    expect(page.get_by_text("此卡已冻结。")).to_be_visible()
    look(page, axe, f"{live_server.url}/cards/manage/{card.pk}/")


def test_office_sees_who_took_the_file_of_a_run(live_server: LiveServer, page: Page, axe: Check) -> None:
    run = make_run([make_card()], officer_actor(), at=clock.now(), token=uuid.uuid4())
    for reason in ("", "下载中断，打印机未收到完整文件"):
        note_fetch(run, officer_actor(), reason=reason)
    sign_in(page, live_server, city_officer())

    look(page, axe, f"{live_server.url}{reverse('talent:print_run', args=[run.token])}")

    expect(page.get_by_role("heading", name="文件下载记录")).to_be_visible()
    expect(page.get_by_label("再次下载的原因")).to_be_visible()
