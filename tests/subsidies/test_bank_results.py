"""银行回单: each row is recorded or refused by itself, with its reason."""

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook

from subsidies.models import Arrival, Bounce, Payment
from subsidies.services.bank_results import HEADER, import_results, write_template
from tests.subsidies.factories import ACCOUNT, make_submitted_application
from tests.subsidies.walking import officer_of, open_offices, payment_of, walk
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.models import Case, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

LAST4 = ACCOUNT[-4:]


@pytest.fixture
def paid(movable_clock: None) -> list[Case]:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    cases = [first.case, second.case]
    walk(*cases, to="person_confirm")
    return [Case.objects.get(pk=case.pk) for case in cases]


def finance() -> Actor:
    return officer_of(Organisation.objects.get(kind="county_fin"))


def workbook(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> io.BytesIO:
    book, content = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [("大学生租房补助银行回单",), header, *rows]:
        sheet.append(row)
    book.save(content)
    content.seek(0)
    return content


def row(case: Case, result: str, reason: str = "", last4: str = LAST4, day: str = "") -> tuple[Any, ...]:
    return (case.number, case.subject, last4, 6000, result, reason, day or clock.today().isoformat())


def test_arrivals_and_returns_are_recorded(paid: list[Case]) -> None:
    results = import_results(workbook(row(paid[0], "成功"), row(paid[1], "退票", "账号不存在")), finance())

    assert [result.problem for result in results] == ["", ""]
    assert Arrival.objects.get().payment == payment_of(paid[0])
    assert Bounce.objects.get().reason == "账号不存在"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"result": "退票"}, "原因"),
        ({"result": "也许"}, "成功"),
        ({"result": "成功", "last4": "0000"}, "后四位"),
        ({"result": "成功", "day": "下周"}, "2026-11-21"),
        ({"result": "成功", "day": "2999-01-01"}, "尚未到"),
        ({"result": "成功", "day": "2000-01-01"}, "早于"),
    ],
)
def test_a_row_that_cannot_be_recorded_says_why_and_holds_up_no_other(
    paid: list[Case], changes: dict[str, str], said: str
) -> None:
    results = import_results(workbook(row(paid[0], **changes), row(paid[1], "成功")), finance())

    assert said in results[0].problem
    assert results[1].problem == ""
    assert Arrival.objects.count() == 1


def test_the_same_workbook_again_changes_nothing(paid: list[Case]) -> None:
    content = workbook(row(paid[0], "退票", "账号不存在"))
    import_results(content, finance())
    content.seek(0)

    results = import_results(content, finance())

    assert results[0].problem
    assert Bounce.objects.count() == 1


def test_payments_of_another_office_are_unknown(paid: list[Case]) -> None:
    city = officer_of(Organisation.objects.get(kind="city_fin"))

    results = import_results(workbook(row(paid[0], "成功")), city)

    assert results[0].problem
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused(paid: list[Case], content: bytes) -> None:
    with pytest.raises(ValidationError, match="xlsx"):
        import_results(io.BytesIO(content), finance())


def test_another_table_is_refused(paid: list[Case]) -> None:
    with pytest.raises(ValidationError, match="模板"):
        import_results(workbook(header=("姓名", "金额", "", "", "", "", "")), finance())


def test_template_comes_back_as_it_went(paid: list[Case]) -> None:
    content = io.BytesIO()
    write_template(content, list(Payment.objects.unanswered().select_related("case")))
    book = load_workbook(content)
    sheet = book.active
    assert sheet is not None
    for line in sheet.iter_rows(min_row=4):
        line[4].value = "成功"
    filled = io.BytesIO()
    book.save(filled)
    filled.seek(0)

    results = import_results(filled, finance())

    assert [result.problem for result in results] == ["", ""]
    assert Arrival.objects.count() == 2


def test_a_workbook_with_a_damaged_sheet_is_refused_politely() -> None:
    whole, damaged = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<broken" if name.endswith("sheet1.xml") else source.read(name))

    with pytest.raises(ValidationError):
        import_results(damaged, SYSTEM)
