"""Somebody at a browser: signs in, presses what the manual names, and has every page looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.accounts.filling import code_sent_to

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@dataclass
class Desk:
    """``address``: where the portal is. ``axe`` fails on a violation; each page is looked at once in each size."""

    page: Page
    address: str
    axe: Callable[[Page], None]
    # axe is a script: where scripts are off, nothing can be looked at.
    scripts: bool = True
    looked_at: set[str] = field(default_factory=set)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def look(self) -> None:
        """No violation of accessibility and no sideways scroll, at the desk and on the phone."""
        page = self.page
        if not self.scripts:
            return
        kind = (
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", page.url.partition("?")[0]) + page.locator("h1").inner_text()
        )
        if kind in self.looked_at:
            return
        self.looked_at.add(kind)
        self.axe(page)
        page.set_viewport_size(PHONE)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], f"{page.url} scrolls sideways on a phone: {widths}"
        self.axe(page)
        page.set_viewport_size(DESK)

    def heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)
        self.look()

    def press(self, label: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str, within: Locator | None = None) -> None:
        (within or self.page.get_by_role("main")).get_by_role("link", name=label, exact=True).first.click()

    def menu(self, label: str) -> None:
        """An entry of the menu at the left."""
        self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=label, exact=True).click()

    def todo(self, label: str) -> None:
        """A line of 待办事项: the manual's text with its number."""
        self.page.get_by_role("navigation", name="待办事项").get_by_role("link", name=label).click()

    def type(self, values: dict[str, str]) -> None:
        """{label: what is typed}"""
        for label, text in values.items():
            self.labelled(label).fill(text)

    def choose(self, values: dict[str, str]) -> None:
        """{label: value of the option}"""
        for label, value in values.items():
            self.labelled(label).select_option(value)

    def labelled(self, label: str) -> Locator:
        """The control whose label says exactly this, with or without the mark of required fields."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*([*（].*)?$", re.DOTALL))

    def answer(self, question: str, reply: str) -> None:
        self.page.get_by_role("group", name=question).get_by_label(reply, exact=True).check()

    def upload(self, line: str, *files: dict[str, object]) -> None:
        """【上传附件】 of a line of the list of materials: choose, 【上传】, and see the name appear."""
        row = self.page.locator("#materials li[id^=material-]").filter(
            has=self.page.get_by_role("heading", name=re.compile(rf"^{re.escape(line)}"))
        )
        row.locator("summary").click()
        row.locator("input[type=file]").set_input_files(list(files))
        self.press("上传", row)
        for file in files:
            expect(row.locator(".files")).to_contain_text(str(file["name"]))

    def sign_in(self, entry: str, username: str, password: str) -> None:
        """【单位登录】【个人登录】【工作人员登录】"""
        self.open("/")
        self.open("/sign-in/")
        self.heading("登录")
        # 【单位登录】 is named 法人登录 too, after it.
        self.page.get_by_role("main").get_by_role("link", name=re.compile(f"^{entry}")).first.click()
        self.heading(entry)
        self.type({"用户名": username, "密码": password, "图形验证码": "passed"})
        self.press("登录")
        expect(self.page.get_by_role("button", name="注销登录")).to_be_visible()

    def prove_phone(self, phone: str) -> None:
        """【发送验证码】, then the digits that the text message to this phone carries."""
        self.press("发送验证码")
        expect(self.page.get_by_role("status").filter(has_text="验证码已发送")).to_be_visible()
        self.type({"短信验证码": code_sent_to(phone)})

    def sign_out(self) -> None:
        self.press("注销登录")

    def all_done(self, label: str) -> None:
        """The page of results: everything asked for was done."""
        self.heading("结果")
        expect(self.page.get_by_role("main")).to_contain_text(label)
        expect(self.page.locator("#refused")).to_have_count(0)

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def queue(self, todo: str) -> None:
        """By the to-do line to the list."""
        self.open("/home/")
        self.todo(todo)
        self.look()

    def tick_all(self) -> None:
        """选择本页全部: the bar at the foot tells number and sum."""
        self.page.get_by_label("选择本页全部").check()
        expect(self.page.locator("[data-selection-count]")).to_have_text("1")
        expect(self.page.locator("[data-selection-sum]")).to_have_text("6,000.00")

    def approve_all(self, label: str, office: Callable[[Desk], None] | None = None, along: str = "") -> None:
        """一键: all that wait, asked first, then done."""
        self.heading(f"请确认：{label}")
        if office is not None:
            office(self)
        if along:
            expect(self.labelled(along)).to_be_checked()
        self.press(label)
        self.all_done(label)
