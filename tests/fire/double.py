"""Every move is made twice, by the product and by the model; then the two are compared and the database is proved."""

from __future__ import annotations

import copy
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from subsidies.models import Allocation, Bounce, MonthClaim, Payment, PaymentStop
from subsidies.services.application import save_draft
from subsidies.services.payments import Account, correct_account, pay_again, record_arrival, record_bounce
from subsidies.services.stops import lift_stop, stop_payments
from subsidies.services.submission import submit_application
from talent.services.refusals import NotReady
from tests.fire.county import County, make_county, months_of, period
from tests.fire.model import NOBODY, Hand, Listing, Model, Paid, Paper
from tests.subsidies.walking import PAYLOADS
from workflow import clock
from workflow.actors import Actor
from workflow.consistency.checks import checks, run_checks
from workflow.enums import Action, State
from workflow.models import Act, Batch, BatchMember, Case, CaseEvent, Objection, PublicNotice
from workflow.services import Refused, Seen, perform
from workflow.services.notices import decide_objection, register_objection
from workflow.timers import move_due_cases

# Files do not change while cases move; and an applicant sits in an office on purpose, to be refused there.
CHECKS = [key for key in checks if key not in ("material.file", "account.office")]
ACCOUNT = Account("王晓雨", "中国建设银行", "沧州新华支行", "6217000010001234569")


