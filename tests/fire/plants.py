"""One planted fault for every check: what somebody with the database's password could do, and the row it falsifies."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import F

from accounts.administrators import AUDIT, SYSTEM
from accounts.models import User
from subsidies.models import Allocation, MonthClaim, Payment
from tests.accounts.factories import OfficerFactory
from tests.fire.busy import Busy, application_of, forge
from workflow import clock
from workflow.actors import STANDS_IN_FOR
from workflow.enums import Action, BatchKind
from workflow.models import (
    Act,
    Batch,
    BatchMember,
    BatchVersion,
    Case,
    CaseEvent,
    Duty,
    Filing,
    Material,
    NumberCounter,
    Objection,
    OutboxMessage,
    PublicNotice,
    Seal,
)
from workflow.services.counters import add_to_seats
from workflow.services.numbering import next_batch_number
from workflow.services.verification import seal_day

# Answers how the falsified row is called.
Plant = Callable[[Busy], str]
PLANTS: dict[str, Plant] = {}
# What cannot go wrong alone.
TOGETHER = {"money.counties": {"money.allocations", "money.counties"}}


def plant(key: str) -> Callable[[Plant], Plant]:
    def remember(function: Plant) -> Plant:
        PLANTS[key] = function
        return function

    return remember


def _case(case: Case, **values: object) -> str:
    assert Case.objects.filter(pk=case.pk).update(**values) == 1
    return case.number


def _event(case: Case, seq: int) -> str:
    return f"{case.number}/{seq}"


@plant("case.place")
def _(busy: Busy) -> str:
    return _case(busy.waiting, supervisor=busy.waiting.unit)


@plant("case.times")
def _(busy: Busy) -> str:
    return _case(busy.paid, closed_at=None)


@plant("case.last_event")
def _(busy: Busy) -> str:
    """Carried past the public notice, the counters with it."""
    seat, due_on = (busy.waiting.holder_id, "graduate_rent"), busy.waiting.due_on
    add_to_seats({(*seat, "county_hr", due_on): -1, (*seat, "review", due_on): 1})
    return _case(busy.waiting, stage="review")


@plant("case.amount")
def _(busy: Busy) -> str:
    summary = busy.waiting.summary | {"standard": "1100.00"}
    return _case(busy.waiting, amount=Decimal("6600.00"), summary=summary)


@plant("seat.waiting")
def _(busy: Busy) -> str:
    add_to_seats({(busy.waiting.holder_id, "graduate_rent", "county_hr", busy.waiting.due_on): 1})
    return f"{busy.waiting.holder_id} graduate_rent county_hr {busy.waiting.due_on}"


@plant("event.sequence")
def _(busy: Busy) -> str:
    """A move without a trace: the event and its act are gone."""
    event = CaseEvent.objects.get(case=busy.published, seq=2)
    event.delete()
    Act.objects.filter(pk=event.act_id).delete()
    return busy.published.number


@plant("event.links")
def _(busy: Busy) -> str:
    return _case(busy.waiting, head="0" * 64)


@plant("event.stages")
def _(busy: Busy) -> str:
    forge(busy.waiting, 2, to_stage="county_hr")
    return _event(busy.waiting, 3)


@plant("event.content")
def _(busy: Busy) -> str:
    CaseEvent.objects.filter(case=busy.paid, action=Action.APPROVE, from_stage="city_fin").update(payload={"v": "9"})
    return busy.paid.number


@plant("act.totals")
def _(busy: Busy) -> str:
    act = busy.summed_up.events.get(from_stage="city_summary").act
    Act.objects.filter(pk=act.pk).update(amount=F("amount") + 1)
    return str(act.pk.hex)


@plant("act.refused")
def _(busy: Busy) -> str:
    act = Act.objects.exclude(refused=[]).first()
    Act.objects.filter(pk=act.pk).update(asked=F("asked") + 1)
    return str(act.pk.hex)


@plant("act.answered")
def _(busy: Busy) -> str:
    act = busy.summed_up.events.get(seq=2).act
    Act.objects.filter(pk=act.pk).update(asked=F("asked") + 1)
    return str(act.pk.hex)


@plant("record.triggers")
def _(busy: Busy) -> str:
    """Alone in its test: the other plants need all triggers gone."""
    on = " ON workflow_seal" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER tongban_workflow_seal_delete{on}")
    return "workflow_seal"


@plant("filing.sequence")
def _(busy: Busy) -> str:
    Filing.objects.filter(case=busy.waiting).update(number=2)
    return busy.waiting.number


@plant("filing.content")
def _(busy: Busy) -> str:
    filing = busy.waiting.filings.get()
    Filing.objects.filter(pk=filing.pk).update(content=filing.content | {"checks": []})
    return busy.waiting.number


@plant("seal.content")
def _(busy: Busy) -> str:
    with clock.travelling(2):
        seal_day()
    seal = Seal.objects.latest("day")
    Seal.objects.filter(pk=seal.pk).update(events=F("events") - 1)
    return str(seal.day)


@plant("hand.own_case")
def _(busy: Busy) -> str:
    forge(busy.waiting, 2, actor=busy.waiting.applicant)
    return _event(busy.waiting, 2)


@plant("hand.office")
def _(busy: Busy) -> str:
    forge(busy.waiting, 2, organisation=busy.waiting.holder)
    return _event(busy.waiting, 2)


@plant("hand.take_back")
def _(busy: Busy) -> str:
    event = busy.taken_back.events.get(action=Action.TAKE_BACK)
    forge(busy.taken_back, event.seq, actor=busy.paid.events.get(from_stage="city_fin").actor)
    return _event(busy.taken_back, event.seq)


@plant("hand.four_eyes")
def _(busy: Busy) -> str:
    by_county = busy.paid.events.get(from_stage="county_fin")
    forge(busy.paid, by_county.seq, actor=busy.paid.events.get(from_stage="city_fin").actor)
    return _event(busy.paid, by_county.seq)


def _stand_in(busy: Busy, absent: Duty, **changes: object) -> Duty:
    """A colleague from elsewhere, for this week, in the seat of somebody of the county's HR bureau or finance."""
    user = OfficerFactory(office="city_org")
    today = clock.today()
    seat = {"organisation": absent.organisation, "role": absent.role, "stands_in_for": absent.user}
    dates = {"starts_on": today - timedelta(days=400), "ends_on": today + timedelta(days=7), "reason": "年休假"}
    absent.starts_on = min(absent.starts_on, today - timedelta(days=400))
    absent.save()
    return Duty.objects.create(**{"user": user, **seat, **dates, **changes})


