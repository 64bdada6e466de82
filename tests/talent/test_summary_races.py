"""Two at once at the 汇总表, on a real PostgreSQL: one of them wins, and the other is told why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from talent.models import SummaryBatch, SummaryMember, SummaryScan
from talent.services.summary import return_summary, upload_summary
from tests.talent.summaries import Firm, make_firm, scan
from tests.workflow.files import pdf
from tests.workflow.test_act_races import run_until_blocked
from workflow.enums import PERSON, Action
from workflow.models import Case, Material
from workflow.services import Refused

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def beside(first: Callable[[], object], second: Callable[[], object]) -> str:
    """The second begins while the first has not ended; what it is told, "" when nothing stood in its way."""
    told: list[str] = []

    def press() -> None:
        try:
            second()
        except ValidationError as error:
            told.extend(error.messages)
        except Refused as refusal:
            told.append(str(refusal))

    with transaction.atomic():
        first()
        thread = run_until_blocked(press)
    thread.join(timeout=30)
    assert not thread.is_alive()
    return told[0] if told else ""


def uploading(firm: Firm, batch: SummaryBatch, content: bytes = b"") -> Callable[[], object]:
    return lambda: upload_summary(batch, upload=scan(content), actor=firm.handler)


def test_one_table_uploaded_twice_at_once_keeps_one_scan(firm: Firm) -> None:
    batch = firm.table(firm.approved())

    told = beside(uploading(firm, batch), uploading(firm, batch))

    assert told == "汇总表已上传,不能重复上传"
    assert Material.objects.filter(kind="card_summary").count() == 1


def test_two_tables_of_one_person_uploaded_at_once_seal_one(firm: Firm) -> None:
    both, alone = firm.approved("张三"), firm.approved("李四")
    wide, narrow = firm.table(both, alone), firm.table(both)

    told = beside(uploading(firm, wide), uploading(firm, narrow))

    assert told == "汇总表与当前申报人员不一致,请重新导出"
    assert SummaryMember.objects.sealed().filter(case=both).count() == 1


def test_tables_of_different_persons_uploaded_at_once_are_both_taken(firm: Firm) -> None:
    """The control: whoever shares nobody with the other is not held up."""
    first, second = firm.table(firm.approved("张三")), firm.table(firm.approved("李四"))

    told = beside(uploading(firm, first), uploading(firm, second))

    assert told == ""
    assert SummaryScan.objects.count() == 2


def test_one_file_for_two_tables_at_once_serves_one(firm: Firm) -> None:
    first, second = firm.table(firm.approved("张三")), firm.table(firm.approved("李四"))
    content = pdf() + b"\n% one sheet\n"

    told = beside(uploading(firm, first, content), uploading(firm, second, content))

    assert told.startswith("这份文件以前已作为汇总表上传过")
    assert SummaryScan.objects.count() == 1


def test_upload_beside_a_return_of_the_person_finds_the_table_out_of_date(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.table(case)

    told = beside(lambda: firm.move(case, Action.SEND_BACK, firm.specialist, target=PERSON), uploading(firm, batch))

    assert told == "汇总表与当前申报人员不一致,请重新导出"
    assert not SummaryMember.objects.sealed().exists()


def test_return_of_the_person_beside_the_upload_takes_the_person_off(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.table(case)

    told = beside(uploading(firm, batch), lambda: firm.move(case, Action.SEND_BACK, firm.specialist, target=PERSON))

    assert told == ""
    assert not SummaryMember.objects.sealed().exists()
    assert Case.objects.get(pk=case.pk).state == "returned"


def test_approval_beside_the_return_of_the_table_is_refused(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.sealed(case).batch

    told = beside(
        lambda: return_summary(batch, reason="印章不清晰", actor=firm.lead),
        lambda: firm.move(case, Action.APPROVE, firm.specialist),
    )

    assert told == "未上传汇总表"
    assert Case.objects.get(pk=case.pk).stage == "county_specialist"


def test_same_persons_exported_twice_at_once_get_one_table(firm: Firm) -> None:
    case = firm.approved()

    told = beside(lambda: firm.table(case), lambda: firm.table(case))

    assert told == ""
    assert SummaryBatch.objects.count() == 1
