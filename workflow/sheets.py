"""The workbooks of the floor: public lists and exports of queues."""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflow.models import PublicNotice
from workflow.presentation.notices import period_text, public_columns, sheet_rows
from workflow.registry import Column as ListColumn
from workflow.spreadsheets import Cell, Column, Target, write_sheet

CELLS = {"money": Cell.MONEY, "number": Cell.INTEGER, "date": Cell.DATE}
# Characters; a Chinese character takes two.
WIDTHS = {"id_masked": 22, "unit": 32, "number": 26, "subject": 14, "internal__number": 48}


def sheet_column(column: ListColumn) -> Column:
    return Column(str(column.label), WIDTHS.get(column.key, 14), CELLS.get(column.kind, Cell.TEXT))


def write_notice(target: Target, notice: PublicNotice) -> None:
    """公示名单: what the public page shows, with the office, the period and where to object."""
    columns = [Column(_("No."), 8, Cell.INTEGER), *(sheet_column(column) for column in public_columns(notice))]
    notes = [
        _("Published by: %(office)s; notice period: %(period)s")
        % {"office": notice.batch.organisation.name, "period": period_text(notice)},
        _("Supervision telephone: %(phone)s %(email)s") % {"phone": notice.phone, "email": notice.email},
    ]
    write_sheet(target, notice.batch.title, columns, sheet_rows(notice), notes)