def _seat_of(case: Case) -> Duty:
    return Duty.objects.filter(organisation=case.holder, stands_in_for=None).earliest("pk")


@plant("duty.stand_in")
def _(busy: Busy) -> str:
    duty = _stand_in(busy, _seat_of(busy.waiting), role="manager")
    return f"{duty.pk} {duty.organisation.name}"


@plant("duty.one_seat")
def _(busy: Busy) -> str:
    duty = _stand_in(busy, _seat_of(busy.waiting))
    Duty.objects.create(user=duty.user, organisation=duty.organisation, role=duty.role, starts_on=clock.today())
    return f"{duty.pk} {duty.organisation.name}"


@plant("hand.stand_in")
def _(busy: Busy) -> str:
    """In the seat of somebody who had decided for the city what the county confirms."""
    event, by_city = (busy.paid.events.get(from_stage=stage) for stage in ("county_fin", "city_fin"))
    own = Duty.objects.create(
        user=by_city.actor, organisation=event.organisation, role="handler", starts_on=date(2020, 1, 1)
    )
    duty = _stand_in(busy, own)
    forge(busy.paid, event.seq, actor=duty.user, payload=event.payload | {STANDS_IN_FOR: own.user_id})
    return _event(busy.paid, event.seq)


@plant("hand.stand_in_duty")
def _(busy: Busy) -> str:
    event = busy.paid.events.get(from_stage="county_fin")
    somebody = OfficerFactory(office="city_org")
    forge(busy.paid, event.seq, payload=event.payload | {STANDS_IN_FOR: somebody.pk})
    return _event(busy.paid, event.seq)


@plant("hand.same_person")
def _(busy: Busy) -> str:
    event = busy.paid.events.get(from_stage="county_fin")
    User.objects.filter(pk=event.actor_id).update(identity_key=busy.paid.subject_key)
    return _event(busy.paid, event.seq)


@plant("account.administrators")
def _(_busy: Busy) -> str:
    user = OfficerFactory()
    user.groups.add(*Group.objects.filter(name__in=[SYSTEM, AUDIT]))
    return user.username


@plant("account.office")
def _(busy: Busy) -> str:
    user = _seat_of(busy.waiting).user
    User.objects.filter(pk=user.pk).update(kind="person")
    return user.username


@plant("batch.totals")
def _(busy: Busy) -> str:
    batch = Batch.objects.get(kind=BatchKind.SUMMARY, members__case=busy.summed_up)
    BatchVersion.objects.filter(batch=batch).update(total=F("total") + 1)
    return batch.number


@plant("batch.members")
def _(busy: Busy) -> str:
    member = BatchMember.objects.get(case=busy.summed_up, batch__kind=BatchKind.SUMMARY)
    BatchMember.objects.filter(pk=member.pk).update(amount=F("amount") + 1)
    BatchVersion.objects.filter(batch=member.batch).update(total=F("total") + 1)
    return f"{member.batch.number} / {busy.summed_up.number}"


