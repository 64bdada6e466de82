import io
import tracemalloc
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from workflow.spreadsheets import Cell, Column, Sheet, write_sheet, write_workbook

COLUMNS = [
    Column("姓名", 10),
    Column("证件号码", 22),
    Column("补贴月数", 10, Cell.INTEGER),
    Column("合计金额", 14, Cell.MONEY),
    Column("毕业时间", 12, Cell.DATE),
    Column("上报时间", 18, Cell.MOMENT),
]
ROW = ["张三", "130902199003070015", 3, Decimal("3000.50"), date(2024, 7, 1), datetime(2026, 11, 21, 9, 30)]  # noqa: DTZ001


def written(rows, columns=COLUMNS, notes=(), title="大学生租房补助申请") -> Worksheet:
    target = io.BytesIO()
    write_sheet(target, title, columns, rows, notes)
    return load_workbook(io.BytesIO(target.getvalue())).active


def values(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_sheet_has_title_notes_header_and_rows():
    sheet = written([ROW, ["李四", None, None, None, None, None]], notes=["导出人：王五"])

    assert sheet.title == "大学生租房补助申请"
    assert sheet["A1"].value == "大学生租房补助申请"
    assert sheet["A2"].value == "导出人：王五"
    assert values(sheet, 3) == [column.title for column in COLUMNS]
    assert values(sheet, 4) == ["张三", "130902199003070015", 3, 3000.5, datetime(2024, 7, 1), ROW[5]]  # noqa: DTZ001
    assert values(sheet, 5) == ["李四", None, None, None, None, None]
    assert sheet.max_row == 5


def test_long_numbers_stay_text_and_amounts_are_numbers():
    sheet = written([ROW])

    assert (sheet["B3"].data_type, sheet["B3"].number_format) == ("s", "@")
    assert (sheet["D3"].data_type, sheet["D3"].number_format) == ("n", "#,##0.00")
    assert sheet["E3"].is_date
    assert sheet["F3"].number_format == "yyyy-mm-dd hh:mm"


def test_sheet_is_ready_for_screen_and_paper():
    sheet = written([ROW], notes=["一", "二"])

    assert sheet.freeze_panes == "A5"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sorted(str(area) for area in sheet.merged_cells.ranges) == ["A1:F1", "A2:F2", "A3:F3"]
    assert sheet.column_dimensions["B"].width == pytest.approx(22, abs=1)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "http://example.com", "\t=1+1", "007"]
)
def test_nothing_a_person_typed_becomes_a_formula(text):
    sheet = written([[text]], [Column("备注")], notes=[text], title=text)

    assert [(cell.value, cell.data_type) for cell in (sheet["A1"], sheet["A2"], sheet["A4"])] == [(text, "s")] * 3
    assert sheet["A4"].hyperlink is None


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_back_as_it_was(text):
    value = unescape(written([[text]], [Column("备注")])["A3"].value or "")

    assert value == text


def test_an_empty_list_still_has_its_header():
    sheet = written([])

    assert values(sheet, 2) == [column.title for column in COLUMNS]
    assert values(sheet, 3) == [None] * len(COLUMNS)


def test_a_first_row_without_values_does_not_decide_the_rest():
    sheet = written(
        [[None, None], ["x", Decimal("2.50")], [None, None], ["y", 7]], [Column("a"), Column("b", 9, Cell.MONEY)]
    )

    assert [values(sheet, row) for row in (3, 4, 5, 6)] == [[None, None], ["x", 2.5], [None, None], ["y", 7]]


def test_a_single_column_is_written_too():
    assert values(written([["x"]], [Column("备注")]), 3)[0] == "x"


def test_a_fault_while_rows_are_fetched_is_not_swallowed():
    def rows():
        yield ROW
        raise LookupError("connection lost")

    with pytest.raises(LookupError, match="connection lost"):
        written(rows())


@pytest.mark.parametrize(
    ("columns", "rows"),
    [([Column("a"), Column("a")], []), ([Column("a"), Column("b")], [["only one"]]), ([Column("a")], [["one", "two"]])],
)
def test_rows_and_columns_that_do_not_fit_are_refused(columns, rows):
    with pytest.raises(ValueError, match=r"title|argument"):
        written(rows, columns)


def test_a_workbook_may_have_several_sheets(tmp_path):
    path = tmp_path / "summary.xlsx"

    write_workbook(
        path,
        [
            Sheet(
                "2026年第4季度/县区汇总", [Column("县区"), Column("人数", 8, Cell.INTEGER)], [["新华区", 2]], ["按县区"]
            ),
            Sheet("明细", COLUMNS, [ROW]),
        ],
    )
    book = load_workbook(path)

    assert book.sheetnames == ["2026年第4季度 县区汇总", "明细"]
    assert values(book["2026年第4季度 县区汇总"], 4) == ["新华区", 2]
    assert values(book["明细"], 3)[0] == "张三"
    assert book["2026年第4季度 县区汇总"].freeze_panes == "A4"
    assert book["明细"].freeze_panes == "A3"


def test_two_sheets_of_one_name_are_refused():
    with pytest.raises(ValueError, match="same name"):
        write_workbook(io.BytesIO(), [Sheet("明细", COLUMNS, []), Sheet("明细", COLUMNS, [])])


def test_rows_are_not_gathered_in_memory(tmp_path):
    rows = (list(ROW) for _ in range(20_000))

    tracemalloc.start()
    write_sheet(tmp_path / "long.xlsx", "列表", COLUMNS, rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 1_000_000
