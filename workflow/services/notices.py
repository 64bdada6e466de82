"""公示: one act publishes a list of many cases; an objection holds back its case alone until it is decided."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.authority import is_applicant
from workflow.deadlines import Calendars
from workflow.enums import Action, BatchKind, ObjectionStatus, OrganisationKind, State
from workflow.models import BatchMember, Case, Objection, PublicNotice
from workflow.registry import ActContext, Move
from workflow.services.batches import open_batch
from workflow.services.perform import Refused, perform_one


@registry.effect("workflow.publish_notice", irreversible=True)
def publish_notice(moves: Sequence[Move], context: ActContext) -> None:
    """One public notice over the selection; its cases are due on its last day.

    ``context.payload`` is the cleaned form ``workflow.notice``. The period begins on the day after publication.
    """
    entered = context.payload
    batch = open_batch(BatchKind.NOTICE, moves, context, title=str(entered["title"]))
    published_on = clock.local_date(context.at)
    region = batch.organisation.region
    ends_on = Calendars.of_regions([region]).due_on(region.pk, published_on, int(entered["working_days"]))
    PublicNotice.objects.create(
        batch=batch,
        starts_on=published_on + timedelta(days=1),
        ends_on=ends_on,
        working_days=int(entered["working_days"]),
        objection_days=int(entered["objection_days"]),
        phone=entered["phone"],
        email=entered.get("email", ""),
        note=entered.get("note", ""),
    )
    for move in moves:
        move.case.due_on = ends_on


@registry.gate("workflow.notice_over")
def notice_over(cases: Sequence[Case]) -> registry.Closed:
    """Open once the last day of the latest notice is over and nothing against the case is undecided or upheld."""
    closed: registry.Closed = dict(no_open_objection(cases))
    members = (
        BatchMember.objects.filter(case__in=cases, removed_in=None, batch__kind=BatchKind.NOTICE)
        .order_by("batch")
        .values_list("case", "batch__notice__ends_on")
    )
    latest = dict(members)
    today = clock.today()
    for case in cases:
        ends_on = latest.get(case.pk)
        if ends_on is None:
            closed[case.pk] = _("The case has not been published.")
        elif today <= ends_on:
            closed[case.pk] = _("The public notice runs until %(day)s.") % {"day": ends_on.isoformat()}
    return closed


@registry.gate("workflow.no_open_objection")
def no_open_objection(cases: Sequence[Case]) -> registry.Closed:
    """No way forward while an objection against the case is open, nor after one has been upheld."""
    rows = Objection.objects.filter(case__in=cases).exclude(status=ObjectionStatus.DISMISSED)
    reasons: registry.Closed = {}
    for case_id, status in rows.values_list("case", "status"):
        if status == ObjectionStatus.OPEN:
            reasons[case_id] = _("An objection against this case is still open.")
        else:
            reasons.setdefault(case_id, _("An objection against this case was upheld."))
    return reasons


def register_objection(
    notice: PublicNotice, *, member: BatchMember, name: str, contact: str, content: str, token: uuid.UUID
) -> Objection:
    """Anybody may object until the last day; the same form again answers the first objection.

    Raises Refused when the notice is over or the case was taken off the list meanwhile.
    """
    first = Objection.objects.filter(token=token).first()
    if first is not None:
        return first
    if not notice.is_open(clock.today()):
        raise Refused(_("The public notice ended on %(day)s.") % {"day": notice.ends_on.isoformat()})
    if not notice.members().filter(pk=member.pk).exists():
        raise Refused(_("This person is no longer on the published list."))
    region = notice.batch.organisation.region
    due_on = Calendars.of_regions([region]).due_on(region.pk, clock.today(), notice.objection_days)
    try:
        with transaction.atomic():
            return Objection.objects.create(
                token=token,
                notice=notice,
                case_id=member.case_id,
                name=name,
                contact=contact,
                content=content,
                created_at=clock.now(),
                due_on=due_on,
            )
    except IntegrityError:
        return Objection.objects.get(token=token)


@transaction.atomic
def decide_objection(objection: Objection, actor: Actor, *, upheld: bool, finding: str, token: uuid.UUID) -> Objection:
    """Record the finding; an upheld objection rejects its case in the same transaction.

    Raises PermissionDenied, Refused (decided already, or the case cannot be rejected now) and ValueError (no finding).
    """
    if not finding.strip():
        raise ValueError("An objection is decided with a finding.")
    objection = Objection.objects.select_for_update(of=("self",)).select_related("case").get(pk=objection.pk)
    if not may_decide_objection(objection, actor):
        raise PermissionDenied(_("Only the office that published the notice decides its objections."))
    if objection.status != ObjectionStatus.OPEN:
        raise Refused(_("This objection has been decided already."))
    objection.status = ObjectionStatus.UPHELD if upheld else ObjectionStatus.DISMISSED
    objection.finding = finding.strip()
    objection.decided_by_id = actor.user_id
    objection.decided_at = clock.now()
    objection.save(update_fields=["status", "finding", "decided_by", "decided_at"])
    if upheld and objection.case.state == State.IN_REVIEW:
        perform_one(Action.REJECT, objection.case, actor, opinion=objection.finding, token=token)
    return objection


def may_decide_objection(objection: Objection, actor: Actor) -> bool:
    """The people of the office that published, in the role of the stage where the case stands; never on their own."""
    batch = objection.notice.batch
    stage = objection.case.current_stage or objection.case.route[batch.stage]
    hands = ((actor.user_id, actor.identity_key), (actor.stands_in_for_id, actor.absent_identity_key))
    is_own = any(is_applicant(objection.case, *hand) for hand in hands)
    return actor.organisation_id == batch.organisation_id and actor.role == stage.role and not is_own


def may_read_objections(actor: Actor) -> bool:
    """Offices that may publish; which objections they see is decided row by row."""
    return actor.kind in (OrganisationKind.COUNTY_HR, OrganisationKind.CITY_HR)
