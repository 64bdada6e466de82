"""The talent space and the wallet as a person meets them: in a browser, on a phone, and with axe."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from talent.models import Proof, TalentProfile
from talent.services.wallet import Facts, add_paper
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import RentApplicationFactory
from tests.talent.space import make_rows
from tests.talent.test_browser import Check, look, sign_in
from tests.workflow import files
from workflow import clock
from workflow.actors import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_basic_information_saves_itself_and_says_what_is_missing(
    live_server: LiveServer, page: Page, axe: Check
) -> None:
    person = PersonFactory(unit=UnitFactory())
    make_rows(person)
    sign_in(page, live_server, person.users.get())
    look(page, axe, f"{live_server.url}/profile/")
    state = page.locator("#space-state")
    expect(state).to_contain_text("现住址")

    page.get_by_label("现住址").fill("沧州市运河区花园小区2号楼")
    page.get_by_label("国籍/地区").select_option("DE")

    expect(page.locator("#autosave")).to_contain_text("自动保存")
    expect(state).not_to_contain_text("现住址")
    assert TalentProfile.objects.get(person=person).nationality == "DE"
    page.get_by_label("职称取得时间").fill("2024-02-01")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已保存").first).to_be_visible()
    expect(page.locator("#space-state")).to_contain_text("职称名称")
    look(page, axe)
    for name in ("honour", "project", "family"):
        look(page, axe, f"{live_server.url}/{name}/")
        look(page, axe, f"{live_server.url}/{name}/add/")


def test_paper_of_the_wallet_stands_on_the_page_of_an_application(
    live_server: LiveServer, page: Page, axe: Check
) -> None:
    application = RentApplicationFactory()
    person = application.person
    sign_in(page, live_server, person.users.get())
    look(page, axe, f"{live_server.url}/wallet/")
    page.get_by_label("附件类型").select_option(label="身份证明")
    page.get_by_role("button", name="上传附件").click()
    look(page, axe)
    page.get_by_label("文件").set_input_files({"name": "证.pdf", "mimeType": "application/pdf", "buffer": files.pdf()})
    page.get_by_label("有效期至").fill((clock.today() + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("即将到期")).to_be_visible()
    lease = add_paper(
        person,
        kind="lease",
        upload=ContentFile(files.pdf(2), name="租赁合同.pdf"),
        actor=Actor(person.users.get()),
        facts=Facts(),
    )
    Proof.objects.filter(pk=lease.pk).update(valid_until=clock.today() - timedelta(days=1))
    look(page, axe, f"{live_server.url}/wallet/")

    look(page, axe, f"{live_server.url}/rent/{application.pk}/materials/")

    line = page.locator("#material-id_card")
    expect(line).to_contain_text("来自我的材料库")
    expect(page.locator("#material-lease")).to_contain_text("已过期")
    line = page.locator("#material-bank_card")
    line.locator("summary").click()
    line.locator("input[type=file]").set_input_files(
        {"name": "卡.pdf", "mimeType": "application/pdf", "buffer": files.pdf(3)}
    )
    line.get_by_label("同时存入我的材料库").check()
    line.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("#material-bank_card .files")).to_contain_text("卡.pdf")
    assert Proof.objects.filter(person=person, kind="bank_card").count() == 1
    look(page, axe, f"{live_server.url}/rent/{application.pk}/check/")


@pytest.mark.parametrize("width", [1280, 360])
def test_wallet_has_one_rule_under_a_head_and_one_line_of_acts(live_server: LiveServer, page: Page, width: int) -> None:
    person = PersonFactory(unit=UnitFactory())
    actor = Actor(person.users.get())
    for number, name in enumerate(("正面.pdf", "反面.pdf")):
        add_paper(
            person, kind="id_card", upload=ContentFile(files.pdf(number + 1), name=name), actor=actor, facts=Facts()
        )
    sign_in(page, live_server, person.users.get())
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/wallet/")

    rules = page.locator(".papers > li").evaluate_all("rows => rows.map(row => getComputedStyle(row).borderTopWidth)")
    change = page.get_by_role("link", name="修改或更换").first.bounding_box()
    remove = page.locator(".papers summary").first.bounding_box()

    assert rules == ["0px", "1px"]
    assert change is not None
    assert remove is not None
    assert abs(change["y"] + change["height"] / 2 - remove["y"] - remove["height"] / 2) < 4


def test_what_was_typed_last_survives_a_link_that_is_followed_at_once(live_server: LiveServer, page: Page) -> None:
    """Between the last letter and the save lies a pause, and nobody waits for it."""
    person = PersonFactory(unit=UnitFactory())
    sign_in(page, live_server, person.users.get())
    page.goto(f"{live_server.url}/profile/")
    page.wait_for_load_state("networkidle")

    page.get_by_label("现住址").press_sequentially("沧州市运河区花园小区9号楼")
    page.get_by_role("link", name="家庭成员").first.click()
    page.wait_for_url("**/family/")
    # What is sent as a page closes is answered to nobody.
    page.wait_for_function("async () => (await (await fetch('/profile/')).text()).includes('花园小区9号楼')")
    page.goto(f"{live_server.url}/profile/")

    expect(page.get_by_label("现住址")).to_have_value("沧州市运河区花园小区9号楼")


def test_answer_that_is_put_back_is_saved_though_nobody_heard_of_the_save_between(
    live_server: LiveServer, page: Page
) -> None:
    person = PersonFactory(unit=UnitFactory())
    TalentProfile.objects.create(person=person, former_name="李小海")
    sign_in(page, live_server, person.users.get())
    page.goto(f"{live_server.url}/profile/")
    page.wait_for_load_state("networkidle")

    def cut_off(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/profile/autosave/", cut_off, times=1)
    page.get_by_label("曾用名").fill("李海")
    page.get_by_label("曾用名").blur()
    expect(page.locator("#autosave")).to_contain_text("无法保存")
    kept = TalentProfile.objects.get(person=person).former_name
    page.get_by_label("曾用名").fill("李小海")
    page.get_by_label("曾用名").blur()
    expect(page.locator("#autosave")).to_contain_text("自动保存")

    assert (kept, TalentProfile.objects.get(person=person).former_name) == ("李海", "李小海")
