"""Excel workbooks of lists of any length, written row by row in constant memory."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, BinaryIO

from rustpy_xlsxwriter import Format, validate_sheet_name, write_worksheets

Row = Sequence[object]
# A path takes the workbook as it grows; an open file gets it at the end, whole, from memory.
Target = str | os.PathLike[str] | BinaryIO

A4 = 9
# Excel's own end is at 1,048,576, title and header included.
MOST_ROWS = 1_000_000
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
PRINTED_LINE = "#8C959F"


class Cell(Enum):
    """What a column holds; the value is its number format. Numbers that are names (ID, phone, account) are TEXT."""

    TEXT = "@"
    INTEGER = "0"
    MONEY = "#,##0.00"
    DATE = "yyyy-mm-dd"
    MOMENT = "yyyy-mm-dd hh:mm"

    def format(self) -> Format:
        style = Format().set_num_format(self.value).set_border("thin").set_border_color(PRINTED_LINE)
        return style.set_align("right") if self in {Cell.INTEGER, Cell.MONEY} else style.set_align("left")


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters; a Chinese character takes two."""

    title: str
    width: float = 14
    cell: Cell = Cell.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` may be a generator; each row has a value per column, str, int, Decimal, date, naive time or None."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    notes: Sequence[str] = ()
    name: str = ""

    @property
    def tab(self) -> str:
        """The name on the tab: at most 31 characters, none of []:*?/\\."""
        name = "".join(" " if character in "[]:*?/\\" else character for character in self.name or self.title)[:31]
        name = name.strip().strip("'") or "1"
        validate_sheet_name(name)
        return name

    @property
    def header_row(self) -> int:
        return 1 + len(self.notes)


def write_sheet(
    target: Target, title: str, columns: Sequence[Column], rows: Iterable[Row], notes: Sequence[str] = ()
) -> None:
    """A workbook of one sheet: title, notes, a header that stays in sight and is printed on every page, the rows."""
    write_workbook(target, [Sheet(title, columns, rows, notes)])


def write_long_sheet(
    target: Target, title: str, columns: Sequence[Column], rows: Iterator[Row], notes: Sequence[str], *, count: int
) -> None:
    """Like ``write_sheet`` for about ``count`` rows: further sheets take what Excel's longest sheet does not hold."""
    parts = max(1, -(-count // MOST_ROWS))
    names = [title] if parts == 1 else [f"{title[:24]} {number}" for number in range(1, parts + 1)]
    # The last part takes all that has come since the count; the writer asks the sheets one after the other.
    shares = [*(islice(rows, MOST_ROWS) for _ in names[1:]), rows]
    write_workbook(
        target, [Sheet(title, columns, share, notes, name) for name, share in zip(names, shares, strict=True)]
    )


def write_workbook(target: Target, sheets: Sequence[Sheet]) -> None:
    """Raise ValueError when two columns of a sheet, or two sheets, have the same title."""
    by_tab = {sheet.tab: sheet for sheet in sheets}
    if len(by_tab) != len(sheets):
        raise ValueError("Two sheets of a workbook have the same name.")
    for sheet in sheets:
        if len({column.title for column in sheet.columns}) != len(sheet.columns):
            raise ValueError(f"Two columns of {sheet.title} have the same title.")

    def of(setting: Any) -> dict[str, Any]:
        return {tab: setting(sheet) for tab, sheet in by_tab.items()}

    write_worksheets(
        [(tab, _records(sheet)) for tab, sheet in by_tab.items()],
        target,
        freeze_panes=of(lambda sheet: {"row": sheet.header_row + 1, "col": 0}),
        header_row=of(lambda sheet: sheet.header_row),
        header_format=of(lambda _: _header_format()),
        merge_ranges=of(_heading),
        row_heights=of(lambda _: {0: 30.0}),
        column_widths=of(lambda sheet: {column.title: column.width for column in sheet.columns}),
        column_formats=of(lambda sheet: {column.title: column.cell.format() for column in sheet.columns}),
        ignore_errors=of(lambda sheet: [column.title for column in sheet.columns if column.cell is Cell.TEXT]),
        page_setup=of(_page_setup),
    )


def _records(sheet: Sheet) -> Iterator[dict[str, object]]:
    """An empty list still shows its header above one empty row."""
    titles = [column.title for column in sheet.columns]
    is_empty = True
    for row in sheet.rows:
        is_empty = False
        yield dict(zip(titles, row, strict=True))
    if is_empty:
        yield dict.fromkeys(titles)


def _header_format() -> Format:
    style = Format().set_bold().set_align("center").set_text_wrap().set_background_color("#E8EEF5")
    return style.set_border("thin").set_border_color(PRINTED_LINE)


def _heading(sheet: Sheet) -> list[tuple[int, int, int, int, str, Format]]:
    """Title and notes across all columns; Excel merges no single cell, so at least across two."""
    last = max(len(sheet.columns) - 1, 1)
    title = (0, 0, 0, last, sheet.title, Format().set_bold().set_font_size(16).set_align("center"))
    note = Format().set_align("left").set_font_color("#57606A")
    return [title, *((row, 0, row, last, text, note) for row, text in enumerate(sheet.notes, start=1))]


def _page_setup(sheet: Sheet) -> dict[str, object]:
    return {
        "landscape": True,
        "paper_size": A4,
        "margins": MARGINS,
        "repeat_rows": sheet.header_row,
        "fit_to_pages": (1, 0),
        "footer": "&C&P / &N",
    }
