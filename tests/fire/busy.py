"""A county in which everything has happened once, and the tools of a thief who has the database's password."""

from dataclasses import dataclass

from subsidies.models import RentApplication
from tests.subsidies.factories import make_submittable_application, make_submitted_application
from tests.subsidies.walking import forward, fresh, holder_of, open_offices, press, walk
from tests.talent.factories import months_ahead
from workflow.actors import Actor
from workflow.digests import event_digest
from workflow.enums import PERSON, Action, BatchKind
from workflow.models import Case, CaseEvent, Objection, Organisation, PublicNotice
from workflow.services.notices import register_objection
from workflow.services.perform import Seen, perform
from workflow.services.recording import event_body
from workflow.services.verification import _body_of


@dataclass
class Busy:
    """One case of each fate."""

    paid: Case
    allocated: Case
    # Of the same person as ``paid``, for earlier months; in one batch with ``allocated``.
    earlier: Case
    summed_up: Case
    published: Case
    waiting: Case
    returned: Case
    rejected: Case
    withdrawn: Case
    taken_back: Case
    draft: Case
    objection: Objection


def make_busy() -> Busy:
    """Needs the demo clock: public notices end."""
    open_offices()
    paid = make_submitted_application()
    unit, person = paid.case.unit, paid.person
    months = {"start": months_ahead(-12), "end": months_ahead(-7)}
    earlier = make_submitted_application(person=person, work=False, **months).case
    allocated = _filed(unit)
    walk(earlier, allocated, to="county_fin")
    walk(paid.case, to="person_confirm")
    forward(paid.case)
    summed_up, rejected, taken_back = _filed(unit), _filed(unit), _filed(unit)
    walk(summed_up, to="city_report")
    walk(rejected, taken_back, to="review")
    officer = holder_of(fresh(taken_back))
    press(Action.REJECT, rejected, opinion="评审不通过")
    press(Action.SEND_BACK, taken_back, target="county_hr", opinion="误操作")
    press(Action.TAKE_BACK, taken_back, actor=officer)
    published = _filed(unit)
    walk(published, to="publicity")
    returned, waiting, withdrawn = _filed(unit), _filed(unit), _filed(unit)
    walk(returned, waiting, to="county_hr")
    press(Action.SEND_BACK, returned, target=PERSON, opinion="请补正")
    press(Action.WITHDRAW, withdrawn, actor=Actor(user=withdrawn.applicant))
    # One act that was refused: somebody else had seen the case earlier.
    perform(Action.APPROVE, [Seen(waiting.pk, 0)], holder_of(fresh(waiting)))
    return Busy(
        *map(fresh, (paid.case, allocated, earlier, summed_up, published, waiting, returned, rejected, withdrawn)),
        taken_back=fresh(taken_back),
        draft=make_submittable_application(unit=unit).case,
        objection=_object_to(published),
    )


def _filed(unit: Organisation) -> Case:
    return make_submitted_application(unit=unit).case


def _object_to(case: Case) -> Objection:
    member = case.memberships.get(batch__kind=BatchKind.NOTICE)
    notice = PublicNotice.objects.get(batch=member.batch)
    return register_objection(
        notice, member=member, name="赵七", contact="13800000000", content="有自有住房", token=case.token
    )


def application_of(case: Case) -> RentApplication:
    return RentApplication.objects.get(case=case)


def forge(case: Case, seq: int, **changes: object) -> None:
    """Rewrite one event and every digest after it, as somebody would who knows how the chain is made."""
    CaseEvent.objects.filter(case=case, seq=seq).update(**changes)
    head = ""
    for event in CaseEvent.objects.filter(case=case).order_by("seq"):
        event.previous = head
        head = event_digest(head, event_body(_body_of(event)))
        CaseEvent.objects.filter(pk=event.pk).update(previous=event.previous, digest=head)
    Case.objects.filter(pk=case.pk).update(head=head)
