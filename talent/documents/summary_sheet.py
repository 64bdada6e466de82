"""The 汇总表 as a workbook: A4 landscape, one page wide, with its number, a QR and the line to sign (spec 4.9, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import segno
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from talent.documents.summary_rows import SummaryRow
from workflow import clock
from workflow.spreadsheets import A4, MARGINS

# Raised when the columns change, so that a sheet tells which they were.
TEMPLATE_VERSION = "1"
TITLE = "“渤海英才服务卡”申领人员汇总表"
# (title, width in characters; a Chinese character takes two)
COLUMNS = (
    ("序号", 5), ("姓名", 12), ("性别", 5), ("出生年月", 9), ("证件类型", 11), ("证件号码", 21), ("政治面貌", 10),
    ("学历", 11), ("学位", 10), ("毕业院校及专业", 20), ("职称\n（职业资格）", 13), ("工作单位及职务", 20),
    ("引进时间", 12), ("申领类别\n（条件）", 20), ("卡类型", 7), ("联系电话", 14), ("服务专员\n姓名", 10),
    ("服务专员\n联系方式", 14), ("备注", 8),
)  # fmt: skip
LAST = len(COLUMNS)
# The head leaves its last columns to the QR.
HEAD_END = LAST - 3
HEADER_ROW = 4
HEIGHTS = {1: 48.0, 2: 34.0, 3: 26.0, HEADER_ROW: 40.0}
LINE_HEIGHT, FOOT_HEIGHT = 19.0, 48.0
FOOTER_MARGIN = 0.3
QR_PIXELS = 132
# How much of its lines a text of Latin words fills.
WORDS_FILL = 0.7
SONG, HEI = "宋体", "黑体"
LINE = Side(style="thin", color="000000")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line across columns of the sheet."""

    row: int
    first: int
    last: int
    text: str
    size: int = 12
    font: str = SONG
    align: str = "left"


def file_name(number: str) -> str:
    return f"{TITLE}（{number}）.xlsx"


def write_sheet(target: BinaryIO, rows: Sequence[SummaryRow], *, unit: str, number: str) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "汇总表"
    foot = HEADER_ROW + len(rows) + 1
    for line in _lines(foot, len(rows), unit, number):
        _write_line(sheet, line)
    _write_table(sheet, rows)
    sheet.add_image(_qr(number), f"{get_column_letter(LAST - 1)}1")
    for row, height in {**HEIGHTS, foot: FOOT_HEIGHT}.items():
        sheet.row_dimensions[row].height = height
    _lay_out(sheet, number)
    _write_template(book, number)
    book.save(target)


def _lines(foot: int, count: int, unit: str, number: str) -> list[_Line]:
    day = f"{clock.today():%Y年%m月%d日}"
    signatures = "单位负责人（签字）：", "填表人：", "联系电话：", f"批次号：{number}"
    places = (1, 6), (7, 10), (11, 13), (14, LAST)
    return [
        _Line(1, 1, HEAD_END, TITLE, size=20, font=HEI, align="center"),
        _Line(2, 1, 10, f"填报单位（盖章）：{unit}", size=14),
        _Line(2, 11, HEAD_END, f"填报日期：{day}", size=14),
        _Line(3, 1, 10, f"批次号：{number}"),
        _Line(3, 11, HEAD_END, f"共 {count} 人"),
        *(_Line(foot, *place, text) for place, text in zip(places, signatures, strict=True)),
    ]


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """One that no merged range covers."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _write_line(sheet: Worksheet, line: _Line) -> None:
    cell = _cell(sheet, line.row, line.first)
    _write_text(cell, line.text)
    cell.font = Font(name=line.font, size=line.size, bold=line.font == HEI)
    cell.alignment = Alignment(horizontal=line.align, vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=line.row, end_row=line.row, start_column=line.first, end_column=line.last)


def _write_text(cell: Cell, text: str) -> None:
    """As text and nothing else: a number keeps all its digits, a formula is none."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"


def _write_table(sheet: Worksheet, rows: Sequence[SummaryRow]) -> None:
    titles = [title for title, _width in COLUMNS]
    for number, (title, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        _write_cell(_cell(sheet, HEADER_ROW, number), title, is_head=True)
    for at, row in enumerate(rows, start=HEADER_ROW + 1):
        texts = [str(at - HEADER_ROW), *row.cells]
        assert len(texts) == len(titles)
        for number, text in enumerate(texts, start=1):
            _write_cell(_cell(sheet, at, number), text)
        sheet.row_dimensions[at].height = _height(texts)


def _write_cell(cell: Cell, text: str, *, is_head: bool = False) -> None:
    _write_text(cell, text)
    cell.font = Font(name=SONG, size=12, bold=is_head)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = BOX


def _height(texts: Sequence[str]) -> float:
    """Room for the longest text of the row: nobody fits rows by hand before printing."""
    lines = (
        sum(_lines_of(part, width - 1) for part in text.split("\n"))
        for text, (_title, width) in zip(texts, COLUMNS, strict=True)
    )
    return max(2, *lines) * LINE_HEIGHT


def _lines_of(text: str, width: int) -> int:
    """Latin words stay whole, which leaves the ends of lines empty; a Chinese character takes two places."""
    taken = sum(2 if ord(character) > 0xFF else 1 for character in text)
    room = int(width * WORDS_FILL) if " " in text and text.isascii() else width
    return max(1, -(-taken // room))


def _qr(number: str) -> Image:
    picture = BytesIO()
    segno.make(number, error="m").save(picture, kind="png", scale=6, border=2)
    image = Image(picture)
    image.width = image.height = QR_PIXELS
    return image


def _lay_out(sheet: Worksheet, number: str) -> None:
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    for side, inches in MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.page_margins.footer = FOOTER_MARGIN
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=f"批次号：{number}"), right=_HeaderFooterPart(text="第 &P 页 共 &N 页")
    )


def _write_template(book: Workbook, number: str) -> None:
    """What the sheet was made from, for whoever reads it by machine."""
    hidden = book.create_sheet("模板")
    hidden.sheet_state = "hidden"
    for row, texts in enumerate((("模板版本", TEMPLATE_VERSION), ("批次号", number)), start=1):
        for column, text in enumerate(texts, start=1):
            _write_text(_cell(hidden, row, column), text)
