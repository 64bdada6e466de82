"""《“渤海英才服务卡”申领人员汇总表》 as a workbook, and as LibreOffice prints it."""

from __future__ import annotations

import io
import re
import subprocess
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from talent.documents.summary_rows import SummaryRow
from talent.documents.summary_sheet import COLUMNS, TITLE, write_sheet
from tests.accounts.factories import PersonFactory
from tests.talent.card_factories import make_submitted_card_application
from tests.talent.factories import EducationFactory
from tests.talent.summaries import Firm, make_firm
from workflow import clock
from workflow.codelists import EDUCATION
from workflow.enums import Action
from workflow.models import Case

NUMBER = "91130902MA07ABCD1X-HZB-20261121-001"
HEADER = 4
CELLS = (
    "张伟", "男", "1990-03", "居民身份证", "130902199003071234", "中共党员", "博士研究生", "博士学位",
    "中国科学院大学 材料科学与工程", "高级工程师", "沧州市新材料科技有限公司 研发部主任", "2025-07-01", "博士", "B",
    "13800000001", "李敏", "0317-3000001", "",
)  # fmt: skip
# Spec 4.9, in this order.
TITLES = (
    "序号", "姓名", "性别", "出生年月", "证件类型", "证件号码", "政治面貌", "学历", "学位", "毕业院校及专业",
    "职称（职业资格）", "工作单位及职务", "引进时间", "申领类别（条件）", "卡类型", "联系电话", "服务专员姓名",
    "服务专员联系方式", "备注",
)  # fmt: skip


def written(*rows: tuple[str, ...]) -> bytes:
    target = io.BytesIO()
    numbered = [SummaryRow(number, number, cells) for number, cells in enumerate(rows or (CELLS,), start=1)]
    write_sheet(target, numbered, unit="沧州市新材料科技有限公司", number=NUMBER)
    return target.getvalue()


def sheet_of(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def texts(row: tuple[Cell, ...]) -> list[str]:
    return [str(cell.value or "") for cell in row]


def changed(**cells: str) -> tuple[str, ...]:
    """``c5="..."``: the fifth cell."""
    return tuple(cells.get(f"c{place}", text) for place, text in enumerate(CELLS))


def printed(content: bytes, folder: Path) -> Path:
    """The PDF that LibreOffice makes of it."""
    (folder / "table.xlsx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "table.xlsx")], check=True, timeout=120, capture_output=True
    )
    return folder / "table.pdf"


def test_sheet_has_the_columns_of_the_table_in_order() -> None:
    sheet = sheet_of(written())

    assert [text.replace("\n", "") for text in texts(sheet[HEADER])] == list(TITLES)
    assert texts(sheet[HEADER + 1]) == ["1", *CELLS]


def test_sheet_names_employer_day_batch_and_whoever_signs() -> None:
    everything = "\n".join(text for row in sheet_of(written()).iter_rows() for text in texts(row) if text)

    for said in (TITLE, "填报单位（盖章）：沧州市新材料科技有限公司", f"批次号：{NUMBER}", "共 1 人"):
        assert said in everything
    assert re.search(r"填报日期：\d{4}年\d\d月\d\d日", everything)
    for line in ("单位负责人（签字）：", "填表人：", "联系电话："):
        assert line in everything


def test_numbers_stay_text_and_a_formula_is_none() -> None:
    sheet = sheet_of(written(changed(c0='=HYPERLINK("http://x.invalid")', c4="130902199003071234")))

    cells = sheet[HEADER + 1]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert cells[5].value == "130902199003071234"


def test_control_characters_do_not_break_the_workbook() -> None:
    assert sheet_of(written(changed(c0="张\x07伟")))[HEADER + 1][1].value == "张伟"


@pytest.mark.parametrize("name", ["𠮷田𡈽", "محمد الخوارزمي", "O'Brien-Müller"])
def test_names_of_every_script_are_kept(name: str) -> None:
    assert sheet_of(written(changed(c0=name)))[HEADER + 1][1].value == name


def test_sheet_is_laid_out_for_a4_landscape_one_page_wide() -> None:
    sheet = sheet_of(written())

    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize or 0)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    assert sheet.freeze_panes == f"C{HEADER + 1}"


def test_hidden_sheet_tells_the_version_of_the_template() -> None:
    book = load_workbook(io.BytesIO(written()))

    hidden = book["模板"]
    assert hidden.sheet_state == "hidden"
    assert [[cell.value for cell in row] for row in hidden.iter_rows()] == [["模板版本", "1"], ["批次号", NUMBER]]


def test_picture_is_the_code_of_the_number() -> None:
    (image,) = sheet_of(written())._images  # type: ignore[attr-defined]

    assert Image.open(io.BytesIO(image._data())).size[0] > 100


def test_long_texts_make_their_row_higher() -> None:
    sheet = sheet_of(written(CELLS, changed(c8="Massachusetts Institute of Technology, Mechanical Engineering " * 2)))

    assert sheet.row_dimensions[HEADER + 2].height > 2 * sheet.row_dimensions[HEADER + 1].height


@pytest.mark.office
@pytest.mark.parametrize(("rows", "pages"), [(3, 1), (60, 3)])
def test_printed_table_is_one_page_wide(tmp_path: Path, rows: int, pages: int) -> None:
    pdf = printed(written(*[CELLS] * rows), tmp_path)

    with closing(pypdfium2.PdfDocument(pdf)) as document:
        sizes = [tuple(map(round, document[number].get_size())) for number in range(len(document))]
    assert sizes == [(842, 595)] * pages


@pytest.fixture
def firm(db: None) -> Firm:
    return make_firm()


def exported(firm: Firm, case: Case) -> bytes:
    with firm.table(case).sheet.file.open("rb") as file:
        return bytes(file.read())


def test_row_is_written_from_what_was_filed(firm: Firm) -> None:
    case = firm.approved("李海洋", education__level="14")

    sheet = sheet_of(exported(firm, case))

    row = dict(zip(TITLES, texts(sheet[HEADER + 1]), strict=True))
    application = firm.application_of(case)
    person = application.person
    assert (row["姓名"], row["证件号码"], row["联系电话"]) == (person.name, person.number, person.phone)
    assert row["出生年月"] == f"{person.birth_date:%Y-%m}"
    assert row["工作单位及职务"] == f"{firm.unit.name} {application.position}"
    assert row["引进时间"] == f"{application.arrived_on:%Y-%m-%d}"
    assert row["卡类型"] == application.level
    assert (row["服务专员姓名"], row["服务专员联系方式"]) == (
        case.summary["specialist"],
        case.summary["specialist_phone"],
    )
    assert row["学历"]
    assert row["毕业院校及专业"]
    assert len(row) == len(COLUMNS)


def test_highest_education_stands_on_the_table(firm: Firm) -> None:
    person = PersonFactory(unit=firm.unit)
    # The second degree of a lower level came last: in the filing it stands first.
    EducationFactory(person=person, bachelor=True, school="沧州师范学院", graduated_on=clock.today())
    case = make_submitted_card_application(person=person, unit=firm.unit, education__school="河北工业大学").case
    firm.move(case, Action.APPROVE, firm.handler)

    sheet = sheet_of(exported(firm, case))

    row = dict(zip(TITLES, texts(sheet[HEADER + 1]), strict=True))
    assert row["学历"] == EDUCATION.label_zh("14")
    assert row["毕业院校及专业"].startswith("河北工业大学")
