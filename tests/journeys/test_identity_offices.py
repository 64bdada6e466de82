"""Accounts that others open, keep and renew, and what everybody may know of their own, in a real browser."""

import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import CounterReset, User
from tests.accounts.counters import make_counter
from tests.accounts.factories import (
    PASSWORD,
    OfficeFactory,
    OfficerFactory,
    PersonFactory,
    credit_code,
    id_number,
)
from tests.accounts.managing import as_handler, make_unit
from tests.accounts.test_counter_sheets import password_on
from tests.journeys import steps
from tests.journeys.desk import Desk
from tests.journeys.papers import scan
from tests.subsidies.factories import make_submitted_application
from workflow.enums import Action
from workflow.models import Case, Region
from workflow.services import perform_one
from workflow.worker import work_once

pytestmark = pytest.mark.browser

PHONE = "13900139000"
NEW = "Cangzhou-2027"
UNIT = "沧州运河食品有限公司"


def try_to_sign_in(desk: Desk, entry: str, username: str, password: str) -> None:
    desk.open(f"/sign-in/{entry}/")
    desk.type({"用户名": username, "密码": password, "图形验证码": "passed"})
    desk.press("登录")


def is_in(desk: Desk) -> None:
    expect(desk.page.get_by_role("banner").get_by_role("button", name="注销登录")).to_be_visible()


def register_legal_person(desk: Desk) -> None:
    """【注册】, 法人注册, everything with a *, 用户协议, 【立即注册】."""
    desk.open("/")
    desk.page.get_by_role("banner").get_by_role("link", name="注册", exact=True).click()
    desk.follow("法人注册")
    desk.heading("用户注册")
    desk.choose({"法人类型": "enterprise", "行政区划名称": "130902"})
    desk.type({
        "用户名": "yunhe", "密码": PASSWORD, "确认密码": PASSWORD, "单位名称": UNIT,
        "统一社会信用代码": credit_code(77_000), "注册地址": "解放西路1号", "法定代表人（负责人）姓名": "李建国",
        "法定代表人证件号码": id_number(5, "19700101"), "经办人姓名": "韩经办", "经办人证件号码": id_number(321),
        "经办人手机号码": PHONE,
    })  # fmt: skip
    desk.prove_phone(PHONE)
    steps.agree_to_all(desk)
    desk.press("立即注册")
    desk.heading("注册成功")
    desk.follow("登录")
    desk.heading("单位登录")


def complete_the_unit(desk: Desk) -> None:
    """信息完善: what the registration did not ask for, 【保存】."""
    town = Region.objects.filter(level=4, code__startswith="130902").first()
    assert town is not None
    desk.choose({
        "单位类型": "32", "经济类型": "150", "行业": "36", "注册地": "130902", "实际经营地": town.code,
        "是否劳务派遣单位": "no", "是否建筑施工企业": "no",
    })  # fmt: skip
    desk.type({
        "成立日期": "2015-05-01", "职工总数": "120", "实际经营地址": "解放西路2号",
        "证件号码": id_number(5, "19700101"), "法定代表人电话": "0317-1234567", "劳资（人事）负责人": "王人事",
        "劳资（人事）负责人电话": "0317-7654321",
    })  # fmt: skip
    desk.page.locator("[name=licence]").set_input_files([scan("营业执照.pdf")])
    desk.press("保存")


def test_legal_person_completes_the_unit_before_anything_else(sit_down: Callable[..., Desk]) -> None:
    OfficeFactory(kind="county_hr")
    desk = sit_down()
    register_legal_person(desk)
    try_to_sign_in(desk, "unit", "yunhe", PASSWORD)
    is_in(desk)

    steps.raise_the_real_name(desk)

    for path in ("/home/", "/unit/users/", "/account/", "/messages/"):
        desk.open(path)
        desk.heading("信息完善")
    desk.press("保存")
    desk.heading("信息完善")
    expect(desk.page.locator("[data-error-summary]")).to_be_visible()
    complete_the_unit(desk)
    expect(desk.page.get_by_text("已保存")).to_be_visible()
    desk.look()
    desk.menu("单位用户管理")
    desk.heading("单位用户管理")
    desk.sees("韩经办")


