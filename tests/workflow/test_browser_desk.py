"""What officers have in hand: the bar at the foot of a queue on a phone, and the files of their forms."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import PHONE
from tests.workflow import files
from tests.workflow.toy import TOY, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]
# CSS pixels: what a finger hits, and what one line of it takes with its edges.
TARGET, ONE_LINE = 44, 60

UNDER_THE_BAR = """async () => {
    const frames = () => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    // The window glides to what has the focus: what counts is where it comes to rest.
    for (let before = NaN; before !== window.scrollY; await frames()) before = window.scrollY;
    const bar = document.querySelector("[data-selection]").getBoundingClientRect();
    const own = document.activeElement.getBoundingClientRect();
    const isInside = document.activeElement.closest("[data-selection]");
    return !isInside && own.height < 100 && own.bottom > bar.top && own.top < bar.bottom;
}"""
TOO_SMALL = """minimum => [...document.querySelectorAll(
    ".table-cards label.hit, .table-cards .col-actions a, [data-selection] :is(button, summary, label)"
)].filter(part => part.checkVisibility()).map(part => [part.innerText, part.getBoundingClientRect()])
  .filter(([_, size]) => size.width < minimum || size.height < minimum).map(([text]) => text)"""


@pytest.fixture
def signed_in(live_server: LiveServer, browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_page(address: str, user: object, **options: object) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(locale="zh-CN", **options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        contexts.append(context)
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def phone(town: Town, signed_in: Callable[..., Page]) -> Page:
    for _ in range(3):
        town.at("report")
    return signed_in(reverse("workflow:queue", args=[TOY, "report"]), town.unit.user, viewport=PHONE)


def height(page: Page) -> float:
    return page.locator("[data-selection]").bounding_box()["height"]


def test_bar_of_a_queue_is_one_line_until_something_is_selected(phone: Page, axe: Check) -> None:
    bar = phone.locator("[data-selection]")

    assert height(phone) <= ONE_LINE
    expect(bar.get_by_role("button", name="上报至县人社局", exact=True)).to_be_visible()
    expect(bar.get_by_role("button", name="退回到单位待审核")).to_have_count(0)

    phone.locator("[data-row]").first.check()

    expect(bar).to_contain_text("合计6,000.00")
    assert height(phone) <= 2 * ONE_LINE
    bar.get_by_text("更多", exact=True).click()
    expect(bar.get_by_role("button", name="退回到单位待审核")).to_be_visible()
    axe(phone)

    bar.get_by_text("更多", exact=True).click()
    phone.locator("[data-row]").first.uncheck()
    assert height(phone) <= ONE_LINE


def test_what_a_finger_must_hit_is_large_enough(phone: Page) -> None:
    assert phone.evaluate(TOO_SMALL, TARGET) == []

    phone.locator("[data-row]").first.check()

    assert phone.evaluate(TOO_SMALL, TARGET) == []


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_focus_is_never_under_the_bar(phone: Page, key: str) -> None:
    phone.locator("[data-row]").first.check()
    covered = []

    for _ in range(30):
        phone.keyboard.press(key)
        if phone.evaluate(UNDER_THE_BAR):
            covered.append(phone.evaluate("document.activeElement.outerHTML"))

    assert covered == []


def test_a_wide_window_shows_every_button(town: Town, signed_in: Callable[..., Page]) -> None:
    town.at("report")

    page = signed_in(reverse("workflow:queue", args=[TOY, "report"]), town.unit.user)

    bar = page.locator("[data-selection]")
    expect(bar.get_by_role("button", name="退回到单位待审核")).to_be_visible()
    expect(bar.get_by_text("更多", exact=True)).to_be_hidden()


def test_decision_bar_leaves_the_case_to_be_read_on_a_phone(
    town: Town, signed_in: Callable[..., Page], axe: Check
) -> None:
    case = town.at("county")
    page = signed_in(reverse("workflow:case", args=[case.pk]), town.county.user, viewport=PHONE)
    bar = page.locator(".foot-bar")

    assert bar.bounding_box()["height"] <= ONE_LINE + 10
    expect(bar.get_by_role("button", name="退回修改")).to_have_count(0)
    bar.get_by_text("更多", exact=True).click()
    axe(page)
    bar.get_by_role("button", name="退回修改").click()

    expect(page.locator("[data-error-summary]")).to_contain_text("请填写退回修改的意见")
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(bar.get_by_role("button", name="退回修改")).to_have_count(1)
    expect(bar.get_by_text("更多", exact=True)).to_be_hidden()


def test_file_of_an_offices_form_is_browsed_for_like_any_material(
    town: Town, signed_in: Callable[..., Page], axe: Check
) -> None:
    case = town.at("city")
    page = signed_in(reverse("workflow:case", args=[case.pk]), town.city.user)
    browse = page.locator("#div_id_office-paper .browse")

    expect(browse.locator("output")).to_have_text("未选择文件")
    with page.expect_file_chooser() as chooser:
        browse.get_by_text("浏览", exact=True).click()
    chooser.value.set_files([{"name": "凭证.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}])

    expect(browse.locator("output")).to_have_text("凭证.pdf")
    axe(page)


def test_file_of_an_offices_form_is_chosen_without_scripts(town: Town, signed_in: Callable[..., Page]) -> None:
    case = town.at("city")

    page = signed_in(reverse("workflow:case", args=[case.pk]), town.city.user, java_script_enabled=False)

    browse = page.locator("#div_id_office-paper .browse")
    assert browse.get_by_label("凭证", exact=False).bounding_box()["height"] > 30
    expect(browse.get_by_text("浏览", exact=True)).to_be_hidden()
