"""The statistics as workbooks: what the filter lets through, row by row, as jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from subsidies.enums import GRADUATE_RENT
from subsidies.filters import ApplicationFilter, PaymentFilter
from subsidies.statistics import applications_of, intake_of, payment_rows, payments_of, totals_of
from workflow import clock
from workflow.case_lists import CaseListFilter, all_rows
from workflow.models import Case, InternalNumber, Job, ServiceItem
from workflow.presentation.times import day_text, minute_text
from workflow.registry import job
from workflow.services.exports import INTERNAL
from workflow.services.jobs import actor_of, save_result
from workflow.spreadsheets import Cell, Column, Row, write_sheet

EXPORT_APPLICATIONS = "subsidies.export_applications"
EXPORT_PAYMENTS = "subsidies.export_payments"


@job(EXPORT_APPLICATIONS)
def export_applications(job: Job) -> None:
    found = ApplicationFilter(QueryDict(job.params["criteria"]), applications_of(actor_of(job)))
    columns = (
        Column(_("Name"), 12),
        Column(_("Identity number"), 22),
        Column(_("Degree"), 10),
        Column(_("Batch"), 18),
        Column(_("Subsidy from"), 14),
        Column(_("Months of subsidy"), 10, Cell.INTEGER),
        Column(_("Standard"), 12, Cell.MONEY),
        Column(_("Total amount"), 14, Cell.MONEY),
        Column(_("Reported at"), 14),
        Column(_("Review status"), 20),
        Column(_("Case number"), 28),
        Column(_("Employer"), 32),
        Column(_("County"), 14),
    )
    _write(job, found, _("Statistics of subsidy applications"), columns, _application_cells)


def _application_cells(cases: Sequence[Case]) -> Iterator[Row]:
    for case in cases:
        summary = case.summary
        yield (
            case.subject,
            summary.get("id_masked", ""),
            summary.get("degree", ""),
            intake_of(case),
            summary.get("start", ""),
            summary.get("months", 0),
            Decimal(summary.get("standard", 0)),
            case.amount,
            day_text(case.submitted_at),
            case.status,
            case.number,
            summary.get("unit", ""),
            summary.get("county", ""),
        )


@job(EXPORT_PAYMENTS)
def export_payments(job: Job) -> None:
    found = PaymentFilter(QueryDict(job.params["criteria"]), payments_of(actor_of(job)))
    columns = (
        Column(_("Name"), 12),
        Column(_("Identity number"), 22),
        Column(_("Batch"), 18),
        Column(_("Months"), 8, Cell.INTEGER),
        Column(_("Amount"), 14, Cell.MONEY),
        Column(_("City batch"), 30),
        Column(_("City finance"), 20),
        Column(_("County finance"), 20),
        Column(_("Money"), 20),
        Column(_("Confirmed by the person"), 26),
        Column(_("Case number"), 28),
    )
    _write(job, found, _("Statistics of payments"), columns, _payment_cells)


def _payment_cells(cases: Sequence[Case]) -> Iterator[Row]:
    for case, row in zip(cases, payment_rows(cases), strict=True):
        yield (
            row.name,
            row.id_masked,
            row.intake,
            row.months,
            case.amount,
            row.batch,
            row.city,
            row.county,
            row.paid.text,
            row.confirmed,
            case.number,
        )


def _write(
    job: Job,
    found: CaseListFilter,
    title: str,
    columns: Sequence[Column],
    cells: Callable[[Sequence[Case]], Iterator[Row]],
) -> None:
    totals = totals_of(found.qs)
    notes = [
        _("Exported at %(time)s by %(who)s") % {"time": minute_text(clock.now()), "who": job.asked_by},
        _("%(cases)s cases, %(months)s months, %(amount)s yuan in all")
        % {"cases": totals.cases, "months": totals.months, "amount": totals.amount},
    ]
    if ServiceItem.objects.filter(case_type=GRADUATE_RENT).exists():
        columns, cells = [*columns, Column(str(INTERNAL.label), 48)], _numbered(cells)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_sheet(file.name, title, columns, all_rows(job, found, totals.cases, cells), notes)
        save_result(job, f"{title} {clock.today():%Y-%m-%d}.xlsx", file)


def _numbered(cells: Callable[[Sequence[Case]], Iterator[Row]]) -> Callable[[Sequence[Case]], Iterator[Row]]:
    """With the 办件编号 behind, which a case has that was first filed since its office has an 实施编码."""

    def with_numbers(cases: Sequence[Case]) -> Iterator[Row]:
        numbers = dict(InternalNumber.objects.filter(case__in=cases).values_list("case", "number"))
        for case, row in zip(cases, cells(cases), strict=True):
            yield (*row, numbers.get(case.pk, ""))

    return with_numbers