def test_administrator_adds_a_colleague_and_stops_the_account(sit_down: Callable[..., Desk], settings: Any) -> None:
    settings.DEMO = True
    unit = make_unit(handler__username="yunhe")
    manager, colleague = sit_down(), sit_down()
    manager.sign_in("单位登录", "yunhe", PASSWORD)
    manager.menu("单位用户管理")
    manager.heading("单位用户管理")
    manager.follow("新增")
    manager.heading("新增单位用户")
    manager.type({"用户名": "zhao", "姓名": "赵同事", "证件号码": id_number(321), "手机号码": PHONE})
    manager.press("开通账号并发送链接")
    manager.heading("单位用户管理")
    manager.sees("赵同事", "139****9000")

    steps.choose_the_password(colleague, NEW)
    try_to_sign_in(colleague, "unit", "zhao", NEW)
    is_in(colleague)
    colleague.heading("请确认同意")
    steps.agree_to_all(colleague)
    colleague.press("同意")
    colleague.open("/unit/")
    colleague.look()
    colleague.sees(unit.name)

    manager.follow("停用 赵同事")
    manager.heading("停用账号")
    manager.press("停用")
    manager.sees("已停用")
    colleague.open("/unit/")
    colleague.page.wait_for_url("**/sign-in/**")
    try_to_sign_in(colleague, "unit", "zhao", NEW)
    expect(colleague.page.get_by_role("alert")).to_contain_text("已注销")


def test_unit_corrects_closes_reopens_and_renews_the_account_of_a_person(
    sit_down: Callable[..., Desk], settings: Any
) -> None:
    """信息维护, 账号管理: 【修改】【注销】【撤销注销】【修改密码】."""
    settings.DEMO = True
    PersonFactory(unit=make_unit(handler__username="yunhe"), name="李晓雨", user__username="lixiaoyu")
    unit, person = sit_down(), sit_down()
    unit.sign_in("单位登录", "yunhe", PASSWORD)
    unit.menu("账号管理")
    unit.heading("账号管理")
    unit.follow("查看详情 李晓雨")
    unit.heading("李晓雨")
    unit.follow("修改")
    unit.heading("修改账号")
    unit.type({"电子邮箱": "xiaoyu@example.com"})
    unit.press("保存")
    unit.sees("xiaoyu@example.com")

    unit.follow("注销")
    unit.heading("注销账号")
    unit.type({"理由": "已离职"})
    unit.press("注销")
    unit.heading("李晓雨")
    unit.sees("已离职")
    try_to_sign_in(person, "person", "lixiaoyu", PASSWORD)
    expect(person.page.get_by_role("alert")).to_contain_text("已注销")

    unit.follow("撤销注销")
    unit.heading("撤销注销")
    unit.type({"理由": "误操作"})
    unit.press("撤销注销")
    unit.heading("李晓雨")
    try_to_sign_in(person, "person", "lixiaoyu", PASSWORD)
    is_in(person)
    person.sign_out()

    unit.follow("修改密码")
    unit.heading("修改密码")
    unit.press("发送链接")
    unit.heading("李晓雨")
    steps.choose_the_password(person, NEW)
    try_to_sign_in(person, "person", "lixiaoyu", NEW)
    is_in(person)


def ask_for_the_reset(clerk: Desk, number: str) -> None:
    """密码重置受理: the account by its number, papers seen, the signed form."""
    clerk.menu("密码重置受理")
    clerk.heading("密码重置受理")
    clerk.type({"用户名、证件号码或统一社会信用代码": number})
    clerk.press("查找账号")
    clerk.page.get_by_role("link", name="受理重置").click()
    clerk.heading("李晓雨")
    clerk.page.get_by_label("身份证原件及复印件").check()
    clerk.type({"证件号码": number})
    clerk.page.get_by_label("申请单扫描件").set_input_files([scan("申请单.pdf")])
    clerk.press("提交复核")
    clerk.sees("须由另一名经办人员确认")


