"""What each office does on the way of a rent subsidy, and how people get at their accounts, as the manuals say it."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from tests.accounts.factories import PASSWORD, credit_code, id_number
from tests.journeys.desk import Desk
from tests.journeys.papers import photo, scan, screen
from tests.talent.factories import months_ahead
from workflow import clock

UNIT, PERSON = "沧州御河智能装备有限公司", "李晓雨"
CODE, NUMBER = credit_code(4711), id_number(321)
ADDRESS = "河北省沧州市新华区建设北街朝阳小区3号楼2单元501室"
RENT = "大学生租房补助申请"
NOT_VERIFIED = "非实名用户，请在用户中心->账户资料->进行实名等级提升"


def day(months: int) -> str:
    return months_ahead(months).isoformat()


def month(months: int) -> str:
    return f"{months_ahead(months):%Y-%m}"


def register_unit(desk: Desk) -> None:
    """系统首页 → 【单位登录】 → 【单位注册】 → 用户须知 【同意】 → form → 【上传单位材料】 → 【提交申请】"""
    desk.open("/")
    desk.look()
    desk.page.get_by_role("link", name="单位登录").first.click()
    desk.follow("单位注册")
    desk.heading("用户须知")
    desk.press("同意")
    desk.heading("单位注册")
    desk.type({
        "用户名": "yuhe", "密码": PASSWORD, "确认密码": PASSWORD, "用户姓名": "王人事", "手机号码": "13800138000",
        "电子邮箱": "hr@example.com", "单位名称": UNIT, "统一社会信用代码": CODE, "单位负责人": "李建国",
        "负责人联系方式": "0317-1234567", "注册/经营地址": "河北省沧州市新华区解放西路1号",
    })  # fmt: skip
    desk.prove_phone("13800138000")
    desk.choose({"行政区划名称": "130902"})
    expect(desk.labelled("主管部门").locator("option")).to_have_count(2)
    desk.labelled("主管部门").select_option(index=1)
    desk.choose({"单位类型": "32", "行业": "C"})
    desk.page.get_by_label("我单独同意").check()
    desk.press("上传单位材料")
    desk.heading("单位注册")
    desk.follow("上传单位材料")
    desk.upload("企业营业执照", photo("营业执照.jpg"))
    desk.look()
    desk.press("提交申请")
    desk.sees("待县区人社局审核")


def review_the_unit(desk: Desk) -> None:
    """县区人社局: the to-do line, 【查看详情】, 审核通过."""
    desk.queue("您有【1】个单位注册申请待审核")
    desk.sees(UNIT)
    desk.follow(f"查看详情 {UNIT}")
    desk.heading(UNIT)
    desk.sees("营业执照.jpg", CODE)
    desk.press("审核通过")
    desk.sees(f"已审核通过：{UNIT}")


def register_person(desk: Desk) -> None:
    """个人登录 → 个人注册, choosing the approved unit."""
    desk.open("/sign-in/")
    desk.follow("个人注册")
    desk.heading("用户须知")
    desk.press("同意")
    desk.heading("个人注册")
    desk.type({
        "用户名": "lixiaoyu", "密码": PASSWORD, "确认密码": PASSWORD, "姓名": PERSON, "证件号码": NUMBER,
        "手机号码": "13900139000", "毕业院校": "河北工业大学", "所学专业": "材料科学与工程",
        "毕业时间": f"{clock.today().year - 2}-06-28", "毕业证书编号": "100801202402000123", "所在单位": UNIT,
        "入职时间": day(-18),
    })  # fmt: skip
    desk.prove_phone("13900139000")
    desk.choose({"学历": "14", "学位": "3"})
    desk.page.get_by_label("我单独同意").check()
    desk.press("下一步：上传材料")
    desk.heading("个人注册")
    desk.upload("身份证", photo("身份证正面.jpg"), photo("身份证反面.jpg"))
    desk.upload("毕业证", scan("毕业证.pdf"))
    desk.upload("劳动合同", scan("劳动合同.pdf"))
    desk.press("提交申请")
    desk.sees("待单位审核")


def review_the_person(desk: Desk) -> None:
    """单位: 【个人注册审核】 → 【审核】 → 【单人审核】 → 审核通过."""
    desk.queue("您有【1】个个人注册账号待审核")
    desk.heading("个人注册审核")
    desk.sees(PERSON)
    desk.page.get_by_label("选择 lixiaoyu").check()
    desk.page.locator("summary", has_text="审核").last.click()
    desk.press("单人审核")
    desk.heading(PERSON)
    desk.sees("身份证正面.jpg", "毕业证.pdf")
    desk.press("审核通过")
    desk.sees("已审核通过")


def keep_work_experience(desk: Desk) -> None:
    """维护工作经历."""
    desk.open("/home/")
    desk.look()
    desk.open("/work/")
    desk.heading("工作经历")
    desk.follow("添加工作经历")
    desk.type({
        "岗位/职务": "研发工程师", "入职时间": day(-18), "合同起始日期": day(-18),
        "合同终止日期": (months_ahead(18) - timedelta(days=1)).isoformat(), "社保缴纳起始年月": month(-18),
    })  # fmt: skip
    desk.choose({"所在地": "130902", "劳动合同类型": "1", "社保缴纳地": "130902"})
    expect(desk.labelled("工作单位")).to_have_value(UNIT)
    desk.look()
    desk.press("保存")
    desk.sees("已保存", "研发工程师")


def fill_in_the_application(desk: Desk) -> None:
    """个人补助申请: the form computes 月数, 标准 and 合计 while it is filled in."""
    desk.open("/rent/")
    desk.heading("大学生租房补助")
    desk.press("在线办理")
    desk.heading("大学生租房补助")
    desk.type({
        "首次来沧就业时间": day(-18), "社保首缴年月": month(-18), "连续缴纳月数": "18", "租住地址": ADDRESS,
        "出租人姓名": "赵六", "租赁合同起始日期": day(-12),
        "租赁合同终止日期": (months_ahead(12) - timedelta(days=1)).isoformat(), "月租金": "1200",
        "补助申领起始日期": month(-6), "截止年月": month(-1), "户名": PERSON, "开户银行": "中国建设银行",
        "开户行网点": "沧州新华支行", "银行账号": "6217000010001234569", "再次输入银行账号": "6217000010001234569",
    })  # fmt: skip
    desk.labelled("申请所用学历").select_option(index=1)
    desk.choose({"婚姻状况": "10"})
    desk.answer("本人及配偶在本市有无自有住房", "无")
    desk.page.get_by_role("group", name=re.compile("享受")).get_by_label("否", exact=True).check()
    summary = desk.page.locator("#summary")
    expect(summary).to_contain_text("6,000.00")
    expect(summary).to_contain_text("1,000.00")
    desk.look()
    desk.press("下一步")
    desk.heading("上传材料")


def hand_in_the_papers(desk: Desk) -> None:
    """A photo, a scan, a screenshot: each kind of file that people have."""
    desk.upload("身份证", photo())
    desk.upload("毕业证", scan("毕业证.pdf"))
    desk.upload("学信网", screen())
    desk.upload("劳动合同", scan("劳动合同.pdf"))
    desk.upload("社保缴费证明", screen("社保.png"))
    desk.upload("租赁合同", scan("租赁合同.pdf"))
    desk.upload("无房承诺书", photo("无房承诺书.jpg"))
    desk.upload("银行卡复印件", photo("银行卡.jpg"))
    desk.look()
    desk.follow("下一步")
    desk.heading("核对并提交")


def submit(desk: Desk) -> None:
    desk.page.get_by_label(re.compile("本人承诺")).check()
    desk.press("提交")
    desk.heading("申请已提交")


def approve_and_report(desk: Desk) -> None:
    """单位: 【审核】 → 【一键审核通过】, which asks first; 同时上报至县人社局."""
    desk.queue(f"您有【1】个{RENT}待审核")
    desk.heading("个人补助申请审核")
    desk.sees(PERSON, "硕士", "6,000.00")
    desk.page.locator("summary", has_text="审核").last.click()
    desk.press("一键审核通过")
    desk.sees("6,000.00")
    desk.approve_all("审核通过", along="同时上报至县人社局")
    desk.sees("上报至县人社局")


def return_to_the_person(desk: Desk) -> None:
    """县区人社局: 退回修改, first without the compulsory reason."""
    desk.queue(f"您有【1】个{RENT}待审核")
    desk.heading("补助审核")
    desk.follow(f"查看详情 {PERSON}")
    desk.heading(PERSON)
    desk.press("退回修改")
    expect(desk.page.get_by_role("alert").first).to_contain_text("意见")
    desk.look()
    desk.type({"意见": "出租人姓名与租赁合同不一致，请按合同填写。"})
    desk.press("退回修改")
    desk.sees("已退回修改")


def correct_and_resubmit(desk: Desk) -> None:
    """The opinion stands on the form; what is entitled stays, so it goes straight back."""
    desk.open("/home/")
    desk.sees("退回")
    desk.follow("大学生租房补助")
    desk.sees("出租人姓名与租赁合同不一致")
    desk.type({"出租人姓名": "赵立新"})
    desk.press("下一步")
    desk.heading("上传材料")
    desk.follow("下一步")
    desk.heading("核对并提交")
    submit(desk)
    desk.sees("待县区人社局审核")


def approve_what_changed(desk: Desk) -> None:
    """县区人社局 sees what changed since the return, then 审核通过."""
    desk.queue(f"您有【1】个{RENT}待审核")
    desk.follow(f"查看详情 {PERSON}")
    changes = desk.page.get_by_role("region", name="修改对比")
    expect(changes.locator("del")).to_have_text("赵六")
    expect(changes.locator("ins")).to_have_text("赵立新")
    desk.look()
    desk.press("审核通过")
    desk.sees("已审核通过")


def publish(desk: Desk) -> None:
    """县区公示: one notice of the whole selection."""
    desk.queue(f"您有【1】个{RENT}待公示")
    desk.heading("补助公示")
    desk.tick_all()
    desk.press("发布公示")
    desk.heading("请确认：发布公示")
    desk.type({"公示标题": "新华区大学生租房补助公示", "监督电话": "0317-0000000"})
    desk.press("发布公示")
    desk.all_done("发布公示")


def read_the_notice(desk: Desk) -> None:
    """Anybody, without signing in: the name in full, the number masked."""
    desk.open("/notices/")
    desk.look()
    desk.follow("新华区大学生租房补助公示")
    desk.heading("新华区大学生租房补助公示")
    desk.sees(PERSON, f"{NUMBER[:6]}********{NUMBER[-4:]}")
    expect(desk.page.get_by_role("main")).not_to_contain_text(NUMBER)
    desk.page.get_by_role("link", name=re.compile(f"登记异议.*{PERSON}")).click()
    desk.heading("登记异议")
    desk.look()


def panel_review(desk: Desk) -> None:
    """县区评审, with its minutes."""
    desk.queue(f"您有【1】个{RENT}待评审")
    desk.heading("补助评审")
    desk.follow(f"查看详情 {PERSON}")
    desk.heading(PERSON)
    desk.type({"评审专家": "张三，李四", "评审结论": "全部通过。"})
    desk.labelled("评审会议记录").set_input_files([scan("评审会议纪要.pdf")])
    desk.look()
    desk.press("评审通过")
    desk.sees("已评审通过")


def report_to_the_county_department(desk: Desk) -> None:
    _all_at_once(desk, f"您有【1】个{RENT}待上报", "上报县组织部")


def confirm_in_the_county(desk: Desk) -> None:
    _all_at_once(desk, f"您有【1】个{RENT}待确认", "确认")


def sum_up_in_the_city(desk: Desk) -> None:
    _all_at_once(desk, f"您有【1】个{RENT}待汇总", "汇总")


def report_to_the_city_department(desk: Desk) -> None:
    _all_at_once(desk, f"您有【1】个{RENT}待上报", "上报市组织部")


def confirm_in_the_city(desk: Desk) -> None:
    _all_at_once(desk, f"您有【1】个{RENT}待确认", "确认")


def _all_at_once(desk: Desk, todo: str, label: str) -> None:
    desk.queue(todo)
    desk.tick_all()
    desk.press(label)
    desk.approve_all(label)


def allocate_from_the_city(desk: Desk) -> None:
    """市财政局 【确认拨付】."""
    desk.queue(f"您有【1】个{RENT}待拨付")
    desk.tick_all()
    desk.press("确认拨付")
    desk.approve_all("确认拨付", office=lambda d: d.type({"指标文号": "沧财指〔2026〕12号", "凭证号": "市记-0042"}))


def pay_from_the_county(desk: Desk) -> None:
    """县财政局 【确认拨付】: the money goes to the person."""
    desk.queue(f"您有【1】个{RENT}待拨付")
    desk.tick_all()
    desk.press("确认拨付")
    desk.approve_all("确认拨付", office=lambda d: d.type({"凭证号": "县记-0117"}))


def confirm_receipt(desk: Desk) -> None:
    """个人 【确认拨付】: the thirteenth step."""
    desk.open("/home/")
    desk.follow("大学生租房补助")
    desk.sees("待个人确认")
    desk.look()
    desk.press("确认拨付")
    desk.sees("已办结")


def read_statistics(desk: Desk) -> None:
    """查询统计: both pages, and the status cell that opens the process."""
    desk.open("/home/")
    desk.menu("补助申报查询统计")
    desk.heading("补助申报查询统计")
    desk.sees(PERSON, "6,000.00")
    desk.menu("资金拨付查询统计")
    desk.heading("资金拨付查询统计")
    desk.sees(PERSON, "6,000.00")
    desk.menu("补助申报查询统计")
    desk.page.get_by_role("row", name=re.compile(PERSON)).get_by_role("link").first.click()
    desk.heading(PERSON)


def print_the_form(desk: Desk) -> None:
    """补助申请表: 导出 gives a PDF with something in it."""
    link = desk.page.get_by_role("link", name="导出 补助申请表")
    address = link.get_attribute("href")
    assert address is not None
    paper = desk.page.request.get(f"{desk.address}{address}" if address.startswith("/") else address)
    assert paper.ok
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body()[:5] == b"%PDF-"
    assert len(paper.body()) > 10_000


def agree_to_all(desk: Desk) -> None:
    for text in ("我已经看过并同意《用户协议》", "我单独同意"):
        box = desk.page.get_by_label(text)
        expect(box).not_to_be_checked()
        box.check()


def raise_the_real_name(desk: Desk) -> None:
    """3、用户实名制: 账户资料, 【实名等级提升】, 补录用户信息, 【重新认证】, 实名制成功."""
    desk.open("/account/profile/")
    desk.heading("账户资料")
    expect(desk.page.get_by_role("banner")).to_contain_text(NOT_VERIFIED)
    desk.follow("实名等级提升")
    desk.heading("补录用户信息")
    desk.press("重新认证")
    desk.heading("实名制成功")


def choose_the_password(desk: Desk, password: str) -> None:
    """Whoever got the one-time link opens it from the (demo) inbox."""
    desk.open("/demo/inbox/")
    desk.heading("演示收件箱")
    desk.page.locator("main a[href*='/set-password/']").first.click()
    desk.heading("设置密码")
    desk.type({"新密码": password, "确认新密码": password})
    # An invitation sets the first one, a link of the own unit another one.
    desk.page.get_by_role("button", name=re.compile("^(设置|重置)密码$")).click()


def print_the_notice(desk: Desk) -> tuple[bytes, Page]:
    """【打印账号告知单】: what comes out of the printer, if anything, and the new tab."""
    papers: list[bytes] = []

    def keep(route: Route) -> None:
        answer = route.fetch()
        is_paper = answer.headers["content-type"] == "application/pdf"
        papers.append(answer.body() if is_paper else b"")
        # A browser without a window would save the paper instead of showing it.
        route.fulfill(status=200, body="") if is_paper else route.fulfill(response=answer)

    context = desk.page.context
    context.route("**/counter/sheets/**", keep)
    with context.expect_page() as tab:
        desk.page.get_by_role("button", name="打印账号告知单").click()
    tab.value.wait_for_url("**/counter/sheets/**")
    return papers[0], tab.value
