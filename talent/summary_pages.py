"""What the pages of the 汇总表 show: the list, and one table with its persons and its 材料清单."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.enums import SummaryState
from talent.models import SummaryBatch
from talent.services.summary import SCANS, agrees, not_current
from talent.summary_rules import TABLE, may_export, may_return
from workflow.actors import Actor
from workflow.enums import State
from workflow.filetypes import list_kinds
from workflow.keyset import Keyset, read_cursor
from workflow.models import Case
from workflow.presentation.materials import Panel, panel_of
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import minute_text
from workflow.queue import STATUS_KINDS
from workflow.registry import MaterialRule

NEWEST_FIRST = Keyset(("id",), "n", descending=True)
STATE_KINDS = {
    SummaryState.OPEN: "wait",
    SummaryState.SEALED: "done",
    SummaryState.RETURNED: "back",
    SummaryState.OUTDATED: "back",
    SummaryState.VOID: "plain",
}
RULE = MaterialRule(
    TABLE,
    gettext_lazy("Summary table of the applicants (with the seal of the employer)"),
    required=True,
    hint=gettext_lazy(
        "Print the table, put the employer's seal on it, take a photo or a scan. Several pages: scan them into one PDF."
    ),
    kinds=SCANS,
)


@dataclass(frozen=True, slots=True)
class SummaryListRow:
    number: str
    unit: str
    exported: str
    exported_by: str
    persons: int
    state: str
    kind: str
    url: str


def summary_list(actor: Actor, query: QueryDict) -> tuple[list[SummaryListRow], ListPager]:
    """The newest first; ``number`` finds one by a part of its number, as the QR on the paper says it."""
    found = SummaryBatch.objects.visible_to(actor).numbered(query.get("number", "").strip())
    part = NEWEST_FIRST.slice(found.values_list("id"), read_cursor(query, NEWEST_FIRST.pattern))
    batches = SummaryBatch.objects.for_list().filter(pk__in=[row[0] for row in part.rows]).order_by("-id")
    return [_list_row(batch) for batch in batches], pager_of(query, NEWEST_FIRST, part)


def _list_row(batch: SummaryBatch) -> SummaryListRow:
    return SummaryListRow(
        number=batch.number,
        unit=batch.unit.name,
        exported=minute_text(batch.exported_at),
        exported_by=str(batch.exported_by),
        persons=batch.persons,  # type: ignore[attr-defined]
        state=str(batch.state.label),
        kind=STATE_KINDS[batch.state],
        url=reverse("talent:summary", args=[batch.pk]),
    )


@dataclass(frozen=True, slots=True)
class PersonRow:
    name: str
    id_masked: str
    level: str
    status: str
    kind: str
    # Stands on it no more.
    left: str
    url: str


@dataclass(frozen=True, slots=True)
class SummaryPage:
    batch: SummaryBatch
    state: str
    kind: str
    exported: str
    sheet_url: str
    # Why nothing can be uploaded, though nothing is.
    stale: str
    returned: str
    panel: Panel
    persons: list[PersonRow]
    may_return: bool


def summary_page(
    batch: SummaryBatch, actor: Actor, *, errors: Sequence[tuple[str, str]] = (), done: str = ""
) -> SummaryPage:
    """``batch`` comes from ``.for_page()``."""
    members, scan = list(batch.members.all()), batch.scan
    is_open = scan is None
    fits = not is_open or agrees(batch, [member.case for member in members], members)
    may_upload = is_open and fits and may_export(actor)
    url = reverse("talent:summary", args=[batch.pk])
    is_void = batch.state == SummaryState.VOID
    panel = panel_of(
        [RULE if may_upload else replace(RULE, hint="", required=not is_void)],
        [(scan.material, "")] if scan is not None else [],
        title=_("List of materials"),
        add_url=reverse("talent:summary_scan", args=[batch.pk]) if may_upload else "",
        errors=errors,
        back=url,
        done=done,
    )
    return SummaryPage(
        batch=batch,
        state=str(batch.state.label),
        kind=STATE_KINDS[batch.state],
        exported=minute_text(batch.exported_at),
        sheet_url=reverse("workflow:material_download", args=[batch.sheet.token]),
        stale=nobody_left() if is_void else "" if fits else not_current(),
        returned=_return_of(batch) if is_open else "",
        panel=replace(panel, limits=_limits()),
        persons=[_person(member.case, member.left_at is not None) for member in members],
        may_return=not is_open and may_return([m.case for m in members if m.scan_id is not None], actor),
    )


def nobody_left() -> str:
    return _("Nobody on this table needs it: returned, ended or on another table. It does not have to be uploaded.")


def _limits() -> str:
    facts = {"types": list_kinds(SCANS), "size": settings.UPLOAD_MAX_MB}
    return _("%(types)s, at most %(size)s MB, one file.") % facts


def _person(case: Case, has_left: bool) -> PersonRow:
    return PersonRow(
        name=case.subject,
        id_masked=str(case.summary.get("id_masked", "")),
        level=str(case.summary.get("card_level", "")),
        status=case.status,
        kind=STATUS_KINDS[State(case.state)],
        left=_("No longer on this table") if has_left else "",
        url=reverse("workflow:case", args=[case.pk]),
    )


def _return_of(batch: SummaryBatch) -> str:
    """Who returned the last scan, when and why."""
    scan = batch.last_return
    if scan is None or scan.returned_at is None:
        return ""
    facts = {"time": minute_text(scan.returned_at), "reason": scan.reason}
    return _("Returned by the county bureau at %(time)s: %(reason)s") % facts
