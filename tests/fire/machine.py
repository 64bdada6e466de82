"""Random legal and illegal moves of everybody, one rule for each kind."""

from __future__ import annotations

import sys
from typing import Any

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.fire.county import PERIODS
from tests.fire.double import Double
from tests.fire.model import BACK, NOBODY, ORDER, Hand
from workflow import clock
from workflow.enums import Action

PRESSED = [Action.APPROVE, Action.APPROVE, Action.SEND_BACK, Action.TAKE_BACK, Action.REJECT, Action.WITHDRAW]


def mostly(data: st.DataObject) -> bool:
    """Five times out of six, and wherever a walk can be made simpler."""
    return data.draw(st.integers(0, 5)) < 5


def walk_apart(double: Double) -> None:
    """Where the walks begin: cases in every part of the chain, and drafts of one person for the same months."""
    papers = sorted(double.model.papers)
    for key in papers[2:]:
        double.submit(key, Hand(double.model.papers[key].applicant), "long")
    ends = {papers[2]: "unit", papers[3]: "review", papers[4]: "city_report", papers[5]: "county_fin"}
    ends |= {papers[6]: "person_confirm", papers[7]: "publicity"}
    for stage in ORDER[:-1]:
        if stage == "publicity":
            double.wait(8)
            continue
        going = [key for key in papers[2:] if double.model.papers[key].stage == stage and ends[key] != stage]
        by_office: dict[int | None, list[int]] = {}
        for key in going:
            if stage == "publish" and ends[key] == "publicity":
                continue
            by_office.setdefault(double.model.holder(double.model.papers[key]), []).append(key)
        for keys in by_office.values():
            # At city finance whoever sits at county finance too.
            hand = double.hands_for(keys[0])[-1 if stage == "city_fin" else 0]
            double.act(Action.APPROVE, keys, hand, stage=stage)
    double.act(Action.APPROVE, [papers[7]], double.hands_for(papers[7])[0])