@plant("batch.once")
def _(busy: Busy) -> str:
    batch = Batch.objects.get(kind=BatchKind.SUMMARY, members__case=busy.summed_up)
    batch.pk, batch.number = None, next_batch_number(batch.organisation.code, batch.kind, clock.today())
    batch.save(force_insert=True)
    amount = busy.summed_up.amount
    BatchMember.objects.create(batch=batch, case=busy.summed_up, amount=amount)
    BatchVersion.objects.create(batch=batch, version=1, count=1, total=amount, created_at=clock.now())
    return busy.summed_up.number


@plant("notice.batch")
def _(busy: Busy) -> str:
    report = Batch.objects.get(kind=BatchKind.REPORT, members__case=busy.summed_up)
    notice = PublicNotice.objects.get(batch__members__case=busy.summed_up)
    PublicNotice.objects.filter(pk=notice.pk).update(batch=report)
    return notice.batch.number


@plant("notice.period")
def _(busy: Busy) -> str:
    notice = PublicNotice.objects.get(batch__members__case=busy.summed_up)
    PublicNotice.objects.filter(pk=notice.pk).update(ends_on=notice.ends_on + timedelta(days=30))
    return _event(busy.summed_up, busy.summed_up.events.get(from_stage="publicity").seq)


@plant("objection.case")
def _(busy: Busy) -> str:
    Objection.objects.filter(pk=busy.objection.pk).update(case=busy.waiting)
    return busy.waiting.number


@plant("objection.held_back")
def _(busy: Busy) -> str:
    notice = PublicNotice.objects.get(batch__members__case=busy.summed_up)
    Objection.objects.filter(pk=busy.objection.pk).update(
        notice=notice, case=busy.summed_up, created_at=notice.batch.created_at
    )
    return _event(busy.summed_up, busy.summed_up.events.get(from_stage="publicity").seq)


@plant("number.cases")
def _(busy: Busy) -> str:
    counter = NumberCounter.objects.filter(prefix__startswith="case/").latest("pk")
    NumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    return counter.prefix.removeprefix("case/").replace("/", "")


@plant("number.internal")
def _(_busy: Busy) -> str:
    return NumberCounter.objects.create(prefix="12441500196720244T344219980600320261120", last=1).prefix


@plant("number.batches")
def _(busy: Busy) -> str:
    counter = NumberCounter.objects.filter(prefix__startswith="batch/").latest("pk")
    NumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    return counter.prefix


@plant("outbox.case")
def _(busy: Busy) -> str:
    message = OutboxMessage.objects.filter(kind="case.approve").latest("pk")
    OutboxMessage.objects.filter(pk=message.pk).update(case=None)
    return f"case.approve {message.pk}"


@plant("material.file")
def _(busy: Busy) -> str:
    paper = busy.draft.materials.latest("pk")
    Material.objects.filter(pk=paper.pk).update(file=f"materials/00/{uuid.uuid4().hex}")
    return f"{paper.pk} {paper.name}"


@plant("money.applications")
def _(busy: Busy) -> str:
    MonthClaim.objects.filter(case=busy.waiting).latest("month").delete()
    return busy.waiting.number


@plant("money.allocations")
def _(busy: Busy) -> str:
    """What one gets too much the other gets too little."""
    Allocation.objects.filter(case=busy.allocated).update(amount=F("amount") + 100)
    Allocation.objects.filter(case=busy.earlier).update(amount=F("amount") - 100)
    return busy.allocated.number


@plant("money.counties")
def _(busy: Busy) -> str:
    Allocation.objects.filter(case=busy.allocated).update(amount=F("amount") + 100)
    return busy.allocated.allocation.act.batches.get().number


@plant("money.payments")
def _(busy: Busy) -> str:
    Payment.objects.filter(case=busy.paid).update(amount=F("amount") + 100)
    return busy.paid.number


@plant("money.months")
def _(busy: Busy) -> str:
    application = application_of(busy.withdrawn)
    MonthClaim.objects.create(
        person=application.person, family=application.programme.family, month=date(2020, 1, 1), case=busy.withdrawn
    )
    return busy.withdrawn.number


@plant("money.months_once")
def _(busy: Busy) -> str:
    return _case(busy.earlier, summary=busy.earlier.summary | {"month_list": busy.paid.summary["month_list"]})


@plant("money.ledger")
def _(busy: Busy) -> str:
    Payment.objects.filter(case=busy.paid).update(act=busy.paid.events.get(seq=2).act)
    return busy.paid.number
