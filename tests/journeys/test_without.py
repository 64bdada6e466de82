"""Without a mouse, and without JavaScript: the same pages lead to the same end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from subsidies.models import RentApplication
from tests.accounts.factories import PASSWORD, OfficeFactory, PersonFactory, UnitFactory
from tests.journeys.desk import Desk
from tests.journeys.papers import scan
from tests.subsidies.factories import RentApplicationFactory, add_required_papers
from tests.talent.factories import EducationFactory, WorkExperienceFactory
from workflow.enums import OrganisationKind, State
from workflow.models import Case

pytestmark = pytest.mark.browser

NAME_OF_FOCUS = """() => {
  const element = document.activeElement;
  const text = element.labels?.[0]?.innerText || element.getAttribute("aria-label") || element.innerText || "";
  return text.trim();
}"""
# The parts of a date field are the browser's own: the field itself then has no focus, its part shows it.
SHOWS_FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  return !document.activeElement.matches(":focus") || style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so; every stop on the way is visible."""
    for _stop in range(120):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), f"no focus to be seen on {page.evaluate(NAME_OF_FOCUS)!r} of {page.url}"
        if page.evaluate(NAME_OF_FOCUS).startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r} on {page.url}")


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_keyboard_alone_signs_in_and_opens_the_application(sit_down: Callable[..., Desk]) -> None:
    person = PersonFactory(unit=UnitFactory(), user__username="lixiaoyu")
    EducationFactory(person=person)
    WorkExperienceFactory(person=person)
    desk = sit_down()
    page = desk.page
    desk.open("/")

    tab_to(page, "个人登录")
    press_enter(page)
    for label, text in {"用户名": "lixiaoyu", "密码": PASSWORD, "图形验证码": "passed"}.items():
        tab_to(page, label)
        page.keyboard.type(text)
    press_enter(page)
    tab_to(page, "大学生租房补助")
    press_enter(page)
    tab_to(page, "在线办理")
    press_enter(page)
    tab_to(page, "租住地址")
    page.keyboard.type("河北省沧州市新华区解放西路2号")
    page.keyboard.press("Tab")

    expect(page.locator("#autosave")).to_contain_text("保存")
    assert RentApplication.objects.get().address == "河北省沧州市新华区解放西路2号"


def test_keyboard_jumps_over_the_menu_and_from_an_error_into_its_field(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    page = desk.page
    desk.open("/sign-in/person/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")

    tab_to(page, "登录")
    press_enter(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    tab_to(page, "用户名")
    page.keyboard.press("Enter")

    expect(page.get_by_label("用户名")).to_be_focused()


def test_without_javascript_a_paper_is_filed_and_the_application_submitted(sit_down: Callable[..., Desk]) -> None:
    for kind in OrganisationKind:
        OfficeFactory(kind=kind)
    person = PersonFactory(unit=UnitFactory(), user__username="lixiaoyu")
    application = RentApplicationFactory(person=person)
    add_required_papers(application)
    application.case.materials.filter(kind="id_card").delete()
    desk = sit_down(java_script_enabled=False)
    desk.sign_in("个人登录", "lixiaoyu", PASSWORD)

    desk.open("/home/")
    desk.follow("大学生租房补助")
    desk.press("下一步")
    desk.upload("身份证", scan("身份证.pdf"))
    desk.follow("下一步")
    desk.page.get_by_label("本人承诺").check()
    desk.press("提交")

    desk.heading("申请已提交")
    case = Case.objects.get(pk=application.case_id)
    assert (case.state, case.stage) == (State.IN_REVIEW, "unit")
    assert case.materials.get(kind="id_card").name == "身份证.pdf"