class Double:
    def __init__(self, papers: int) -> None:
        self.model = Model()
        self.county: County = make_county(self.model, papers)
        self.spent: list[tuple[Act, Action, tuple[Seen, ...], Hand, dict[str, Any]]] = []
        # (what was tried, whether it was done): how often, over all walks.
        self.tally: Counter[tuple[str, bool]] = Counter()
        # Walks that ended, well or badly; once one went badly, the later ones only make it simpler.
        self.ends: list[bool] = []

    def fork(self) -> Double:
        """The same place in the database, with a model of its own."""
        twin = copy.copy(self)
        twin.model, twin.spent = copy.deepcopy(self.model), list(self.spent)
        return twin

    # Moves

    def act(
        self,
        action: Action,
        keys: Sequence[int],
        hand: Hand,
        *,
        target: str = "",
        stage: str = "",
        stale: Collection[int] = (),
    ) -> set[int]:
        """Press a button over these cases; answers which moved."""
        revisions = dict(Case.objects.filter(pk__in=keys).values_list("pk", "revision"))
        seen = tuple(Seen(key, revisions[key] - (key in stale)) for key in keys)
        options = {
            "opinion": "已核对" if action in (Action.SEND_BACK, Action.REJECT) else "",
            "target": target,
            "stage": stage,
            "payload": payload() if action == Action.APPROVE else {},
        }
        act = perform(action, seen, self.county.actors[hand], **options)
        papers = [self.model.papers[key] for key in sorted(keys) if key not in stale]
        may = [
            paper
            for paper in papers
            if stage in ("", paper.stage) and self.model.may(action, paper, hand, target, clock.today())
        ]
        moved = set(CaseEvent.objects.filter(act=act.pk).values_list("case", flat=True))
        assert moved == {paper.key for paper in may}, (action, hand, act.refused)
        assert (act.done, act.asked, len(act.refused)) == (len(may), len(keys), len(keys) - len(may))
        assert act.amount == sum(paper.amount for paper in may)
        self.model.act(action, may, hand, target)
        self.look(may)
        self.spent.append((act, action, seen, hand, options))
        self.tally[str(action), True] += len(may)
        self.tally[str(action), False] += len(keys) - len(may)
        return moved

    def look(self, papers: Sequence[Paper]) -> None:
        """Days come from the calendar, which is proved elsewhere."""
        due = dict(Case.objects.filter(pk__in=[paper.key for paper in papers]).values_list("pk", "due_on"))
        for paper in papers:
            paper.due = due[paper.key]
        without = [listing for listing in self.model.lists if listing.kind == "notice" and listing.ends is None]
        if without:
            ends = list(PublicNotice.objects.order_by("batch_id").values_list("ends_on", flat=True))
            for listing, day in zip(self.notices(), ends, strict=True):
                listing.ends = day

    def notices(self) -> list[Listing]:
        return [listing for listing in self.model.lists if listing.kind == "notice"]

    def press_again(self, number: int) -> None:
        """The same form once more: the first answer, and nothing else happens."""
        first, action, seen, hand, options = self.spent[number]
        again = perform(action, seen, self.county.actors[hand], token=first.pk, **options)
        assert (again.pk, again.done, again.refused) == (first.pk, first.done, first.refused)
        self.tally["press again", True] += 1

    def press_spent(self, number: int, keys: Sequence[int], hand: Hand) -> None:
        """The token of another form: nothing moves."""
        first, action, seen, by, _options = self.spent[number]
        revisions = dict(Case.objects.filter(pk__in=keys).values_list("pk", "revision"))
        rows = [Seen(key, revisions[key]) for key in keys]
        if (by, action, {row.pk for row in seen}) == (hand, Action.APPROVE, set(keys)):
            return
        again = perform(Action.APPROVE, rows, self.county.actors[hand], token=first.pk, payload=payload())
        assert again.done == 0
        self.tally["press again", False] += 1

    def submit(self, key: int, hand: Hand, which: str, *, stale: bool = False) -> bool:
        paper, application = self.model.papers[key], self.county.applications[key]
        start, end = period(which)
        actor, values = self.county.actors[hand], {"start": start, "end": end}
        revision = Case.objects.get(pk=key).revision - stale
        try:
            save_draft(application, actor, values=values, typed={})
            saved = True
        except PermissionDenied:
            saved = False
        assert saved == (paper.state in ("draft", "returned") and hand.user == paper.applicant)
        if saved:
            paper.form = months_of(which)
        try:
            submit_application(application, actor, token=uuid.uuid4(), pledged=True, revision=revision)
            done = True
        except (NotReady, Refused):
            done = False
        assert done == (self.model.may_submit(paper, hand) and not stale)
        self.tally["submit", done] += 1
        if done:
            self.model.act("submit", [paper], hand, "")
            self.look([paper])
        return done

    def wait(self, days: int) -> None:
        """Days pass, then the system moves on what is due."""
        clock.move_ahead(days)
        today = clock.today()
        due = [paper for paper in self.model.papers.values() if paper.due is not None and paper.due < today]
        ready = [paper for paper in due if self.model.may("approve", paper, NOBODY, "", today)]
        assert move_due_cases() == len(ready)
        self.tally["due", True] += len(ready)
        self.tally["due", False] += len(due) - len(ready)
        self.model.act("approve", ready, NOBODY, "")
        self.look(ready)

    # Objections

    def object_to(self, key: int, number: int) -> bool:
        """Against a case, on the notice with this number."""
        notice = PublicNotice.objects.order_by("batch_id")[number]
        member = BatchMember.objects.filter(batch=notice.batch, case=key).first()
        if member is None:
            return False
        listing, token = self.notices()[number], uuid.uuid4()
        may = key in listing.live and clock.today() <= listing.ends
        words = {"name": "赵七", "contact": "13800000000", "content": "有自有住房", "token": token}
        try:
            objection = register_objection(notice, member=member, **words)
        except Refused:
            assert not may
            return False
        assert may
        assert register_objection(notice, member=member, **words).pk == objection.pk
        self.model.papers[key].objections[objection.pk] = "open"
        return True

    def decide(self, pk: int, hand: Hand, *, upheld: bool) -> bool:
        objection = Objection.objects.select_related("notice__batch").get(pk=pk)
        paper = self.model.papers[objection.case_id]
        office, role = objection.notice.batch.organisation_id, "handler"
        may = (hand.office, hand.role) == (office, role) and hand.user != paper.applicant
        may = may and paper.objections[pk] == "open"
        try:
            decide_objection(objection, self.county.actors[hand], upheld=upheld, finding="已核实", token=uuid.uuid4())
        except (PermissionDenied, Refused):
            assert not may
            return False
        assert may
        paper.objections[pk] = "upheld" if upheld else "dismissed"
        if upheld and paper.state == "in_review":
            self.model.act("reject", [paper], hand, "")
            self.look([paper])
        return True

    # Money

    def bank_says(self, key: int, word: str) -> bool:
        """arrived or bounced, about the latest payment of the case."""
        paper, payment = self.model.papers[key], Payment.objects.filter(case=key).order_by("attempt").last()
        if payment is None:
            assert paper.payments == []
            return False
        last, payer = paper.payments[-1], Actor(payment.actor, payment.organisation)
        may = not last.bounced and not (word == "arrived" and last.arrived)
        try:
            if word == "arrived":
                record_arrival(payment, payer, arrived_on=clock.today())
            else:
                record_bounce(payment, payer, reason="户名不符", bounced_on=clock.today())
        except Refused:
            assert not may
            return False
        assert may
        setattr(last, word, True)
        return True

    def correct(self, key: int, hand: Hand) -> bool:
        paper, bounce = self.model.papers[key], Bounce.objects.filter(payment__case=key).order_by("pk").last()
        if bounce is None:
            return False
        may = hand == Hand(paper.applicant) and paper.payments[-1].bounced
        try:
            correct_account(bounce, self.county.actors[hand], account=ACCOUNT)
        except Refused:
            assert not may
            return False
        assert may
        paper.payments[-1].corrected = True
        return True

    def repeat_payment(self, key: int, *, twice: bool) -> bool:
        paper, bounce = self.model.papers[key], Bounce.objects.filter(payment__case=key).order_by("pk").last()
        if bounce is None:
            return False
        last, payer, token = paper.payments[-1], Actor(bounce.actor, bounce.organisation), uuid.uuid4()
        may = last.bounced and last.corrected and paper.applicant not in self.model.stopped
        account = bounce.corrections.last()
        form = {"correction": account.pk if account else None, "voucher": "记-0043", "paid_on": clock.today()}
        try:
            payment = pay_again(bounce, payer, token=token, **form)
        except Refused:
            assert not may
            return False
        assert may
        if twice:
            assert pay_again(bounce, payer, token=token, **form).pk == payment.pk
        paper.payments.append(Paid())
        self.look([paper])
        return True

    def stop(self, key: int) -> None:
        """停发 begins, or is lifted where it is in force."""
        paper, case = self.model.papers[key], Case.objects.get(pk=key)
        person = self.county.applications[key].person
        found = PaymentStop.objects.in_force(clock.today()).filter(person=person).first()
        bureau = next(hand for hand in self.county.sitting_at(case.supervisor_id) if hand.user != paper.applicant)
        actor = self.county.actors[bureau]
        assert (found is not None) == (paper.applicant in self.model.stopped)
        if found is not None:
            lift_stop(found, actor, reason="已核实")
            self.model.stopped.discard(paper.applicant)
        elif paper.state != "draft":
            stop_payments(person.number, actor, starts_on=clock.today(), reason="已离职")
            self.model.stopped.add(paper.applicant)

    # What must hold

    def compare(self) -> None:
        papers = self.model.papers
        rows = Case.objects.filter(pk__in=papers).values_list("pk", "state", "stage", "holder", "seq", "amount")
        for key, state, stage, holder, seq, amount in rows:
            paper = papers[key]
            known = (paper.state, paper.stage, self.model.holder(paper), len(paper.steps))
            assert (state, stage, holder, seq) == known, (key, known)
            assert (amount or 0) == paper.amount
        assert CaseEvent.objects.count() == self.model.moves
        self._compare_lists()
        self._compare_money()

    def _compare_lists(self) -> None:
        live: dict[int, set[int]] = {}
        for batch, case in BatchMember.objects.filter(removed_in=None).values_list("batch", "case"):
            live.setdefault(batch, set()).add(case)
        batches = Batch.objects.order_by("pk").values_list("pk", "kind", "stage", "organisation", "version")
        found = [(kind, stage, office, version, live.get(pk, set())) for pk, kind, stage, office, version in batches]
        assert found == [(row.kind, row.stage, row.office, row.version, row.live) for row in self.model.lists]

    def _compare_money(self) -> None:
        papers = self.model.papers.values()
        claims: dict[int, set[str]] = {}
        for case, month in MonthClaim.objects.values_list("case", "month"):
            claims.setdefault(case, set()).add(f"{month:%Y-%m}")
        assert claims == {paper.key: set(paper.filed) for paper in papers if paper.alive}
        payments: dict[int, int] = {}
        for case in Payment.objects.values_list("case", flat=True):
            payments[case] = payments.get(case, 0) + 1
        assert payments == {paper.key: len(paper.payments) for paper in papers if paper.payments}
        allocated = Allocation.objects.aggregate(total=Sum("amount"))["total"] or Decimal(0)
        assert allocated == sum(paper.amount for paper in papers if paper.allocated)
        standing = Payment.objects.standing().aggregate(total=Sum("amount"))["total"] or Decimal(0)
        assert standing == sum(p.amount for p in papers if p.payments and not p.payments[-1].bounced)

    def prove(self) -> None:
        """What check_consistency would say."""
        faults = [f"{o.check.key}: {fault}" for o in run_checks(only=CHECKS) for fault in o.faults]
        assert faults == [], faults

    # Where to act

    def waiting(self) -> dict[str, list[int]]:
        """{stage: cases}, without those that nobody's hand can move."""
        found: dict[str, list[int]] = {}
        for paper in self.model.papers.values():
            if paper.state == State.IN_REVIEW and paper.stage != "publicity":
                found.setdefault(paper.stage, []).append(paper.key)
        return found

    def hands_for(self, key: int) -> list[Hand]:
        paper = self.model.papers[key]
        if paper.stage == "person_confirm" or not paper.stage:
            return [Hand(paper.applicant)]
        return self.county.sitting_at(self.model.holder(paper))


def payload() -> dict[str, Any]:
    """Every office's form in one: each takes what it knows."""
    entered = {key: value for form in PAYLOADS.values() for key, value in form.items()}
    return entered | {"paid_on": clock.today().isoformat(), "met_on": clock.today().isoformat()}
