"""银行回单: the bank's word on many payments from one workbook, row by row, each refused row with its reason."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from subsidies.models import Payment
from subsidies.services.payments import record_arrival, record_bounce
from workflow import clock
from workflow.actors import Actor
from workflow.services import Refused
from workflow.spreadsheets import Cell, Column, write_sheet

HEADER = ("办件编号", "姓名", "账号后四位", "金额", "结果", "退票原因", "日期")
NUMBER, LAST4, RESULT, REASON, DAY = 0, 2, 4, 5, 6
SUCCESS, BOUNCED = "成功", "退票"
MOST_ROWS = 20_000
HEADER_WITHIN = 10
DAMAGED = (zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; ``problem`` is empty where it was recorded."""

    row: int
    number: str
    result: str
    problem: str = ""


def write_template(target: BinaryIO, payments: Sequence[Payment]) -> None:
    """The payments that the bank has not answered yet, with the columns that its answer goes into."""
    columns = (
        Column(HEADER[0], 28),
        Column(HEADER[1], 12),
        Column(HEADER[2], 12),
        Column(HEADER[3], 14, Cell.MONEY),
        Column(HEADER[4], 10),
        Column(HEADER[5], 30),
        Column(HEADER[6], 14),
    )
    rows = ((p.case.number, p.case.subject, p.last4, p.amount, "", "", f"{clock.today():%Y-%m-%d}") for p in payments)
    notes = [f"“结果”填写{SUCCESS}或{BOUNCED}；退票必须填写原因；日期写作 2026-11-21。未填结果的行不处理。"]
    write_sheet(target, "大学生租房补助银行回单", columns, rows, notes)


def import_results(content: BinaryIO, actor: Actor) -> list[RowResult]:
    """Record what can be recorded. Raises ValidationError for a file that is not the template."""
    rows = list(_read(content))
    mine = Payment.objects.standing().in_hands_of(actor.organisation)
    found = mine.filter(case__number__in={values[NUMBER] for _row, values in rows})
    waiting = {payment.case.number: payment for payment in found}
    return [_record(row, values, waiting.get(values[NUMBER]), actor) for row, values in rows if values[RESULT]]


def _read(content: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """(row in the sheet, texts of the seven columns), the rows below the header."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(content, read_only=True, data_only=True)
    except (InvalidFileException, *DAMAGED) as error:
        raise ValidationError(_("The selected file must be an Excel workbook (xlsx).")) from error
    try:
        yield from _read_sheet(book.worksheets[0])
    except DAMAGED as error:
        # Sheets are unpacked only while they are read.
        raise ValidationError(_("The selected file must be an Excel workbook (xlsx).")) from error
    finally:
        book.close()


def _read_sheet(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    found = False
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=len(HEADER)), start=1):
        values = [_text(value) for value in cells] + [""] * (len(HEADER) - len(cells))
        if found and values[NUMBER]:
            yield number, values
        found = found or tuple(values) == HEADER
        if not found and number >= HEADER_WITHIN:
            break
        if number > MOST_ROWS:
            raise ValidationError(_("At most %(count)s rows are read at once.") % {"count": MOST_ROWS})
    if not found:
        raise ValidationError(_("The selected file must use the template: its columns are others."))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()


def _record(row: int, values: Sequence[str], payment: Payment | None, actor: Actor) -> RowResult:
    number, result = values[NUMBER], values[RESULT]
    try:
        if payment is None:
            raise Refused(_("Your office has made no payment with this case number that waits for an answer."))
        if values[LAST4].zfill(4) != payment.last4:
            raise Refused(_("The last four digits are not those of the account that was paid."))
        day = _day(values[DAY])
        if result == SUCCESS:
            record_arrival(payment, actor, arrived_on=day)
        elif result != BOUNCED:
            raise Refused(_("The result must be “%(yes)s” or “%(no)s”.") % {"yes": SUCCESS, "no": BOUNCED})
        elif not values[REASON]:
            raise Refused(_("A returned payment needs the reason."))
        else:
            record_bounce(payment, actor, reason=values[REASON][:200], bounced_on=day)
    except Refused as refused:
        return RowResult(row, number, result, str(refused))
    return RowResult(row, number, result)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Refused(_("Write the day as 2026-11-21.")) from None
    if day > clock.today():
        raise Refused(_("The day %(day)s has not come yet. Enter today or an earlier day.") % {"day": text})
    return day
