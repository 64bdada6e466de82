"""Papers of the rent subsidy: the printed form, the lists of a batch, what a spreadsheet may not contain."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import SensitiveView
from subsidies.documents.application_form import read_forms
from subsidies.documents.lists import EXPORT_APPLICATIONS, EXPORT_PAYMENTS
from subsidies.documents.papers import write_members, write_summary
from subsidies.documents.payouts import write_payout
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import ACCOUNT, make_submitted_application
from tests.subsidies.walking import fresh, officer_of, open_offices, press, walk
from workflow import registry
from workflow.actors import Actor
from workflow.enums import Action, BatchKind, JobState
from workflow.models import Batch, Case, InternalNumber, Job, Organisation, ServiceItem
from workflow.pdfs import extract_text
from workflow.services.jobs import claim_job, run_job, start_job
from workflow.services.printouts import print_paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

RARE = "䶮㛃"


def make_cases(*names: str, to: str) -> list[Case]:
    open_offices()
    unit = UnitFactory(name='=HYPERLINK("x")公司')
    people = [PersonFactory(name=name, unit=unit) for name in names]
    cases = [make_submitted_application(person=person, unit=unit).case for person in people]
    walk(*cases, to=to)
    return [fresh(case) for case in cases]


def county_finance() -> Actor:
    return officer_of(Organisation.objects.get(kind="county_fin"))


def payees(*cases: Case) -> list[tuple[int, Decimal]]:
    return [(case.pk, case.amount or Decimal(0)) for case in cases]


def printed_form(case: Case, actor: Actor) -> bytes:
    document = registry.case_types["graduate_rent"].document("application")
    assert document is not None
    return print_paper(case, document, actor)


def opened(content: io.BytesIO) -> Worksheet:
    sheet = load_workbook(content).active
    assert isinstance(sheet, Worksheet)
    return sheet


def texts(sheet: Worksheet) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_form_carries_rare_characters_the_number_and_every_opinion() -> None:
    case = make_cases(RARE, to="city_fin")[0]

    text = extract_text(printed_form(case, Actor(case.applicant)))

    assert RARE in text
    assert case.number in text
    for title in ("单位意见", "县区人社局意见", "评审意见", "县区组织部意见", "市人社局意见", "市组织部意见"):
        assert title in text
    assert "评审一致通过" in text
    assert "演示金额" in text


def test_form_is_printed_in_chinese_for_an_english_page() -> None:
    case = make_cases("张三", to="city_fin")[0]

    with translation.override("en"):
        text = extract_text(printed_form(case, Actor(case.applicant)))

    # What is left is the case number and the names that the test gives to its employer and its offices.
    assert set(re.findall("[A-Za-z]{2,}", text)) <= {"DZF", "HYPERLINK", "city", "county", "hr", "org"}


def test_form_is_complete_for_its_owner() -> None:
    case = make_cases("张三", to="county_hr")[0]

    text = extract_text(printed_form(case, Actor(case.applicant)))

    assert ACCOUNT in text
    assert case.rent_application.person.number in text
    assert not SensitiveView.objects.exists()


def test_form_shows_the_deciding_office_the_identity_and_writes_the_look_down() -> None:
    case = make_cases("张三", to="county_hr")[0]
    officer = officer_of(case.holder)

    text = extract_text(printed_form(case, officer))

    assert case.rent_application.person.number in text
    assert ACCOUNT not in text
    look = SensitiveView.objects.get()
    assert (look.viewer_id, look.case_id, look.field) == (officer.user_id, case.pk, "application_form")


def test_form_hides_numbers_from_whoever_does_not_decide_now() -> None:
    case = make_cases("张三", to="county_hr")[0]

    text = extract_text(printed_form(case, county_finance()))

    assert ACCOUNT not in text
    assert case.rent_application.person.number not in text


def test_opinions_before_a_return_are_void_once_the_case_passes_again() -> None:
    case = make_cases("张三", to="review")[0]
    press(Action.SEND_BACK, case, target="county_hr", opinion="请核实合同")

    (form,) = read_forms([fresh(case)], {case.pk: lambda key: False})
    opinions = {opinion.title: opinion.text for opinion in form.opinions}

    assert opinions["单位意见"] == "同意"
    assert opinions["县区人社局意见"] == ""


def test_summary_adds_up_per_county() -> None:
    make_cases("张三", "李四", to="city_report")
    content = io.BytesIO()

    write_summary(content, Batch.objects.get(kind=BatchKind.SUMMARY))

    rows = texts(opened(content))
    county, total = rows[-2], rows[-1]
    assert county == ["1", "新华区", 0, 2, 0, 0, 2, 12, 12000, 6000, 6000, None]
    assert total[1:11] == ["合计", 0, 2, 0, 0, 2, 12, 12000, 6000, 6000]


def test_published_list_names_people_but_no_full_number_and_no_formula() -> None:
    cases = make_cases("张三", "=1+1", to="publicity")
    content = io.BytesIO()

    write_members(content, Batch.objects.get(kind=BatchKind.NOTICE))

    sheet = opened(content)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    shown = " ".join(str(cell.value) for cell in cells)
    assert "=1+1" in shown
    assert not any(case.rent_application.person.number in shown for case in cases)


def test_payout_list_has_full_numbers_as_text_and_every_look_is_logged() -> None:
    cases = make_cases("张三", "李四", to="county_fin")
    content = io.BytesIO()

    write_payout(content, payees(*cases), county_finance(), reason="7月发放", notes=())

    rows = texts(opened(content))
    header = next(row for row in rows if row[0] == "序号")
    first = dict(zip(header, rows[rows.index(header) + 1], strict=True))
    assert first["账号"] == ACCOUNT
    assert first["证件号码"] == cases[0].rent_application.person.number
    assert set(SensitiveView.objects.values_list("case", "field", "reason")) == {
        (case.pk, "account", "7月发放") for case in cases
    }


def test_only_finance_sees_full_accounts() -> None:
    case = make_cases("张三", to="county_fin")[0]

    with pytest.raises(PermissionDenied):
        write_payout(io.BytesIO(), payees(case), officer_of(case.supervisor), reason="看看", notes=())
    assert not SensitiveView.objects.exists()


@pytest.mark.parametrize("kind", [EXPORT_APPLICATIONS, EXPORT_PAYMENTS])
def test_export_is_a_job_of_what_the_asker_may_see(kind: str) -> None:
    case = make_cases(RARE, "李四", to="person_confirm")[0]
    start_job(kind, "导出", {"criteria": f"name={RARE}"}, officer_of(case.supervisor))

    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)

    job = Job.objects.get()
    assert (job.state, job.error) == (JobState.DONE, "")
    with job.result.open() as file:
        rows = texts(opened(io.BytesIO(file.read())))
    assert [row[0] for row in rows if row[0] in (RARE, "李四")] == [RARE]


@pytest.mark.parametrize("kind", [EXPORT_APPLICATIONS, EXPORT_PAYMENTS])
def test_export_names_the_internal_number_where_offices_have_an_item_code(kind: str) -> None:
    numbered, _earlier = make_cases("张三", "李四", to="person_confirm")
    ServiceItem.objects.create(case_type="graduate_rent", organisation=numbered.supervisor, code="1" * 31)
    InternalNumber.objects.create(case=numbered, number="1" * 43)
    start_job(kind, "导出", {"criteria": ""}, officer_of(numbered.supervisor))

    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)

    with Job.objects.get().result.open() as file:
        rows = texts(opened(io.BytesIO(file.read())))
    told = {row[0]: row[-1] for row in rows}
    assert (told["姓名"], told["张三"], told["李四"] or "") == ("内部办件编号", "1" * 43, "")


def test_form_is_a_document_of_the_case_type() -> None:
    documents = registry.case_types["graduate_rent"].documents

    assert [document.key for document in documents] == ["application"]
