"""单位端申报信息查询: every application of the employer's people, where it stands, and the card (spec 4.11)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.enums import BOHAI_CARD, CardState
from talent.models import Card
from workflow import clock
from workflow.actors import Actor
from workflow.case_lists import (
    CaseListFilter,
    CaseListPage,
    Rows,
    Status,
    all_rows,
    process_url,
    read_page,
    status_choices,
    status_of,
)
from workflow.filters import DAYS, DayInput, day_begins
from workflow.models import Case, Job
from workflow.navigation import register_page
from workflow.presentation.times import day_text, minute_text
from workflow.registry import job
from workflow.services.jobs import actor_of, save_result
from workflow.spreadsheets import Column, Row, write_sheet

EXPORT = "talent.export_unit_applications"
TITLE = gettext_lazy("Applications of the employer's people")


def is_unit(actor: Actor) -> bool:
    return actor.is_unit


register_page(gettext_lazy("Queries and statistics"), TITLE, "talent:unit_applications", visible=is_unit, order=215)


def applications_of(actor: Actor) -> QuerySet[Case]:
    """Of all people of the employer; drafts are their own."""
    return Case.objects.visible_to(actor).of_type(BOHAI_CARD)


def stage_choices() -> list[tuple[str, str]]:
    return status_choices(BOHAI_CARD)


class UnitApplicationFilter(CaseListFilter):
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Review status"), method="has_status", choices=stage_choices, empty_label=gettext_lazy("All")
    )
    filed_from = django_filters.DateFilter(
        label=gettext_lazy("Applied from"), widget=DayInput, validators=DAYS, method="filed_since"
    )
    filed_to = django_filters.DateFilter(
        label=gettext_lazy("Applied until"), widget=DayInput, validators=DAYS, method="filed_until"
    )

    def filed_since(self, rows: Rows, _field: str, value: date) -> Rows:
        return rows.filter(submitted_at__gte=day_begins(value))

    def filed_until(self, rows: Rows, _field: str, value: date) -> Rows:
        return rows.filter(submitted_at__lt=day_begins(value + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    name: str
    id_masked: str
    level: str
    filed: str
    step: str
    status: Status
    card: str
    validity: str
    url: str


def application_rows(cases: Sequence[Case]) -> Iterator[ApplicationRow]:
    """One query for the cards of all of them."""
    cards = {card.case_id: card for card in Card.objects.of_cases(cases)}
    for case in cases:
        stage, card = case.current_stage, cards.get(case.pk)
        yield ApplicationRow(
            name=case.subject,
            id_masked=str(case.summary.get("id_masked", "")),
            level=str(case.summary.get("card_level", "")),
            filed=day_text(case.submitted_at),
            step=stage.step_label if stage is not None else "",
            status=status_of(case),
            card=card.number if card is not None else "",
            validity=_validity(card) if card is not None else "",
            url=process_url(case),
        )


def _validity(card: Card) -> str:
    """With its state, where it is worth nothing today."""
    text = _("%(from)s to %(to)s") % {"from": card.valid_from.isoformat(), "to": card.valid_until.isoformat()}
    state = card.state_on(clock.today())
    return text if state == CardState.VALID else _("%(text)s (%(state)s)") % {"text": text, "state": state.label}


def application_page(actor: Actor, query: QueryDict) -> CaseListPage:
    return read_page(UnitApplicationFilter(query, applications_of(actor)), query, application_rows)


@job(EXPORT)
def export_applications(job: Job) -> None:
    """【导出】: all that the filter lets through."""
    found = UnitApplicationFilter(QueryDict(job.params["criteria"]), applications_of(actor_of(job)))
    total, title = found.qs.count(), str(TITLE)
    columns = (
        Column(_("Name"), 16),
        Column(_("Identity number"), 22),
        Column(_("Type of card"), 8),
        Column(_("Applied at"), 14),
        Column(_("Present step"), 26),
        Column(_("Review status"), 26),
        Column(_("Card number"), 20),
        Column(_("Validity"), 28),
        Column(_("Case number"), 28),
    )
    exported = {"time": minute_text(clock.now()), "who": job.asked_by}
    notes = [_("Exported at %(time)s by %(who)s") % exported, _("%(count)s applications in all") % {"count": total}]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_sheet(file.name, title, columns, all_rows(job, found, total, _cells), notes)
        save_result(job, f"{title} {clock.today():%Y-%m-%d}.xlsx", file)


def _cells(cases: Sequence[Case]) -> Iterable[Row]:
    for case, row in zip(cases, application_rows(cases), strict=True):
        facts = row.name, row.id_masked, row.level, row.filed, row.step, row.status.text
        yield (*facts, row.card, row.validity, case.number)
