"""Where the change of a 服务专员 is met: on the page of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from talent.models import SpecialistChange
from talent.services.specialists import may_reassign
from workflow.actors import Actor
from workflow.models import Case
from workflow.presentation.times import minute_text
from workflow.registry import Link, case_link


@case_link
def to_reassign(case: Case, actor: Actor) -> Iterator[Link]:
    if may_reassign(case, actor):
        yield Link(_("Change the service specialist"), reverse("talent:specialist", args=[case.pk]))


@dataclass(frozen=True, slots=True)
class ChangeRow:
    at: str
    before: str
    after: str
    by: str
    reason: str


def changes_of(case: Case) -> list[ChangeRow]:
    rows = SpecialistChange.objects.filter(case=case).select_related("before", "after", "by")
    return [
        ChangeRow(minute_text(row.at), str(row.before or ""), str(row.after), str(row.by), row.reason) for row in rows
    ]
