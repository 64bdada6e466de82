"""Manuals 000, 003 and 004 in a real browser: everyone by the door that is theirs, each page at both sizes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from talent.models import WorkExperience
from tests.accounts.counters import make_counter
from tests.accounts.factories import PASSWORD, OfficeFactory, OfficerFactory, PersonFactory, UnitFactory, id_number
from tests.accounts.signing import add_app, code
from tests.accounts.test_counter_sheets import password_on
from tests.journeys import steps
from tests.journeys.desk import Desk
from tests.journeys.papers import scan
from workflow.enums import OrganisationKind

pytestmark = pytest.mark.browser

PHONE = "13900139000"


def register_natural_person(desk: Desk) -> None:
    """步骤1-3: 【注册】 at the upper right, 自然人注册, everything with a *, 用户协议, 【立即注册】."""
    desk.open("/")
    desk.look()
    desk.page.get_by_role("banner").get_by_role("link", name="注册", exact=True).click()
    desk.heading("用户注册")
    desk.follow("自然人注册")
    desk.type({
        "用户名": "lixiaoyu", "密码": PASSWORD, "确认密码": PASSWORD, "真实姓名": "李晓雨", "证件号码": id_number(321),
        "手机号码": PHONE,
    })  # fmt: skip
    desk.prove_phone(PHONE)
    steps.agree_to_all(desk)
    desk.press("立即注册")
    desk.heading("注册成功")


def sign_in_for(desk: Desk, item: str, username: str) -> None:
    """方式二 of manual 003: the item first; the box over the page asks for the name, and the item goes on."""
    desk.open("/")
    desk.follow(item)
    box = desk.page.get_by_role("dialog", name="登录")
    expect(box).to_contain_text(f"您选择的事项是“{item}”")
    desk.axe(desk.page)
    for label, text in {"用户名": username, "密码": PASSWORD, "图形验证码": "passed"}.items():
        box.get_by_label(re.compile(label)).fill(text)
    box.get_by_role("button", name="登录", exact=True).click()
    expect(desk.page.get_by_role("button", name="注销登录")).to_be_visible()


def test_natural_person_registers_chooses_an_item_and_may_apply_after_the_real_name(
    sit_down: Callable[..., Desk],
) -> None:
    for kind in OrganisationKind:
        OfficeFactory(kind=kind)
    desk = sit_down()
    register_natural_person(desk)

    sign_in_for(desk, steps.RENT, "lixiaoyu")
    desk.heading(steps.RENT)
    desk.sees(steps.NOT_VERIFIED)
    steps.raise_the_real_name(desk)

    assert User.objects.get(username="lixiaoyu").real_name_level == 2
    desk.open("/")
    desk.look()
    desk.follow(steps.RENT)
    desk.heading(steps.RENT)


def test_page_left_alone_keeps_what_was_typed_for_whoever_typed_it(
    sit_down: Callable[..., Desk], settings: Any
) -> None:
    settings.IDLE_MINUTES = 0.5
    PersonFactory(unit=UnitFactory(), user__username="lixiaoyu")
    desk = sit_down()
    desk.sign_in("个人登录", "lixiaoyu", PASSWORD)
    desk.open("/work/add/")
    desk.type({"岗位/职务": "研发工程师"})

    desk.page.wait_for_url("**/sign-in/?next=*", timeout=60_000)
    desk.follow("个人登录")
    desk.type({"用户名": "lixiaoyu", "密码": PASSWORD, "图形验证码": "passed"})
    desk.press("登录")

    desk.sees("您登录前填写的内容已恢复，尚未提交")
    expect(desk.labelled("岗位/职务")).to_have_value("研发工程师")
    desk.look()
    assert not WorkExperience.objects.exists()


def test_officer_comes_in_with_the_second_factor_alone(sit_down: Callable[..., Desk], settings: Any) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    officer = OfficerFactory(username="o-first")
    secret = add_app(officer)
    desk = sit_down()
    desk.open("/sign-in/officer/")
    desk.heading("工作人员登录")
    desk.type({"用户名": "o-first", "密码": PASSWORD, "图形验证码": "passed"})
    desk.press("登录")
    desk.heading("动态验证码")

    desk.open("/home/")
    desk.heading("动态验证码")
    desk.type({"动态验证码": code(secret)})
    desk.page.keyboard.press("Enter")

    expect(desk.page.get_by_role("button", name="注销登录")).to_be_visible()
    desk.look()


def test_account_opened_at_a_counter_changes_its_printed_password_first(sit_down: Callable[..., Desk]) -> None:
    """Questions 1-3 and 7 of manual 003: papers seen, items granted, name and password handed over."""
    counter = make_counter()
    clerk = sit_down()
    clerk.sign_in("工作人员登录", counter.first.username, PASSWORD)
    clerk.open("/counter/openings/new/?subject=person")
    clerk.heading("开户受理")
    clerk.page.locator("[name=papers]").check()
    clerk.page.locator("[name=items][value=graduate_rent]").check()
    clerk.type({"姓名": "蒋个人", "证件号码": id_number(321), "手机号码": PHONE, "用户名": "jiang"})
    clerk.prove_phone(PHONE)
    clerk.page.locator("[name=scan]").set_input_files([scan("协议.pdf")])
    clerk.page.locator("#opening .btn-primary").last.click()
    clerk.heading("蒋个人")
    paper, tab = steps.print_the_notice(clerk)
    tab.close()
    password = password_on(paper)

    holder = sit_down()
    holder.open("/sign-in/person/")
    holder.type({"用户名": "jiang", "密码": password, "图形验证码": "passed"})
    holder.press("登录")
    holder.open("/rent/mine/")
    expect(holder.page).to_have_url(re.compile("/account/password/$"))
    holder.look()
    for name, text in {"current": password, "password": PASSWORD, "password_again": PASSWORD}.items():
        if holder.page.locator(f"[name={name}]").count():
            holder.page.locator(f"[name={name}]").fill(text)
    holder.page.locator("main .btn-primary").last.click()
    holder.heading("请确认同意")
    for box in holder.page.locator("main [type=checkbox]").all():
        box.check()
    holder.page.locator("main .btn-primary").last.click()

    holder.open("/rent/mine/")
    holder.heading(steps.RENT)


def test_item_of_employers_tells_an_individual_which_account_it_needs(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    register_natural_person(desk)
    desk.follow("登录")
    desk.type({"用户名": "lixiaoyu", "密码": PASSWORD, "图形验证码": "passed"})
    desk.press("登录")
    expect(desk.page.get_by_role("button", name="注销登录")).to_be_visible()

    desk.open("/")
    desk.follow("个人补助申请审核")

    desk.heading("请使用法人账号登录")
    desk.press("注销并使用其他账号登录")
    expect(desk.page.get_by_role("heading", name="用户登录")).to_be_visible()