def test_counter_renews_a_password_with_two_officers_and_prints_it_once(sit_down: Callable[..., Desk]) -> None:
    counter = make_counter()
    person = PersonFactory(name="李晓雨", user__username="lixiaoyu")
    clerk, second, holder = sit_down(), sit_down(), sit_down()
    clerk.sign_in("工作人员登录", counter.first.username, PASSWORD)
    ask_for_the_reset(clerk, person.number)
    clerk.look()
    expect(clerk.page.get_by_role("button", name="确认重置")).to_have_count(0)

    second.sign_in("工作人员登录", counter.second.username, PASSWORD)
    second.menu("密码重置复核与查询")
    second.heading("密码重置复核与查询")
    second.follow("lixiaoyu")
    second.heading("lixiaoyu")
    second.press("确认重置")
    second.sees("打印账号告知单")
    second.look()
    clerk.page.reload()
    paper, _tab = steps.print_the_notice(second)
    nothing, refused = steps.print_the_notice(clerk)

    assert nothing == b""
    expect(refused.get_by_role("heading", level=1)).to_have_text("告知单未打印")
    clerk.axe(refused)
    holder.open("/sign-in/person/")
    try_to_sign_in(holder, "person", "lixiaoyu", password_on(paper))
    holder.open("/home/")
    holder.heading("修改密码")
    holder.type({"当前密码": password_on(paper), "新密码": NEW, "确认新密码": NEW})
    holder.press("保存")
    holder.open("/home/")
    expect(holder.page).to_have_url(f"{holder.address}/home/")
    holder.look()
    assert User.objects.get(username="lixiaoyu").check_password(NEW)
    assert CounterReset.objects.get().state == "confirmed"


def look_at_the_number(desk: Desk, case: Case, reason: str) -> None:
    """The office that decides now, with its reason."""
    desk.open(f"/cases/{case.pk}/")
    desk.look()
    desk.follow("查看完整证件号码")
    desk.heading("查看完整证件号码")
    desk.type({"理由": reason})
    desk.press("查看完整号码")
    desk.sees("本次查看已记录")
    desk.look()


def exported(desk: Desk) -> dict[str, Any]:
    """【导出我的信息】: the file that a computer reads, out of what was downloaded."""
    desk.open("/home/")
    desk.follow("我的信息")
    desk.heading("我的信息")
    desk.press("导出我的信息")
    desk.heading("我的信息")
    work_once()
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="下载").click()
    content: dict[str, Any] = json.loads(zipfile.ZipFile(download.value.path()).read("data.json"))
    return content


def test_person_sees_and_exports_own_data_and_who_looked_at_it(sit_down: Callable[..., Desk]) -> None:
    unit = make_unit()
    person = PersonFactory(unit=unit, user__username="lixiaoyu")
    case = make_submitted_application(person=person, unit=unit).case
    for _step in ("审核通过", "上报至县人社局"):
        perform_one(Action.APPROVE, Case.objects.get(pk=case.pk), as_handler(unit))
    officer, owner = sit_down(), sit_down()
    officer.sign_in("工作人员登录", OfficerFactory(office=unit.parent).username, PASSWORD)
    look_at_the_number(officer, case, "核对身份证原件")
    owner.sign_in("个人登录", "lixiaoyu", PASSWORD)
    owner.follow("我的信息")
    owner.heading("我的信息")

    owner.follow("基本信息")
    owner.look()
    expect(owner.page.get_by_role("main")).not_to_contain_text(person.number)
    owner.press("查看完整号码")
    owner.sees(person.number)
    owner.follow("我的信息")
    owner.follow("谁看过我的信息")
    owner.heading("谁看过我的信息")
    owner.sees(unit.parent.name, "证件号码", "核对身份证原件")
    content = exported(owner)

    assert person.number in json.dumps(content["sections"])
    assert [(look["who"], look["reason"]) for look in content["looked_at_by"]] == [(unit.parent.name, "核对身份证原件")]
