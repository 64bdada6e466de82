"""Where the 汇总表 is met: below 【已通过】 of the queue, on the pages of cases, in the menu."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.enums import BOHAI_CARD
from talent.models import SummaryBatch, SummaryMember, SummaryScan
from talent.summary_rules import UNIT_STAGE, is_county_hand, may_export, without_table
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act, Case
from workflow.navigation import Todo, register_home_todos, register_page
from workflow.queue import APPROVED
from workflow.registry import Link, act_link, case_link, paper_reach
from workflow.retention import ARCHIVES, RetentionClass, register_retention
from workflow.seats import Seat
from workflow.tab_tools import RowNote, TabTool, TabTools, register_tab_tools


def tables_of(seat: Seat, keys: Sequence[int]) -> dict[int, RowNote]:
    """On which table each person stands: sealed, else the newest; or that a new one is needed. Four statements."""
    newest_last = (F("scan").asc(nulls_first=True), "pk")
    members = SummaryMember.objects.standing().filter(case__in=keys, batch__unit=seat.organisation)
    tables = dict(members.order_by(*newest_last).values_list("case", "batch"))
    batches = SummaryBatch.objects.with_state().prefetch_related("scans").in_bulk(set(tables.values()))
    missing = set(without_table(seat.organisation).filter(case__in=keys).values_list("case", flat=True))
    notes = {pk: RowNote(_("On no summary table yet")) for pk in missing}
    return notes | {pk: _note(batches[batch]) for pk, batch in tables.items()}


def _note(batch: SummaryBatch) -> RowNote:
    facts = {"number": batch.short_number, "state": batch.state.label}
    text = _("Summary table (%(state)s)\n%(number)s") % facts
    return RowNote(text, reverse("talent:summary", args=[batch.pk]))


register_tab_tools(
    BOHAI_CARD,
    UNIT_STAGE,
    APPROVED,
    TabTools(
        (
            TabTool(gettext_lazy("Export the summary table of the applicants"), "talent:summary_export", main=True),
            TabTool(gettext_lazy("Upload the summary table"), "talent:summary_upload"),
        ),
        hint=gettext_lazy(
            "Tick the approved applicants and export the summary table; print it, put the employer's seal on it, take "
            "a photo or a scan and upload it. The county bureau approves nobody without the summary table."
        ),
        notes=tables_of,
    ),
)


register_retention(
    RetentionClass(
        "card_summaries",
        gettext_lazy("Summary tables of applicants for the card, and their sealed scans"),
        ARCHIVES,
        SummaryBatch.objects.all,
        "exported_at",
    )
)


def passed_on_url() -> str:
    """【已通过】 of 单位负责人审核."""
    return f"{reverse('workflow:queue', args=[BOHAI_CARD, UNIT_STAGE])}?tab={APPROVED}"


def may_list(actor: Actor) -> bool:
    return may_export(actor) or is_county_hand(actor)


register_page(
    gettext_lazy("Business handling"),
    gettext_lazy("Summary tables of applicants"),
    "talent:summaries",
    visible=may_list,
    order=130,
)


@register_home_todos
def tables_to_upload(actor: Actor) -> Iterator[Todo]:
    """待上传汇总表: one count over the index of the employer's own tables."""
    if not may_export(actor) or actor.organisation is None:
        return
    count = SummaryBatch.objects.of_unit(actor.organisation).unsealed().count()
    if count:
        yield Todo(_("Summary tables to upload: %(count)s") % {"count": count}, reverse("talent:summaries"), count, 0)


@register_home_todos
def people_to_list(actor: Actor) -> Iterator[Todo]:
    """待导出汇总表: without it the county bureau approves nobody, and tells only itself."""
    if not may_export(actor) or actor.organisation is None:
        return
    count = without_table(actor.organisation).count()
    if count:
        text = _("Approved applicants without a summary table, to be exported: %(count)s") % {"count": count}
        yield Todo(text, passed_on_url(), count, 0)


@act_link
def table_is_next(act: Act) -> Iterator[Link]:
    """From the result of the employer's approval to the table that the county bureau asks for."""
    if (act.case_type, act.stage, act.action) == (BOHAI_CARD, UNIT_STAGE, Action.APPROVE) and act.done:
        yield Link(_("Next: export the summary table"), passed_on_url())


@case_link
def summary_of(case: Case, actor: Actor) -> Iterator[Link]:
    """The table on which this applicant stands now: for the employer and the offices."""
    if case.case_type != BOHAI_CARD or actor.is_person:
        return
    newest_first = (F("scan").desc(nulls_last=True), "-pk")
    member = SummaryMember.objects.standing().filter(case=case).order_by(*newest_first).first()
    if member is None:
        return
    found = SummaryBatch.objects.visible_to(actor).with_state().prefetch_related("scans").filter(pk=member.batch_id)
    for batch in found:
        facts = {"number": batch.number, "state": batch.state.label}
        yield Link(_("Summary table %(number)s (%(state)s)") % facts, reverse("talent:summary", args=[batch.pk]))


@paper_reach
def summaries_in_reach(actor: Actor) -> Q:
    """Offices read the tables that name somebody whose case they may see; a person never does."""
    if not actor.is_office:
        return Q(pk__in=[])
    reach = SummaryBatch.objects.visible_to(actor)
    scans = SummaryScan.objects.filter(batch__in=reach.values("pk"))
    return Q(pk__in=scans.values("material")) | Q(pk__in=reach.values("sheet"))
