"""A small idea of the rent subsidy's chain, in plain Python, that knows neither the product's rows nor its planner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

# Who sits where, and where each desk may send a case back to.
DESKS = {
    "unit": "unit",
    "unit_report": "unit",
    "county_hr": "county_hr",
    "publish": "county_hr",
    "publicity": "county_hr",
    "review": "county_hr",
    "county_report": "county_hr",
    "county_org": "county_org",
    "city_summary": "city_hr",
    "city_report": "city_hr",
    "city_org": "city_org",
    "city_fin": "city_fin",
    "county_fin": "county_fin",
    "person_confirm": "person",
}
ORDER = list(DESKS)
BACK = {
    "unit": ["person"],
    "unit_report": ["unit"],
    "county_hr": ["person", "unit"],
    "publish": ["county_hr", "person"],
    "review": ["county_hr", "person"],
    "county_report": ["review", "county_hr", "person"],
    "county_org": ["county_report", "county_hr", "person"],
    "city_summary": ["county_report", "county_hr", "person"],
    "city_report": ["city_summary", "county_report", "person"],
    "city_org": ["city_summary", "county_report", "person"],
    "city_fin": ["city_org", "city_summary", "person"],
}
LISTS = {
    "publish": "notice",
    "county_report": "report",
    "city_summary": "summary",
    "city_fin": "payout",
    "county_fin": "payout",
}
# What has taken effect outside, and what moves by itself when its time is over.
FOR_GOOD = {"publish", "city_fin", "county_fin"}
BY_ITSELF = {"publicity", "person_confirm"}
A_MONTH = 1000


@dataclass(frozen=True)
class Hand:
    """Somebody in an office, a person for himself (no office), or the system (nobody)."""

    user: int | None
    office: int | None = None
    role: str = ""


NOBODY = Hand(None)


@dataclass
class Step:
    action: str
    was: str
    hand: Hand
    # The lists that the case left by it.
    left: list[int] = field(default_factory=list)


@dataclass
class Paid:
    bounced: bool = False
    arrived: bool = False
    corrected: bool = False


@dataclass
class Paper:
    """One case."""

    key: int
    applicant: int
    offices: dict[str, int]
    state: str = "draft"
    stage: str = ""
    resume: str = ""
    steps: list[Step] = field(default_factory=list)
    # Months, as text: asked for in the form, asked for by the last filing, paid for by it, covered by social insurance.
    form: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    filed: frozenset[str] = frozenset()
    insured: frozenset[str] = frozenset()
    decided: Step | None = None
    due: date | None = None
    allocated: bool = False
    payments: list[Paid] = field(default_factory=list)
    # open, upheld, dismissed
    objections: dict[int, str] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        return A_MONTH * len(self.filed)

    @property
    def counted(self) -> frozenset[str]:
        """Of the months in the form those that the insurance covers; contract and lease last longer."""
        return self.form & self.insured

    @property
    def alive(self) -> bool:
        return self.state in ("in_review", "returned", "approved")


@dataclass
class Listing:
    kind: str
    stage: str
    office: int
    live: set[int]
    version: int = 1
    ends: date | None = None


class Model:
    def __init__(self) -> None:
        self.papers: dict[int, Paper] = {}
        self.lists: list[Listing] = []
        self.stopped: set[int] = set()

    @property
    def moves(self) -> int:
        return sum(len(paper.steps) for paper in self.papers.values())

    def holder(self, paper: Paper) -> int | None:
        return None if not paper.stage or paper.stage == "person_confirm" else paper.offices[DESKS[paper.stage]]

    def held_months(self, person: int, *, besides: int = 0) -> set[str]:
        return {
            m for p in self.papers.values() if p.applicant == person and p.alive and p.key != besides for m in p.filed
        }

    # Who may

    def may(self, action: str, paper: Paper, hand: Hand, target: str, today: date) -> bool:
        if action in ("approve", "send_back", "reject") and paper.state != "in_review":
            return False
        match action:
            case "approve":
                return self._may_approve(paper, hand) and self._is_open(paper, today)
            case "send_back":
                back = BACK.get(paper.stage, [])
                return self._sits(paper, hand) and bool(back) and (target or back[0]) in back
            case "reject":
                upheld = "upheld" in paper.objections.values()
                return self._sits(paper, hand) and (paper.stage == "review" or (paper.stage == "publicity" and upheld))
            case "take_back":
                return self._may_take_back(paper, hand)
            case "withdraw":
                early = paper.state in ("draft", "returned") or (paper.state == "in_review" and paper.decided is None)
                return early and (hand == NOBODY or self._is_applicant(paper, hand))
        return False

    def _is_applicant(self, paper: Paper, hand: Hand) -> bool:
        return hand == Hand(paper.applicant)

    def _sits(self, paper: Paper, hand: Hand) -> bool:
        paid_before = paper.stage == "county_fin" and any(
            step.was == "city_fin" and step.action == "approve" and step.hand.user == hand.user for step in paper.steps
        )
        here = hand.office is not None and hand.office == self.holder(paper) and hand.role == "handler"
        return here and hand.user != paper.applicant and not paid_before

    def _may_approve(self, paper: Paper, hand: Hand) -> bool:
        if hand == NOBODY:
            return paper.stage in BY_ITSELF
        if paper.stage == "person_confirm":
            return self._is_applicant(paper, hand)
        return paper.stage != "publicity" and self._sits(paper, hand)

    def _is_open(self, paper: Paper, today: date) -> bool:
        contested = any(status != "dismissed" for status in paper.objections.values())
        match paper.stage:
            case "publicity":
                return not contested and self.notice_of(paper).ends < today
            case "review":
                return not contested
            case "city_fin" | "county_fin":
                return paper.applicant not in self.stopped
            case "person_confirm":
                return not paper.payments[-1].bounced
        return True

    def _may_take_back(self, paper: Paper, hand: Hand) -> bool:
        if not paper.steps or paper.state == "withdrawn" or hand.office is None:
            return False
        last = paper.steps[-1]
        own = (last.hand.user, last.hand.office) == (hand.user, hand.office)
        for_good = last.action == "approve" and last.was in FOR_GOOD
        free = not (paper.filed & self.held_months(paper.applicant, besides=paper.key))
        return own and last.action in ("approve", "send_back", "reject") and not for_good and free

    def may_submit(self, paper: Paper, hand: Hand) -> bool:
        taken = paper.counted & self.held_months(paper.applicant, besides=paper.key)
        payable = bool(paper.counted) and not taken
        return paper.state in ("draft", "returned") and self._is_applicant(paper, hand) and payable

    # What follows

    def act(self, action: str, papers: Iterable[Paper], hand: Hand, target: str) -> None:
        """All of them may; one act."""
        groups: dict[str, list[Paper]] = defaultdict(list)
        back: list[Paper] = []
        listed: dict[int, list[Paper]] = defaultdict(list)
        for paper in papers:
            step = Step(action, paper.stage, hand)
            undone = paper.steps[-1] if action == "take_back" else None
            getattr(self, f"_{action}")(paper, target)
            if action == "take_back":
                paper.decided = None if paper.decided is undone else paper.decided
                for number in undone.left if undone is not None and undone.action != "approve" else []:
                    listed[number].append(paper)
            elif action != "submit" and paper.decided is None and (hand.office is not None or hand == NOBODY):
                paper.decided = step
            paper.steps.append(step)
            if action == "approve":
                groups[step.was].append(paper)
            if action != "approve":
                back.append(paper)
        for stage, group in groups.items():
            self._list(stage, group, hand)
        self._leave(back)
        for number, again in listed.items():
            self.lists[number].version += 1
            self.lists[number].live |= {paper.key for paper in again}

    def _approve(self, paper: Paper, target: str) -> None:
        if paper.stage == "city_fin":
            paper.allocated = True
        if paper.stage == "county_fin":
            paper.payments.append(Paid())
        place = ORDER.index(paper.stage) + 1
        paper.stage = ORDER[place] if place < len(ORDER) else ""
        paper.state = "in_review" if paper.stage else "approved"

    def _send_back(self, paper: Paper, target: str) -> None:
        goal = target or BACK[paper.stage][0]
        paper.resume = paper.stage
        paper.stage, paper.state = ("", "returned") if goal == "person" else (goal, "in_review")

    def _reject(self, paper: Paper, target: str) -> None:
        paper.stage, paper.state = "", "rejected"

    def _withdraw(self, paper: Paper, target: str) -> None:
        paper.stage, paper.state = "", "withdrawn"

    def _take_back(self, paper: Paper, target: str) -> None:
        paper.stage, paper.state, paper.resume = paper.steps[-1].was, "in_review", ""

    def _submit(self, paper: Paper, target: str) -> None:
        again = paper.resume and paper.form == paper.asked
        paper.stage, paper.state, paper.resume = paper.resume if again else ORDER[0], "in_review", ""
        paper.asked, paper.filed = paper.form, paper.counted

    def _list(self, stage: str, group: list[Paper], hand: Hand) -> None:
        if stage in LISTS and hand.office is not None:
            self.lists.append(Listing(LISTS[stage], stage, hand.office, {paper.key for paper in group}))

    def _leave(self, papers: list[Paper]) -> None:
        """Whoever stands at the opening stage of a list or before it, or is out for good, leaves the list."""
        for number, listing in enumerate(self.lists):
            gone = [p for p in papers if p.key in listing.live and self._stands_before(p, listing)]
            if gone:
                listing.version += 1
                listing.live -= {paper.key for paper in gone}
                for paper in gone:
                    paper.steps[-1].left.append(number)

    def _stands_before(self, paper: Paper, listing: Listing) -> bool:
        if paper.state in ("rejected", "withdrawn"):
            return True
        return ORDER.index(paper.stage or paper.resume) <= ORDER.index(listing.stage)

    def notice_of(self, paper: Paper) -> Listing:
        return [row for row in self.lists if row.kind == "notice" and paper.key in row.live][-1]
