"""银行回单: each row is recorded or refused by itself, with its reason; nothing is recorded twice."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from subsidies.documents.bank_sheets import HEADER, write_failed, write_template
from subsidies.enums import RowOutcome
from subsidies.models import Arrival, Bounce, Payment
from subsidies.services.payments import Account, correct_account, pay_again, record_arrival
from tests.subsidies.bank import LAST4, finance, keep, outcomes, problems, read, row, workbook
from tests.subsidies.factories import ACCOUNT, make_submitted_application
from tests.subsidies.walking import officer_of, open_offices, payment_of, walk
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case, Organisation, OutboxMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


@pytest.fixture
def paid(movable_clock: None) -> list[Case]:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    cases = [first.case, second.case]
    walk(*cases, to="person_confirm")
    return [Case.objects.get(pk=case.pk) for case in cases]


def told() -> list[int | None]:
    return list(OutboxMessage.objects.filter(kind="subsidies.bounced").values_list("recipient_id", flat=True))


def test_arrivals_and_returns_are_recorded(paid: list[Case]) -> None:
    found = read(workbook(row(paid[0], "成功"), row(paid[1], "退票", "账号不存在")))

    assert outcomes(found) == [RowOutcome.ARRIVED, RowOutcome.RETURNED]
    assert (found.recorded, found.known, found.failed) == (2, 0, 0)
    assert Arrival.objects.get().payment == payment_of(paid[0])
    assert (Bounce.objects.get().reason, Bounce.objects.get().actor_id) == ("账号不存在", finance().user_id)
    assert told() == [paid[1].applicant_id]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"result": "退票"}, "原因"),
        ({"result": "也许"}, "成功"),
        ({"result": "成功", "last4": "0000"}, "后四位"),
        ({"result": "成功", "day": "下周"}, "2026-11-21"),
        ({"result": "成功", "day": "2999-01-01"}, "尚未到"),
        ({"result": "成功", "day": "2000-01-01"}, "早于"),
        ({"result": "成功", "amount": 5999}, "6000.00"),
        ({"result": "成功", "amount": "六千"}, "6000.00"),
    ],
)
def test_a_row_that_cannot_be_recorded_says_why_and_holds_up_no_other(
    paid: list[Case], changes: dict[str, str], said: str
) -> None:
    found = read(workbook(row(paid[0], **changes), row(paid[1], "成功")))

    assert outcomes(found) == [RowOutcome.REFUSED, RowOutcome.ARRIVED]
    assert said in problems(found)[0]
    assert Arrival.objects.get().payment.case_id == paid[1].pk


@pytest.mark.parametrize("amount", ["6,000.00", "6000", Decimal(6000), None])
def test_amount_is_read_as_people_write_it(paid: list[Case], amount: object) -> None:
    assert outcomes(read(workbook(row(paid[0], "成功", amount=amount)))) == [RowOutcome.ARRIVED]


@pytest.mark.parametrize("number", ["130902DZF202601010000019", None])
def test_an_unknown_number_is_told_apart(paid: list[Case], number: str | None) -> None:
    found = read(workbook((number, *row(paid[0], "成功")[1:])))

    assert outcomes(found) == [RowOutcome.UNKNOWN]
    assert not Arrival.objects.exists()


def test_rows_without_a_result_are_left_alone(paid: list[Case]) -> None:
    found = read(workbook(row(paid[0], ""), row(paid[1], "成功")))

    assert [line.row for line in found.rows.all()] == [4]


def test_the_same_workbook_again_changes_nothing(paid: list[Case]) -> None:
    content = workbook(row(paid[0], "退票", "账号不存在"), row(paid[1], "成功"))
    read(content)

    again = read(content)

    assert outcomes(again) == [RowOutcome.KNOWN, RowOutcome.KNOWN]
    assert (again.recorded, again.known) == (0, 2)
    assert (Bounce.objects.count(), Arrival.objects.count(), len(told())) == (1, 1, 1)


def test_the_same_row_twice_in_one_workbook_counts_once(paid: list[Case]) -> None:
    found = read(workbook(row(paid[0], "成功"), row(paid[0], "成功"), row(paid[0], "退票", "户名不符")))

    assert outcomes(found) == [RowOutcome.ARRIVED, RowOutcome.KNOWN, RowOutcome.RETURNED]
    assert (Arrival.objects.count(), Bounce.objects.count()) == (1, 1)


def test_an_answer_that_contradicts_the_ledger_is_refused(paid: list[Case]) -> None:
    record_arrival(payment_of(paid[0]), finance(), arrived_on=clock.today())
    read(workbook(row(paid[1], "退票", "户名不符")))
    clock.move_ahead(1)

    found = read(workbook(row(paid[0], "成功"), row(paid[1], "成功")))

    assert outcomes(found) == [RowOutcome.REFUSED, RowOutcome.REFUSED]
    assert Arrival.objects.count() == 1


@pytest.fixture
def paid_again(paid: list[Case]) -> Case:
    """Returned, and paid again on the same day to the same account: only the branch was wrong."""
    read(workbook(row(paid[0], "退票", "户名不符")))
    bounce, person = Bounce.objects.get(), Actor(user=paid[0].applicant)
    correction = correct_account(bounce, person, account=Account("毕业生", "中国银行", "运河支行", ACCOUNT))
    pay_again(
        bounce, finance(), token=paid[0].token, correction=correction.pk, voucher="记-0100", paid_on=clock.today()
    )
    assert payment_of(paid[0]).attempt == 2
    return paid[0]


def test_the_first_workbook_again_does_not_touch_the_payment_that_was_made_again(paid_again: Case) -> None:
    found = read(workbook(row(paid_again, "退票", "户名不符")))
    other_words = read(workbook(row(paid_again, "退票", "户名有误")))

    assert outcomes(found) == [RowOutcome.KNOWN]
    assert outcomes(other_words) == [RowOutcome.REFUSED]
    assert Bounce.objects.count() == 1
    assert outcomes(read(workbook(row(paid_again, "成功", attempt=2)))) == [RowOutcome.ARRIVED]


@pytest.mark.parametrize("attempt", [2, "2", 2.0])
def test_a_second_return_with_the_same_words_is_told_from_the_first(paid_again: Case, attempt: object) -> None:
    found = read(workbook(row(paid_again, "退票", "户名不符", attempt=attempt)))

    assert outcomes(found) == [RowOutcome.RETURNED]
    assert [bounce.payment.attempt for bounce in Bounce.objects.order_by("pk")] == [1, 2]


def test_a_payment_that_was_never_made_is_refused(paid_again: Case) -> None:
    found = read(workbook(row(paid_again, "退票", "户名不符", attempt=3)))

    assert outcomes(found) == [RowOutcome.REFUSED]
    assert "第3次" in problems(found)[0]


@pytest.mark.parametrize("reason", ["户名不符", "户名有误"])
def test_a_workbook_of_an_earlier_template_is_not_guessed_at(paid_again: Case, reason: str) -> None:
    content = workbook(row(paid_again, "退票", reason)[:7], header=HEADER[:7])

    # Which of the two came back on this day, the row does not say: no third payment may follow from it.
    assert outcomes(read(content)) == [RowOutcome.REFUSED]
    assert Bounce.objects.count() == 1
    # Once the bank has answered both, there is nothing to mistake any more.
    read(workbook(row(paid_again, "退票", reason, attempt=2)))
    assert outcomes(read(content)) == [RowOutcome.KNOWN]


def test_a_workbook_of_an_earlier_template_is_read(paid: list[Case]) -> None:
    lines = [row(paid[0], "成功")[:7], row(paid[1], "退票", "户名不符")[:7]]

    assert outcomes(read(workbook(*lines, header=HEADER[:7]))) == [RowOutcome.ARRIVED, RowOutcome.RETURNED]


def test_payments_of_another_office_are_unknown(paid: list[Case]) -> None:
    city = officer_of(Organisation.objects.get(kind="city_fin"))

    found = read(workbook(row(paid[0], "成功")), city)

    assert outcomes(found) == [RowOutcome.UNKNOWN]
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused(paid: list[Case], content: bytes) -> None:
    with pytest.raises(ValidationError):
        keep(content)


def test_another_table_is_refused(paid: list[Case]) -> None:
    with pytest.raises(ValidationError, match="模板"):
        keep(workbook(header=("姓名", "金额", "", "", "", "", "")))


def test_a_workbook_that_is_damaged_further_down_changes_nothing(paid: list[Case]) -> None:
    lines = [row(paid[0], "成功"), *(("", "", "", "", "", "", "") for _line in range(3_000))]
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(*lines))) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)

    found = read(damaged.getvalue())

    assert "xlsx" in found.problem
    assert not Arrival.objects.exists()
    assert not found.rows.exists()


def test_template_comes_back_as_it_went(paid: list[Case]) -> None:
    content = io.BytesIO()
    write_template(content, Payment.objects.unanswered())
    book = load_workbook(content)
    sheet = book.active
    assert sheet is not None
    for line in sheet.iter_rows(min_row=4):
        line[4].value = "成功"
    filled = io.BytesIO()
    book.save(filled)

    found = read(filled.getvalue())

    assert outcomes(found) == [RowOutcome.ARRIVED, RowOutcome.ARRIVED]
    assert Arrival.objects.count() == 2


def test_rows_not_recorded_come_as_a_workbook_that_can_be_mended_and_uploaded(paid: list[Case]) -> None:
    first = read(workbook(row(paid[0], "成功"), row(paid[1], "成功", last4="0000")))
    content = io.BytesIO()

    write_failed(content, first)

    book = load_workbook(content)
    sheet = book.active
    assert sheet is not None
    header, line = list(sheet.iter_rows(values_only=True))[-2:]
    assert header[:8] == HEADER
    assert (line[0], line[8], line[9]) == (paid[1].number, 4, problems(first)[1])
    sheet.cell(row=sheet.max_row, column=3).value = LAST4
    mended = io.BytesIO()
    book.save(mended)
    assert outcomes(read(mended.getvalue())) == [RowOutcome.ARRIVED]
