"""Who stands on a 汇总表, when it counts no more for somebody, and that no county bureau approves without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
    """A return that is undone: the table counts again, as it stands by now. Four statements for any number."""
    left = {case.pk: case.last_event.at for case in cases}
    rows = SummaryMember.objects.of_cases(cases).filter(left_at__in=set(left.values())).select_related("batch")
    undone = [member for member in rows.order_by("-batch") if member.left_at == left[member.case_id]]
    scans = SummaryScan.objects.filter(batch__in={member.batch_id for member in undone}, returned_at=None)
    valid = {scan.batch_id: scan.pk for scan in scans} if undone else {}
    update_rows(SummaryMember, ("id", "left_at", "scan"), [(row.pk, None, valid.get(row.batch_id)) for row in undone])
    numbers = {row.case_id: row.batch.short_number for row in undone if row.batch_id in valid}
    _name({case: numbers[case.pk] for case in cases if case.pk in numbers})


def name_batch(cases: Sequence[Case], number: str) -> None:
    """汇总表批次 in the queues of the offices: the sealed table that names these locked cases, or "" for none."""
    _name(dict.fromkeys(cases, number))


def _name(numbers: Mapping[Case, str]) -> None:
    named = [case for case, number in numbers.items() if case.summary.get(BATCH, "") != number]
    for case in named:
        case.summary = {**case.summary, BATCH: numbers[case]}
    update_rows(Case, ["id", "summary"], [(case.pk, case.summary) for case in named])
