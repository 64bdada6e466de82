"""One application in a list, and its answers at the last look."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.applying import ApplicationService, ListRow
from workflow.enums import PERSON, State
from workflow.models import Case
from workflow.queue import STATUS_KINDS
from workflow.sections import Row, Section

# Asked at the foot of the page, not repeated above it.
PLEDGE = "pledged"
HIDDEN_WHOLE = frozenset({"address", "salary"})


def list_row(service: ApplicationService[Any, Any], application: Any) -> ListRow:
    case = application.case
    label, url = _next_step(service, case)
    saved = timezone.localtime(application.saved_at).strftime("%Y-%m-%d %H:%M") if application.saved_at else ""
    return ListRow(
        pk=case.pk,
        number=case.number or _("Draft %(pk)s") % {"pk": case.pk},
        facts=[line for line in [*service.facts(application), (_("Last saved"), saved)] if line[1]],
        status=case.status,
        kind=STATUS_KINDS[State(case.state)],
        next_label=label,
        next_url=url,
        case_url=reverse("workflow:case", args=[case.pk]),
        may_copy=case.state in (State.WITHDRAWN, State.REJECTED),
    )


def _next_step(service: ApplicationService[Any, Any], case: Case) -> tuple[str, str]:
    if case.state == State.DRAFT:
        return _("Go on filling in"), service.url("edit", case.pk)
    if case.state == State.RETURNED:
        return _("Correct and submit again"), service.url("edit", case.pk)
    stage = case.current_stage
    if stage is not None and stage.actor_kind == PERSON:
        return stage.forward_label, reverse("workflow:case", args=[case.pk])
    return "", ""


def _in_full(row: Row) -> Row:
    return row | {"value": row["full"], "kind": "text"} if row.get("full") else row


def answers_of(service: ApplicationService[Any, Any], sections: list[Section]) -> list[Section]:
    """What the form says, without the pledge; ``is_given``: it cannot be changed there.

    Whoever typed it reads in full what the mask hides whole; numbers keep their ends, by which they are compared.
    """
    shown = []
    for part in sections:
        rows = [_in_full(row) if row["key"] in HIDDEN_WHOLE else row for row in part["rows"] if row["key"] != PLEDGE]
        if part["key"] not in service.unseen and (rows or not part["rows"]):
            shown.append(part | {"rows": rows, "is_given": part["key"] in service.given})
    return shown
