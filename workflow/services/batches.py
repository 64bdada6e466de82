"""Batches: opened by an act over a selection; taking a case out makes a new version with new totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from workflow import clock
from workflow.enums import BatchKind, State
from workflow.models import Batch, BatchMember, BatchVersion, Case, Organisation
from workflow.registry import ActContext, Move
from workflow.services.numbering import next_batch_number


def open_batch(kind: BatchKind, moves: Sequence[Move], context: ActContext, *, title: str) -> Batch:
    """One document over all cases of the act, owned by the office that acts."""
    organisation: Organisation | None = context.actor.organisation
    assert organisation is not None, "the system opens no batches"
    stage = moves[0].from_stage
    assert stage is not None
    batch = Batch.objects.create(
        kind=kind,
        number=next_batch_number(organisation.code, kind, clock.local_date(context.at)),
        title=title,
        case_type=moves[0].case.case_type,
        stage=stage.slug,
        organisation=organisation,
        act_id=context.act.pk,
        created_at=context.at,
    )
    members = [BatchMember(batch=batch, case=move.case, amount=move.case.amount or Decimal(0)) for move in moves]
    BatchMember.objects.bulk_create(members)
    total = sum((member.amount for member in members), Decimal(0))
    BatchVersion.objects.create(batch=batch, version=1, count=len(members), total=total, created_at=context.at)
    return batch


def take_out_those_before(cases: Sequence[Case], *, at: datetime) -> None:
    """Take these cases out of every batch whose opening stage they now stand before (or that they left for good)."""
    by_pk = {case.pk: case for case in cases}
    # In the order of the batches: two acts that shrink the same ones do not wait for each other for ever.
    members = (
        BatchMember.objects.filter(case__in=by_pk, removed_in=None).select_related("batch").order_by("batch_id", "id")
    )
    leaving = [member for member in members if _stands_before(by_pk[member.case_id], member.batch)]
    for batch in {member.batch_id: member.batch for member in leaving}.values():
        gone = [member for member in leaving if member.batch_id == batch.pk]
        _new_version(batch, gone, at=at, reason=_("%(count)s cases left the batch") % {"count": len(gone)})


def _stands_before(case: Case, batch: Batch) -> bool:
    if case.state in (State.REJECTED, State.WITHDRAWN):
        return True
    stage = case.stage or case.resume_stage
    # A case in the opening stage itself would be put into a new batch by the same button.
    return case.route.position(stage) <= case.route.position(batch.stage)


def put_back_those_that_left(left: Mapping[int, datetime], *, at: datetime) -> None:
    """``left``: {case: when a return or rejection moved it}; that move is taken back, so its cases are listed again."""
    members = (
        BatchMember.objects.filter(case__in=left).exclude(removed_in=None).select_related("batch").order_by("batch_id")
    )
    versions = BatchVersion.objects.filter(batch__in={member.batch_id for member in members})
    moments = {(version.batch_id, version.version): version.created_at for version in versions}
    back = [m for m in members if m.removed_in and moments[m.batch_id, m.removed_in] == left[m.case_id]]
    for batch in {member.batch_id: member.batch for member in back}.values():
        again = [member for member in back if member.batch_id == batch.pk]
        _new_version(batch, again, at=at, reason=_("%(count)s cases came back") % {"count": len(again)}, back=True)


def _new_version(batch: Batch, moved: Sequence[BatchMember], *, at: datetime, reason: str, back: bool = False) -> None:
    """The members leave with this version, or come ``back`` with it."""
    Batch.objects.filter(pk=batch.pk).update(version=F("version") + 1)
    batch.refresh_from_db(fields=["version"])
    removed_in = None if back else batch.version
    BatchMember.objects.filter(pk__in=[member.pk for member in moved]).update(removed_in=removed_in)
    left = BatchMember.objects.filter(batch=batch, removed_in=None).aggregate(n=Count("pk"), total=Sum("amount"))
    BatchVersion.objects.create(
        batch=batch,
        version=batch.version,
        count=left["n"],
        total=left["total"] or Decimal(0),
        reason=reason,
        created_at=at,
    )
