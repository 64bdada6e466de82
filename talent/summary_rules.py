"""Who stands on a 汇总表, when it counts no more for somebody, and that no county bureau approves without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from talent.models import CardApplication, SummaryMember, SummaryScan
from workflow.actors import Actor
from workflow.bulk import update_rows
from workflow.enums import Action, OrganisationKind, Role, State
from workflow.models import Case, Organisation
from workflow.registry import ActContext, Closed, Move, effect, gate

# Kinds of the employer's papers: the workbook as it was exported, and the sealed table.
SHEET, TABLE = "card_summary_sheet", "card_summary"
# Of a case's summary: the number of its sealed table.
BATCH = "summary_batch"
UNIT_STAGE = "unit"
COUNTY_STAGES = ("county_specialist", "county_lead")
COUNTY_ROLES = (Role.SPECIALIST, Role.LEADER)


def may_export(actor: Actor) -> bool:
    """Whoever reviews the applications for the employer."""
    return actor.is_unit and actor.role == Role.HANDLER


def is_current(case: Case) -> bool:
    """当前申报人员: the employer's approval stands and the bureaus have not finished."""
    return case.state == State.IN_REVIEW and case.stage != UNIT_STAGE


def is_county_hand(actor: Actor) -> bool:
    """服务专员 or 负责人 of a county bureau."""
    return actor.kind == OrganisationKind.COUNTY_HR and actor.role in COUNTY_ROLES


def may_return(covered: Iterable[Case], actor: Actor) -> bool:
    """The county bureau where one of the applications waits that the table is for."""
    return is_county_hand(actor) and any(
        case.stage in COUNTY_STAGES and case.holder_id == actor.organisation_id for case in covered
    )


def without_table(unit: Organisation) -> QuerySet[CardApplication]:
    """Whom this employer has approved, or who came back to the county bureau, and whose table is none that serves."""
    standing = SummaryMember.objects.of_use().filter(case=OuterRef("case"))
    waiting = CardApplication.objects.filter(case__unit=unit, case__state=State.IN_REVIEW)
    return waiting.filter(~Exists(standing), case__stage__in=COUNTY_STAGES, scheme__require_summary=True)


@gate("talent.summary_uploaded")
def summary_uploaded(cases: Sequence[Case]) -> Closed:
    """未上传汇总表."""
    keys = [case.pk for case in cases]
    asked = CardApplication.objects.filter(case__in=keys, scheme__require_summary=True)
    sealed = set(SummaryMember.objects.of_cases(cases).sealed().values_list("case", flat=True))
    return {
        pk: _("The summary table has not been uploaded")
        for pk in asked.values_list("case", flat=True)
        if pk not in sealed
    }


@effect("talent.leave_summary")
def leave_summary(moves: Sequence[Move], context: ActContext) -> None:
    """Who goes back before the county bureau, or out, stands on no table any more; who is fetched back does again."""
    if context.act.action == Action.TAKE_BACK:
        _stand_again([move.case for move in moves if is_current(move.case)])
    gone = [move.case for move in moves if not is_current(move.case)]
    SummaryMember.objects.of_cases(gone).standing().update(scan=None, left_at=context.at)
    name_batch(gone, "")


def _stand_again(cases: Sequence[Case]) -> None:
    """A return that is undone: the table counts again, as it stands by now."""
    for case in cases:
        undone = SummaryMember.objects.of_cases([case]).filter(left_at=case.last_event.at)
        for member in undone.select_related("batch").order_by("-batch"):
            member.left_at = None
            member.scan = SummaryScan.objects.filter(batch=member.batch_id, returned_at=None).first()
            member.save(update_fields=["left_at", "scan"])
            if member.scan is not None:
                name_batch([case], member.batch.short_number)


def name_batch(cases: Sequence[Case], number: str) -> None:
    """汇总表批次 in the queues of the offices: the sealed table that names these locked cases, or "" for none."""
    named = [case for case in cases if case.summary.get(BATCH, "") != number]
    for case in named:
        case.summary = {**case.summary, BATCH: number}
    update_rows(Case, ["id", "summary"], [(case.pk, case.summary) for case in named])
