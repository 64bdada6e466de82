"""The whole demonstration: every office with its officer, and cases in every stage, dated relative to today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import Group

from accounts.administrators import RIGHTS
from accounts.enums import UserKind
from accounts.models import User
from portal.demo import card_story, graduates
from portal.demo.counters import make_counter
from portal.demo.items import make_items
from portal.demo.names import Crowd, Invented
from portal.demo.newcomers import make_newcomers
from portal.demo.offices import make_officers, make_offices
from portal.demo.people import PEOPLE
from portal.demo.spaces import SMALL_WALLET, fill_wallet
from portal.demo.units import make_draft_unit, make_units
from portal.demo.walk import Walker, person
from subsidies.models import Payment
from subsidies.services.payments import record_bounce
from workflow import clock
from workflow.enums import Action, BatchKind
from workflow.models import BatchMember, Case, Objection, Organisation, PublicNotice
from workflow.services import perform_one
from workflow.services.notices import decide_objection, register_objection

# Days before today on which a case that has reached the end left each stage. A group that stops earlier
# is moved up, so that it came to its stage a day or two ago.
DAYS = {
    "": -38, "unit": -37, "unit_report": -37, "county_hr": -34, "publish": -33, "publicity": -23, "review": -20,
    "county_report": -19, "county_org": -17, "city_summary": -14, "city_report": -13, "city_org": -11,
    "city_fin": -8, "county_fin": -5, "person_confirm": -2,
}  # fmt: skip
ORDER = list(DAYS)
# How many cases stand where. "end" = the person has confirmed the money.
GROUPS = {
    "unit": 4, "unit_report": 2, "county_hr": 5, "publish": 4, "publicity": 3, "review": 2, "county_report": 2,
    "county_org": 2, "city_summary": 4, "city_report": 2, "city_org": 2, "city_fin": 2, "county_fin": 2,
    "person_confirm": 2, "end": 3,
}  # fmt: skip


def load() -> None:
    offices = make_offices()
    make_officers(offices)
    make_counter()
    make_items(offices)
    _make_administrators()
    walker = Walker()
    units = make_units(walker)
    walker = Walker()  # knows the people of the new units too
    crowd = Crowd(seed=20261121, today=clock.today(), first=1)
    home = units[0]
    _make_the_graduate(walker, home, crowd.next())
    for stop, count in GROUPS.items():
        members = [(crowd.next(), units[i % len(units)] if i % 3 == 2 else home) for i in range(count)]
        _walk_group(walker, members, stop)
    _leave_the_line(walker, home, crowd)
    _wait_for_the_unit(home, crowd)
    _make_newcomers(crowd)
    card_story.tell(walker, units[:2])


def _make_newcomers(crowd: Crowd) -> None:
    person, principal, agent = (crowd.next() for _n in range(3))
    make_newcomers(graduates.renamed(person, "林新来"), principal, graduates.renamed(agent, "高经办"))
    make_draft_unit(crowd.next())


def _make_administrators() -> None:
    """One of each of the three, and the one who set the portal up."""
    if not User.objects.filter(username="admin").exists():
        User.objects.create_superuser("admin", name="超级管理员", password=str(uuid.uuid4()))
    for who in PEOPLE:
        if who.role in RIGHTS and not User.objects.filter(username=who.username).exists():
            user = User.objects.create_user(
                who.username, name=who.name, kind=UserKind.OFFICER, is_approved=True, is_staff=True
            )
            user.groups.set([Group.objects.get(name=who.role)])


def _make_the_graduate(walker: Walker, unit: Organisation, invented: Invented) -> None:
    """Whom the sign-in page offers: one subsidy waits for the confirmation, the next application is a draft."""
    named = graduates.renamed(invented, "李晓雨")
    user = graduates.make_settled(walker, named, unit, username="graduate")
    fill_wallet(user, SMALL_WALLET)
    with clock.travelling(_shifted("", "person_confirm")):
        case = graduates.submit(graduates.fill_in(user, named, months=3, ends=5), user)
    _walk(walker, [case], "person_confirm")
    graduates.fill_in(user, named, months=3, ends=1)


def _shifted(stage: str, stop: str) -> int:
    """The day on which a group that stops at ``stop`` leaves ``stage``."""
    if stop == "end":
        return DAYS[stage]
    last_left = ORDER[ORDER.index(stop) - 1]
    return min(DAYS[stage] - DAYS[last_left] - 2, -1)


def _walk_group(walker: Walker, members: Sequence[tuple[Invented, Organisation]], stop: str) -> list[int]:
    cases = []
    for invented, unit in members:
        user = graduates.make_settled(walker, invented, unit)
        with clock.travelling(_shifted("", stop)):
            cases.append(graduates.submit(graduates.fill_in(user, invented, months=6, ends=3), user))
    _walk(walker, cases, stop)
    if stop == "publicity":
        object_to(cases[0])
    return cases


def _walk(walker: Walker, cases: Sequence[int], stop: str) -> None:
    for stage in ORDER[1 : ORDER.index(stop) if stop != "end" else None]:
        with clock.travelling(_shifted(stage, stop)):
            for act in walker.step(cases, opinion="" if stage in ("publicity", "person_confirm") else "同意。"):
                if act.refused:
                    raise RuntimeError(f"{stage}: {act.refused}")


def object_to(case_id: int) -> None:
    """Somebody of the public raises an objection against a published case."""
    member = BatchMember.objects.filter(case=case_id, removed_in=None, batch__kind=BatchKind.NOTICE).latest("pk")
    notice = PublicNotice.objects.get(batch=member.batch)
    register_objection(
        notice,
        member=member,
        name="群众甲",
        contact="13500000000",
        content="据了解，该申请人的配偶在本市有自有住房，请核实。",
        token=uuid.uuid4(),
    )


def _leave_the_line(walker: Walker, unit: Organisation, crowd: Crowd) -> None:
    """One of each: returned, not approved after an objection, withdrawn, a payment that came back."""
    returned = _walk_group(walker, [(crowd.next(), unit)], "county_hr")
    walker.step(returned, action=Action.SEND_BACK, opinion="租赁合同缺少第二页，请补齐后重新提交。")
    _reject(walker, _walk_group(walker, [(crowd.next(), unit)], "publicity")[0])
    withdrawn = Case.objects.get(pk=_walk_group(walker, [(crowd.next(), unit)], "unit")[0])
    perform_one(Action.WITHDRAW, withdrawn, person(withdrawn))
    bounced = _walk_group(walker, [(crowd.next(), unit)], "person_confirm")[0]
    payment = Payment.objects.get(case=bounced)
    finance = walker.officers[payment.organisation_id or 0]
    record_bounce(payment, finance, reason="户名与账号不符", bounced_on=clock.today())


def _reject(walker: Walker, case_id: int) -> None:
    objection = Objection.objects.filter(case=case_id).latest("pk")
    officer = walker.officers[objection.notice.batch.organisation_id]
    decide_objection(
        objection, officer, upheld=True, finding="经核实，申请人配偶名下有自有住房，不符合条件。", token=uuid.uuid4()
    )


def _wait_for_the_unit(unit: Organisation, crowd: Crowd) -> None:
    for days in (3, 2, 1):
        invented = crowd.next()
        with clock.travelling(-days):
            graduates.register(invented, unit, graduates.username_of(invented))


def is_loaded() -> bool:
    return User.objects.filter(username="graduate").exists()
