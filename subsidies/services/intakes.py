"""批次: which one an application belongs to, and one document for each of those among the cases of an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from subsidies.enums import BatchBy
from subsidies.intakes import chinese_name, period_of
from subsidies.models import BatchIntake, Intake, Programme
from workflow import clock
from workflow.enums import BatchKind
from workflow.models import Batch
from workflow.registry import ActContext, Move
from workflow.services.batches import open_batch


def open_intake(programme: Programme, day: date) -> Intake:
    """The intake of whatever is filed under this programme on this day."""
    period = period_of(day, BatchBy(programme.batch_by))
    intake, _made = Intake.objects.get_or_create(
        code=period.code, defaults={"starts_on": period.first, "ends_on": period.last}
    )
    return intake


def open_documents(kind: BatchKind, moves: Sequence[Move], context: ActContext, *, name: str) -> list[Batch]:
    """One document for each intake. Titles are data: Chinese in the row, like the names of the offices."""
    office = context.actor.organisation
    assert office is not None
    groups: dict[str, list[Move]] = {}
    for move in moves:
        groups.setdefault(move.case.summary.get("intake", ""), []).append(move)
    day = clock.local_date(context.at)
    documents = []
    for code, members in sorted(groups.items()):
        title = f"{office.region.name}大学生租房补助{chinese_name(code)}{name}（{day:%Y-%m-%d}）"
        documents.append(open_batch(kind, members, context, title=title))
        if code:
            BatchIntake.objects.create(batch=documents[-1], intake_id=code)
    return documents