class Walk(RuleBasedStateMachine):
    """``start`` is where every walk begins; the database goes back there when it ends."""

    start: Double

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        clock.read()
        self.double = self.start.fork()
        self.model, self.county = self.double.model, self.double.county

    def teardown(self) -> None:
        # Inside the ``finally`` of whoever runs the walk: what ended it is on its way.
        if all(self.double.ends):
            self.double.ends.append(not isinstance(sys.exception(), AssertionError))
        try:
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            clock.read()

    # Drawing

    def papers(self, *states: str) -> list[int]:
        return sorted(key for key, paper in self.model.papers.items() if not states or paper.state in states)

    def some_of(self, data: st.DataObject, keys: list[int]) -> list[int]:
        return data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=4, unique=True))

    def anybody(self, data: st.DataObject) -> Hand:
        return data.draw(st.sampled_from(list(self.county.actors)))

    def note(self, what: str, done: bool) -> None:
        self.double.tally[what, done] += 1

    # Rules

    @precondition(lambda self: self.double.waiting())
    @rule(data=st.data())
    def press_one(self, data: st.DataObject) -> None:
        self.forward(data, many=False)

    @precondition(lambda self: self.double.waiting())
    @rule(data=st.data())
    def press_desk(self, data: st.DataObject) -> None:
        """一键: everything that waits at one desk."""
        self.forward(data, many=True)

    @precondition(lambda self: self.double.waiting())
    @rule(data=st.data())
    def press_the_next_desks(self, data: st.DataObject) -> None:
        """One case three steps on, so that walks come to the end of the chain."""
        key = data.draw(st.sampled_from([key for keys in self.double.waiting().values() for key in keys]))
        for _step in range(3):
            if self.model.papers[key].stage in ("", "publicity"):
                return
            hand = data.draw(st.sampled_from(self.double.hands_for(key)))
            self.double.act(Action.APPROVE, [key], hand, stage=self.model.papers[key].stage)
            self.double.compare()
            self.double.prove()

    def forward(self, data: st.DataObject, *, many: bool) -> None:
        waiting = self.double.waiting()
        stage = data.draw(st.sampled_from(sorted(waiting)))
        first = data.draw(st.sampled_from(waiting[stage]))
        hand = data.draw(st.sampled_from(self.double.hands_for(first)))
        office = self.model.holder(self.model.papers[first])
        desk = [key for key in waiting[stage] if self.model.holder(self.model.papers[key]) == office]
        self.double.act(Action.APPROVE, desk if many else [first], hand, stage=stage)

    @precondition(lambda self: self.double.waiting())
    @rule(data=st.data())
    def send_back(self, data: st.DataObject) -> None:
        waiting = {stage: keys for stage, keys in self.double.waiting().items() if stage in BACK}
        if not waiting:
            return
        stage = data.draw(st.sampled_from(sorted(waiting)))
        key = data.draw(st.sampled_from(waiting[stage]))
        target = data.draw(st.sampled_from(BACK[stage]))
        self.double.act(Action.SEND_BACK, [key], data.draw(st.sampled_from(self.double.hands_for(key))), target=target)

    @rule(data=st.data())
    def press_anything(self, data: st.DataObject) -> None:
        """Anybody, any button, any cases, seen as they are or as they were."""
        action, keys = data.draw(st.sampled_from(PRESSED)), self.some_of(data, self.papers())
        stale = [key for key in keys if not mostly(data)]
        self.double.act(
            action,
            keys,
            self.anybody(data),
            target=data.draw(st.sampled_from(["", "person", *ORDER])) if action == Action.SEND_BACK else "",
            stage=data.draw(st.sampled_from(["", "", self.model.papers[keys[0]].stage, *ORDER[:2]])),
            stale=stale,
        )

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """Whoever made the last move of a case."""
        keys = self.papers("in_review", "returned", "rejected", "approved")
        key = data.draw(st.sampled_from(keys))
        hand = self.model.papers[key].steps[-1].hand
        near = [k for k in keys if self.model.papers[k].steps[-1].hand == hand]
        self.double.act(Action.TAKE_BACK, near if data.draw(st.booleans()) else [key], hand)

    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        at_panel = [key for key in self.papers("in_review") if self.model.papers[key].stage == "review"]
        published = [key for key in self.papers("in_review") if self.model.papers[key].stage == "publicity"]
        keys = at_panel if at_panel and mostly(data) else published
        if keys:
            key = data.draw(st.sampled_from(keys))
            self.double.act(Action.REJECT, [key], data.draw(st.sampled_from(self.double.hands_for(key))))

    @precondition(lambda self: self.double.waiting())
    @rule(data=st.data())
    def press_late(self, data: st.DataObject) -> None:
        """The right office on a page that is out of date."""
        waiting = self.double.waiting()
        stage = data.draw(st.sampled_from(sorted(waiting)))
        key = data.draw(st.sampled_from(waiting[stage]))
        self.double.act(Action.APPROVE, [key], self.double.hands_for(key)[0], stage=stage, stale=[key])

    @rule(data=st.data(), action=st.sampled_from([Action.APPROVE, Action.SEND_BACK]))
    def press_own_case(self, data: st.DataObject, action: Action) -> None:
        """Applicants who sit where their case waits."""
        for key in self.papers("in_review"):
            own = [hand for hand in self.double.hands_for(key) if hand.user == self.model.papers[key].applicant]
            if own and own[0].office is not None:
                self.double.act(action, [key], own[0])

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.papers()))
        self.double.act(Action.WITHDRAW, [key], Hand(self.model.papers[key].applicant))

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """Mostly the applicant, mostly what can be submitted; now and then with a page that is out of date."""
        keys = self.papers("draft", "returned") if mostly(data) else self.papers()
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        people = [hand for hand in self.county.actors if hand != NOBODY]
        own = Hand(self.model.papers[key].applicant)
        hand = own if mostly(data) else data.draw(st.sampled_from(people))
        which = data.draw(st.sampled_from(sorted(PERIODS)))
        self.double.submit(key, hand, which, stale=not mostly(data))

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.double.wait(days)

    @precondition(lambda self: self.double.notices())
    @rule(data=st.data())
    def object_to(self, data: st.DataObject) -> None:
        notices = self.double.notices()
        open_ones = [n for n, listing in enumerate(notices) if listing.live and clock.today() <= listing.ends]
        chosen = open_ones if open_ones and mostly(data) else range(len(notices))
        number = data.draw(st.sampled_from(chosen))
        key = data.draw(st.sampled_from(sorted(notices[number].live) or self.papers()))
        self.note("object", self.double.object_to(key, number))

    @rule(data=st.data())
    def decide_objection(self, data: st.DataObject) -> None:
        known = sorted((pk, key) for key, paper in self.model.papers.items() for pk in paper.objections)
        if known:
            pk, key = data.draw(st.sampled_from(known))
            seats = self.county.sitting_at(self.model.papers[key].offices["county_hr"])
            hand = data.draw(st.sampled_from(seats)) if mostly(data) else self.anybody(data)
            if hand != NOBODY:
                self.note("decide", self.double.decide(pk, hand, upheld=data.draw(st.booleans())))

    @rule(data=st.data(), word=st.sampled_from(["arrived", "bounced"]))
    def bank_says(self, data: st.DataObject, word: str) -> None:
        paid = [key for key in self.papers() if self.model.papers[key].payments]
        self.note(word, self.double.bank_says(data.draw(st.sampled_from(paid or self.papers())), word))

    @rule(data=st.data())
    def correct_and_pay_again(self, data: st.DataObject) -> None:
        bounced = [key for key in self.papers() if any(paid.bounced for paid in self.model.papers[key].payments)]
        if bounced:
            key = data.draw(st.sampled_from(bounced))
            own = Hand(self.model.papers[key].applicant)
            if data.draw(st.booleans()):
                hand = own if mostly(data) else self.anybody(data)
                self.note("correct", self.double.correct(key, hand))
            self.note("pay again", self.double.repeat_payment(key, twice=data.draw(st.booleans())))

    @rule(data=st.data())
    def stop_or_lift(self, data: st.DataObject) -> None:
        self.double.stop(data.draw(st.sampled_from(self.papers())))

    @precondition(lambda self: self.double.spent)
    @rule(data=st.data())
    def press_again(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(range(len(self.double.spent))))
        if data.draw(st.booleans()):
            self.double.press_again(number)
        else:
            key = data.draw(st.sampled_from(self.papers()))
            self.double.press_spent(number, [key], data.draw(st.sampled_from(self.double.hands_for(key))))

    # Invariants

    @invariant()
    def model_and_product_agree(self) -> None:
        self.double.compare()

    @invariant()
    def database_agrees_with_itself(self) -> None:
        self.double.prove()


def machine_from(start: Double) -> type[Any]:
    return type("Walk", (Walk,), {"start": start})
