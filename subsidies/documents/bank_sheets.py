"""银行回单 as a workbook: the template that goes to the bank's results, the rows that come back, those that failed."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from subsidies.documents.papers import Watch
from subsidies.models import BankFile
from subsidies.models.ledger import PaymentQuerySet
from workflow import clock
from workflow.spreadsheets import Cell, Column, Row, Target, write_sheet

# The last one tells the payments of a case apart; workbooks of earlier templates lack it.
HEADER = ("办件编号", "姓名", "账号后四位", "金额", "结果", "退票原因", "日期", "第几次支付")
ATTEMPT = HEADER.index("第几次支付")
COLUMNS = (
    Column(HEADER[0], 28),
    Column(HEADER[1], 12),
    Column(HEADER[2], 12),
    Column(HEADER[3], 14, Cell.MONEY),
    Column(HEADER[4], 10),
    Column(HEADER[5], 30),
    Column(HEADER[6], 14),
    Column(HEADER[7], 12, Cell.INTEGER),
)
SUCCESS, BOUNCED = "成功", "退票"
TITLE = "大学生租房补助银行回单"
MOST_ROWS = 100_000
HEADER_WITHIN = 10
# openpyxl raises the latter two over styles that other programs have written.
DAMAGED = (zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, OSError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that somebody has entered a result into, as texts; ``row`` is its place in the sheet."""

    row: int
    number: str
    name: str
    last4: str
    amount: str
    result: str
    reason: str
    day: str
    # "" where the workbook does not say it.
    attempt: str

    @property
    def cells(self) -> list[str]:
        return [self.number, self.name, self.last4, self.amount, self.result, self.reason, self.day, self.attempt]


def write_template(target: Target, payments: PaymentQuerySet, watch: Watch = iter) -> None:
    """The payments that the bank has not answered yet, with the columns that its answer goes into."""
    day = f"{clock.today():%Y-%m-%d}"
    values = payments.order_by("-id").values_list("case__number", "case__subject", "last4", "amount", "attempt")
    rows: Iterator[Row] = ((*row, "", "", day, attempt) for *row, attempt in values.iterator())
    notes = [f"“结果”填写{SUCCESS}或{BOUNCED}；退票必须填写原因；日期写作 2026-11-21。未填结果的行不处理。"]
    write_sheet(target, TITLE, COLUMNS, watch(rows), notes)


def write_failed(target: Target, bank_file: BankFile, watch: Watch = iter) -> None:
    """The rows that could not be recorded, with the reason, in the shape of the template: mended, it is uploaded."""
    texts = [Column(column.title, column.width) for column in COLUMNS]
    columns = (*texts, Column("原表行号", 10, Cell.INTEGER), Column("未登记原因", 50))
    values = bank_file.rows.failed().order_by("row").values_list("cells", "row", "problem")
    rows: Iterator[Row] = ((*_padded(cells), row, problem) for cells, row, problem in values.iterator())
    notes = [f"来源：{bank_file.name}。改正后可将本表直接上传。"]
    write_sheet(target, f"{TITLE}未登记的行", columns, watch(rows), notes)


def _padded(cells: list[str]) -> list[str]:
    return cells + [""] * (len(HEADER) - len(cells))


def refuse_other_tables(content: BinaryIO) -> None:
    """What can be told before the rows are read. Raises ValidationError for a file that is not the template."""
    next(read_rows(content), None)


def read_rows(content: BinaryIO) -> Iterator[SheetRow]:
    """The rows with a result, one after the other, in bounded memory. Raises ValidationError."""
    content.seek(0)
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


def _read_sheet(sheet: Any) -> Iterator[SheetRow]:
    if (sheet.max_row or 0) > MOST_ROWS:
        raise _too_long()
    found = names_attempt = False
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=len(HEADER)), start=1):
        texts = _padded([_text(value) for value in cells])
        row = SheetRow(number, *(texts if names_attempt else [*texts[:ATTEMPT], ""]))
        if found and row.result:
            yield row
        if not found:
            found, names_attempt = tuple(texts[:ATTEMPT]) == HEADER[:ATTEMPT], texts[ATTEMPT] == HEADER[ATTEMPT]
        if not found and number >= HEADER_WITHIN:
            break
        if number > MOST_ROWS:
            raise _too_long()
    if not found:
        raise ValidationError(_("The selected file must use the template: its columns are others."))


def _too_long() -> ValidationError:
    return ValidationError(_("At most %(count)s rows are read at once.") % {"count": MOST_ROWS})


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
