"""批次: which one an application belongs to, and one document for each of those among the cases of an act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from subsidies.enums import BatchBy
from subsidies.intakes import chinese_name, period_of
from subsidies.models import BatchIntake, Intake, Programme
from workflow import clock
from workflow.enums import BatchKind
from workflow.models import Batch
from workflow.registry import ActContext, Move
from workflow.services.batches import open_batch


def open_intakes(programmes: Iterable[Programme], day: date) -> dict[int, Intake]:
    """{programme: the intake of whatever is filed under it on this day}"""
    periods = {row.pk: period_of(day, BatchBy(row.batch_by)) for row in programmes}
    found = Intake.objects.in_bulk([period.code for period in periods.values()])
    for period in sorted(set(periods.values()), key=attrgetter("code")):
        if period.code not in found:
            days = {"starts_on": period.first, "ends_on": period.last}
            found[period.code], _made = Intake.objects.get_or_create(code=period.code, defaults=days)
    return {pk: found[period.code] for pk, period in periods.items()}


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
