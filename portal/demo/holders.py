"""Issued cards of the demonstration in every state, printed in one run, and what their holders have asked for since."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.models import User
from accounts.services.unit_transfers import save_transfer, submit_transfer
from portal.demo.card_services import ask_for_services
from portal.demo.cards import Applicant, CardWalk, press
from portal.demo.graduates import work_of
from portal.demo.papers import hand_in
from portal.demo.people import CITY
from portal.demo.spaces import extend_contract
from talent.enums import ChangeKind
from talent.models import Card, CardChange, WorkExperience
from talent.services.card_expiry import notice_leavers
from talent.services.card_prints import hand_out
from talent.services.cards import cancel_card, freeze_card, report_loss
from talent.services.change import save_change, start_change, submit_change
from talent.services.facts import keep_fact
from workflow import clock
from workflow.actors import Actor
from workflow.enums import OrganisationKind, Role
from workflow.models import Organisation

if TYPE_CHECKING:
    from portal.demo.card_story import Cast

# The cards went to the printer 15 days before this, as ``cards.DAYS`` has it.
EARLIER = 20
# On the sign-in page: {who: (name, degree)}. The doctors hold cards of type B.
NAMED = {
    "holder": ("许知行", "11"),
    "holder_ending": ("白露", "14"),
    "holder_lost": ("江月", "11"),
    "holder_frozen": ("石磊", "21"),
    "holder_expired": ("夏至", "14"),
    "holder_cancelled": ("陆平", "21"),
}
# Changes of theirs are under way or done.
OTHERS = ("renews", "moves", "loses", "replaced")
# Days from today on which a labour contract, and with it the card, ends.
ENDS = {"holder_ending": 30, "holder_expired": -3, "renews": 15}
# Whoever has not come for the card yet.
ABSENT = ("holder_cancelled", "moves")
LOST = "在市区乘坐公交车时遗失。"


def make_holders(walk: CardWalk, cast: Cast, elsewhere: Organisation, foreigner: User) -> None:
    """``elsewhere``: the employer to whom one of them changes."""
    users = {who: cast.settle(who, name, degree=degree) for who, (name, degree) in NAMED.items()}
    users |= {who: cast.settle() for who in OTHERS} | {"foreigner": foreigner}
    for who, days in ENDS.items():
        extend_contract(users[who], _from_today(days))
    cases = walk.file([Applicant(user) for user in users.values()], "end", earlier=EARLIER)
    walk.lead(cases, "end", earlier=EARLIER)
    holders = Holders(walk, users)
    holders.hand_out()
    holders.change(elsewhere)
    holders.end_some()
    ask_for_services(walk.walker, holders.cards["holder"], holders.cards["foreigner"])


class Holders:
    """{who: user} and {who: card}, and the hands of the city bureau."""

    def __init__(self, walk: CardWalk, users: Mapping[str, User]) -> None:
        self.walker, self.users = walk.walker, users
        self.cards = {who: Card.objects.get(person=user.person) for who, user in users.items()}
        city = Organisation.objects.get(kind=OrganisationKind.CITY_HR, region_id=CITY)
        self.desk, self.lead = (self.walker.special[city.pk, role] for role in (Role.SPECIALIST, Role.LEADER))

    def hand_out(self) -> None:
        with clock.travelling(-EARLIER - 12):
            for who, card in self.cards.items():
                if who not in ABSENT:
                    today = clock.today()
                    hand_out(
                        card, recipient=card.name, is_holder=True, recipient_number="", received_on=today,
                        actor=self.desk,
                    )  # fmt: skip

    def change(self, elsewhere: Organisation) -> None:
        """One change done, and one at each stage."""
        with clock.travelling(-12):
            self._lose("replaced")
        self._file("replaced", ChangeKind.REPLACE, LOST, filed=-11, approved=(-10, -8, -6))
        self._move("moves", elsewhere)
        self._file("moves", ChangeKind.MOVE, "", filed=-7, approved=(-5, -2))
        with clock.travelling(-5):
            self._lose("loses")
        self._file("loses", ChangeKind.REPLACE, LOST, filed=-4, approved=(-2,))
        for who in ("renews", "holder_ending"):
            extend_contract(self.users[who], _from_today(3 * 365))
        self._file("renews", ChangeKind.RENEW, "", filed=-1)

    def end_some(self) -> None:
        with clock.travelling(-6):
            cancel_card(self.cards["holder_cancelled"], reason="本人已离开本市工作，申请注销。", actor=self.lead)
        with clock.travelling(-4):
            freeze_card(self.cards["holder_frozen"], reason="核查劳动合同期间暂停使用。", actor=self.lead)
        with clock.travelling(-2):
            self._lose("holder_lost")

    def _lose(self, who: str) -> None:
        report_loss(self.cards[who], actor=Actor(self.users[who]))

    def _file(self, who: str, kind: ChangeKind, statement: str, *, filed: int, approved: Sequence[int] = ()) -> None:
        """On these days from today it is filed, and approved by one office after the other."""
        actor = Actor(self.users[who])
        with clock.travelling(filed):
            change = start_change(Card.objects.whole().get(pk=self.cards[who].pk), kind, actor)
            save_change(change, actor, statement=statement)
            hand_in(change.case, actor)
            submit_change(CardChange.objects.whole().get(pk=change.pk), actor, token=uuid.uuid4(), pledged=True)
        for day in approved:
            with clock.travelling(day):
                press(self.walker, [change.pk], opinion="同意。")

    def _move(self, who: str, elsewhere: Organisation) -> None:
        """To an employer that takes the person on; the next day the portal sees it."""
        user, actor = self.users[who], Actor(self.users[who])
        with clock.travelling(-12):
            hired_on = clock.today()
            transfer = save_transfer(user, unit=elsewhere, hired_on=hired_on, token=uuid.uuid4())
            hand_in(transfer.case, actor)
            submit_transfer(transfer, actor, token=uuid.uuid4())
        with clock.travelling(-10):
            press(self.walker, [transfer.pk], opinion="已入职。")
            old = WorkExperience.objects.of(user.person).current().get()
            old.left_on = hired_on - timedelta(days=1)
            keep_fact(old)
            keep_fact(work_of(old.person, elsewhere, hired_on))
        with clock.travelling(-9):
            notice_leavers()


def _from_today(days: int) -> date:
    return clock.today() + timedelta(days=days)
