"""What each of them does on the way to a Bohai talent card, as manual 001 says it."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.papers import photo, scan, screen
from tests.journeys.steps import NUMBER, PERSON, UNIT, day, month
from tests.talent.factories import months_ahead

CARD = "渤海英才卡申请"
WAITING = f"您有【1】个{CARD}待审核"
EXPORT = "导出《“渤海英才服务卡”申领人员汇总表》"


def portrait() -> dict[str, object]:
    target = io.BytesIO()
    Image.new("RGB", (716, 882), "white").save(target, "JPEG")
    return {"name": "证件照.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def keep_the_talent_space(desk: Desk) -> None:
    """人才专属空间: 基本信息 and the photo; a paper in the wallet."""
    desk.open("/profile/")
    desk.heading("基本信息")
    desk.choose({"国籍/地区": "CN"})
    desk.type({"现住址": "河北省沧州市新华区建设北街朝阳小区3号楼2单元501室"})
    desk.press("保存")
    desk.sees("已保存")
    desk.page.locator("#id_photo").set_input_files([portrait()])
    desk.look()
    desk.press("上传照片")
    desk.sees("照片已保存")


def keep_a_paper(desk: Desk) -> None:
    desk.open("/wallet/")
    desk.heading("材料库")
    desk.labelled("附件类型").select_option(label="身份证明")
    desk.press("上传附件")
    desk.look()
    desk.labelled("文件").set_input_files([photo("身份证.jpg")])
    desk.type({"有效期至": months_ahead(60).isoformat()})
    desk.press("保存")
    desk.sees("身份证.jpg")


def fill_in(desk: Desk) -> None:
    """【在线办理】, the form with the suggested type of card, the papers (one of them from the wallet), 【提交】."""
    desk.open("/talent-card/")
    desk.heading("渤海英才卡")
    desk.press("在线办理")
    desk.heading("渤海英才卡")
    desk.type({
        "部门": "研发部", "职务": "研发工程师", "来沧时间": day(-18), "合同起始日期": day(-18),
        "合同终止日期": (months_ahead(18) - timedelta(days=1)).isoformat(), "年薪（万元）": "18.5",
        "社保缴纳起始年月": month(-18), "主要业绩成果": "主持研发新型复合材料，获市科技进步二等奖。",
    })  # fmt: skip
    desk.choose({"引进方式": "full_time", "劳动合同类型": "1"})
    desk.labelled("申领条件").select_option(label="C · 全日制学士及以上")
    expect(desk.page.locator("#summary")).to_contain_text("C类")
    desk.look()
    desk.press("下一步")
    desk.heading("上传材料")
    expect(desk.page.locator("#material-id_card")).to_contain_text("来自我的材料库")
    desk.upload("学历学位证书", scan("毕业证.pdf"))
    desk.upload("劳动合同", scan("聘用合同.pdf"))
    desk.upload("社保缴纳证明", screen("社保.png"))
    desk.look()
    desk.follow("下一步")
    desk.heading("核对并提交")
    desk.page.get_by_label(re.compile("本人承诺")).check()
    desk.press("提交")
    desk.heading("申请已提交")


def review_as_the_employer(desk: Desk) -> None:
    """单位负责人审核: the to-do line, 【查看详情】 with the papers, tick, 【审核通过】."""
    desk.queue(WAITING)
    desk.heading("单位负责人审核")
    desk.sees(PERSON, "中文名", "服务专员姓名", "服务专员联系方式")
    desk.follow(f"查看详情 {PERSON}")
    desk.heading(PERSON)
    desk.sees("聘用合同.pdf", "身份证.jpg")
    desk.queue(WAITING)
    desk.page.get_by_label(f"选择 {PERSON}").check()
    desk.press("审核通过")
    desk.approve_all("审核通过")


def hand_in_the_summary(desk: Desk) -> None:
    """【已通过】: tick, export, print, seal, scan, 【上传汇总表】, close."""
    desk.open("/queue/bohai_card/unit/")
    desk.page.get_by_role("navigation").get_by_role("link", name=re.compile("^已通过")).click()
    desk.page.get_by_label(f"选择 {PERSON}").check()
    with desk.page.expect_download() as download:
        desk.press(EXPORT)
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(PERSON in row and NUMBER in row for row in rows)
    assert any(UNIT in str(cell) for row in rows for cell in row)
    desk.press("上传汇总表")
    expect(desk.page.get_by_role("heading", name="材料清单")).to_be_visible()
    line = desk.page.locator("#material-card_summary")
    line.locator("summary").click()
    line.locator("input[type=file]").set_input_files([scan("盖章汇总表.pdf")])
    desk.press("上传", line)
    expect(desk.page.get_by_text("已上传", exact=True)).to_be_visible()
    desk.look()
    desk.follow("关闭")


def refuse_without_the_summary(desk: Desk) -> None:
    """县区服务专员: nobody passes before the sealed table is there."""
    desk.queue(WAITING)
    desk.heading("县区服务专员审核")
    desk.follow(f"查看详情 {PERSON}")
    desk.sees("未上传汇总表")
    expect(desk.page.get_by_role("button", name="审核通过")).to_be_disabled()


def approve(desk: Desk, heading: str) -> None:
    desk.queue(WAITING)
    desk.heading(heading)
    desk.follow(f"查看详情 {PERSON}")
    desk.heading(PERSON)
    desk.type({"意见": "符合申领条件，同意。"})
    desk.press("审核通过")
    desk.sees("已审核通过")


def print_the_card(desk: Desk) -> None:
    """市人社局 【打印】: a run of one card as a PDF with its two sides; then 发放登记."""
    desk.queue("您有【1】张渤海英才卡待打印")
    desk.heading("渤海英才卡打印")
    desk.page.get_by_label(f"选择 {PERSON}").check()
    desk.press("打印")
    desk.approve_all("打印")
    desk.menu("渤海英才卡打印批次")
    desk.look()


def carry_the_card(desk: Desk) -> None:
    """The electronic card in the person's space."""
    desk.open("/cards/")
    desk.heading("我的渤海英才卡")
    desk.sees("有效", PERSON)


def verify(desk: Desk, path: str) -> None:
    """Anybody, without signing in: what the card is worth, and the surname; one letter changed is no card."""
    desk.open(path)
    desk.heading("渤海英才卡核验")
    desk.sees("有效", f"{PERSON[0]}*")
    expect(desk.page.get_by_role("main")).not_to_contain_text(PERSON)
    desk.open(path.rstrip("/")[:-1] + ("A/" if path.rstrip("/")[-1] != "A" else "B/"))
    expect(desk.page.get_by_role("main")).not_to_contain_text(f"{PERSON[0]}*")
