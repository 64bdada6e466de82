"""渤海英才卡 in the demonstration: an application at every stage, then the cards with what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accounts.models import User
from portal.demo.cards import TOP, Applicant, CardWalk, fill_in_card, leave_open, press
from portal.demo.foreigners import make_foreigner, make_resident
from portal.demo.graduates import make_settled
from portal.demo.holders import make_holders
from portal.demo.names import Crowd, Invented
from portal.demo.spaces import WHOLE_WALLET, enrich_space, fill_wallet
from portal.demo.walk import Walker
from talent.services.card_expiry import expire_cards, remind_of_the_end
from talent.wallet_messages import warn_of_papers
from workflow import clock
from workflow.enums import PERSON, Action
from workflow.models import Organisation

# How many wait where, the oldest first, all of the employer of the sign-in page; "unsealed": approved by it, on no
# table yet; "exported": the table waits for its stamp; "returned": the county bureau wants another scan.
WAITING = {
    "print": 2, "city_lead": 2, "city_specialist": 2, "county_lead": 2, "county_specialist": 2, "returned": 1,
    "exported": 2, "unsealed": 2, "unit": 3,
}  # fmt: skip
# Whose lists of honours, results and family are worth looking at.
RICH = {"talent", "talent_back", "holder"}
EVIDENCE = "冀人才字〔2025〕18号"


def tell(walker: Walker, units: Sequence[Organisation]) -> None:
    """``units``: the employer of the sign-in page, and one that people change to."""
    # Far behind the people of the rent subsidy.
    cast = Cast(walker, units[0])
    walk = CardWalk(walker)
    make_holders(walk, cast, units[1], make_foreigner(walker, units[0], cast.next()))
    resident = Applicant(make_resident(walker, units[0], cast.next()))
    for place, count in WAITING.items():
        others = [cast.applicant() for _n in range(count)]
        _wait(walk, place, [resident, *others] if place == "print" else others)
        if place == "county_lead":
            _reject(walk, cast.applicant())
            _give_back(walk, cast.applicant("talent_back", "秦望舒", degree="11"))
    _make_draft(cast)
    # What the worker does on its first round of today.
    for timer in (expire_cards, remind_of_the_end, warn_of_papers):
        timer()


class Cast:
    """Invented people who are settled with one employer."""

    def __init__(self, walker: Walker, unit: Organisation) -> None:
        self.walker, self.unit = walker, unit
        self.crowd = Crowd(seed=20261122, today=clock.today(), first=5000)

    def next(self) -> Invented:
        return self.crowd.next()

    def settle(self, username: str = "", name: str = "", *, degree: str = "") -> User:
        invented = self.next()
        named = replace(invented, name=name or invented.name, degree=degree or invented.degree)
        user = make_settled(self.walker, named, self.unit, username=username)
        if username in RICH:
            enrich_space(user, named)
        return user

    def applicant(self, username: str = "", name: str = "", *, degree: str = "") -> Applicant:
        return Applicant(self.settle(username, name, degree=degree))


def _wait(walk: CardWalk, place: str, applicants: Sequence[Applicant]) -> None:
    if place == "city_lead":
        # One of them applies for the highest card.
        applicants = [replace(applicants[0], category=TOP, evidence=EVIDENCE), *applicants[1:]]
    tables = {"unsealed": leave_open, "exported": walk.export, "returned": walk.wants_another_scan}
    stop = "county_specialist" if place in tables else place
    walk.lead(walk.file(applicants, stop), stop, table=tables.get(place))


def _make_draft(cast: Cast) -> None:
    """Who has prepared everything, and only looks it over once more."""
    user = cast.settle("talent", "叶青禾", degree="11")
    fill_wallet(user, WHOLE_WALLET)
    with clock.travelling(-1):
        fill_in_card(Applicant(user), achievements="")


def _give_back(walk: CardWalk, applicant: Applicant) -> None:
    cases = walk.file([applicant], "county_specialist", earlier=2)
    walk.lead(cases, "county_specialist", earlier=2)
    remarks = [
        {"key": key, "section": section, "label": label, "text": text}
        for key, section, label, text in (
            ("category.achievements", "人才类别", "主要业绩成果", "请写明本人承担的工作和完成时间。"),
            ("work.salary", "工作情况", "年薪（万元）", "与劳动合同不一致，请核对。"),
            ("materials.insurance_proof", "申请材料", "社保缴纳证明", "请上传最近三个月的缴纳证明。"),
        )
    ]
    with clock.travelling(-1):
        press(
            walk.walker,
            cases,
            action=Action.SEND_BACK,
            target=PERSON,
            opinion="请按批注修改后重新提交。",
            payload={"remarks": remarks},
        )


def _reject(walk: CardWalk, applicant: Applicant) -> None:
    cases = walk.file([applicant], "county_lead")
    walk.lead(cases, "county_lead")
    with clock.travelling(-1):
        press(walk.walker, cases, action=Action.REJECT, opinion="经核实，申请人已不在本单位工作。")
