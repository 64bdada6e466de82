"""汇总表: only current applicants, not twice, no county approval without it, open again when returned (spec 4.9)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.looks import looks_at
from accounts.models import Notification, SensitiveView
from talent.enums import SummaryState
from talent.models import SummaryBatch, SummaryMember, SummaryScan
from talent.services.summary import export_summary, return_summary, upload_summary
from tests.talent.summaries import Firm, make_city_lead, make_firm, scan
from tests.workflow.files import jpeg, pdf, xlsx
from workflow.enums import PERSON, Action
from workflow.models import Case, Material
from workflow.outbox import deliver_pending
from workflow.services import Refused, Seen, perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def upload(firm: Firm, batch: SummaryBatch, content: bytes = b"") -> SummaryScan:
    return upload_summary(batch, upload=scan(content), actor=firm.handler)


def why_not(firm: Firm, batch: SummaryBatch, content: bytes = b"") -> str:
    with pytest.raises(ValidationError) as caught:
        upload(firm, batch, content)
    return str(caught.value.messages[0])


def state_of(batch: SummaryBatch) -> SummaryState:
    return SummaryBatch.objects.for_page().get(pk=batch.pk).state


def test_county_approves_nobody_without_an_uploaded_table(firm: Firm) -> None:
    case = firm.approved()

    with pytest.raises(Refused, match=r"^未上传汇总表$"):
        firm.move(case, Action.APPROVE, firm.specialist)


def test_county_approves_with_the_uploaded_table(firm: Firm) -> None:
    case = firm.approved()
    firm.sealed(case)

    assert firm.move(case, Action.APPROVE, firm.specialist).stage == "county_lead"


def test_exported_table_alone_does_not_open_the_county(firm: Firm) -> None:
    case = firm.approved()
    firm.table(case)

    with pytest.raises(Refused, match="未上传汇总表"):
        firm.move(case, Action.APPROVE, firm.specialist)


def test_head_of_the_county_needs_the_table_as_well(firm: Firm) -> None:
    case = firm.approved()
    table = firm.sealed(case).batch
    firm.move(case, Action.APPROVE, firm.specialist)
    return_summary(table, reason="印章不清晰", actor=firm.lead)

    with pytest.raises(Refused, match="未上传汇总表"):
        firm.move(case, Action.APPROVE, firm.lead)


def test_scheme_may_do_without_the_table(firm: Firm) -> None:
    case = firm.approved()
    scheme = firm.application_of(case).scheme
    scheme.require_summary = False
    scheme.save()

    assert firm.move(case, Action.APPROVE, firm.specialist).stage == "county_lead"


def test_table_is_not_uploaded_twice(firm: Firm) -> None:
    batch = firm.sealed(firm.approved()).batch

    assert why_not(firm, batch) == "汇总表已上传,不能重复上传"
    assert batch.scans.count() == 1


def test_returned_person_takes_the_table_out_of_date(firm: Firm) -> None:
    stays, goes = firm.approved("张三"), firm.approved("李四")
    batch = firm.table(stays, goes)
    firm.move(goes, Action.SEND_BACK, firm.specialist, target=PERSON)

    assert why_not(firm, batch) == "汇总表与当前申报人员不一致,请重新导出"


def test_new_table_without_the_returned_person_is_taken(firm: Firm) -> None:
    stays, goes = firm.approved("张三"), firm.approved("李四")
    firm.table(stays, goes)
    firm.move(goes, Action.SEND_BACK, firm.specialist, target=PERSON)

    firm.sealed(stays)

    assert firm.move(stays, Action.APPROVE, firm.specialist).stage == "county_lead"


def test_uploaded_table_counts_on_for_those_who_stay(firm: Firm) -> None:
    stays, goes = firm.approved("张三"), firm.approved("李四")
    firm.sealed(stays, goes)
    firm.move(goes, Action.SEND_BACK, firm.specialist, target=PERSON)

    standing = SummaryMember.objects.sealed().values_list("case", flat=True)

    assert list(standing) == [stays.pk]
    assert firm.move(stays, Action.APPROVE, firm.specialist).stage == "county_lead"


def test_whoever_comes_back_to_the_employer_needs_a_new_table(firm: Firm) -> None:
    case = firm.approved()
    firm.sealed(case)
    firm.move(case, Action.SEND_BACK, firm.specialist, target="unit")
    firm.move(case, Action.APPROVE, firm.handler)

    with pytest.raises(Refused, match="未上传汇总表"):
        firm.move(case, Action.APPROVE, firm.specialist)
    firm.sealed(case)
    assert firm.move(case, Action.APPROVE, firm.specialist).stage == "county_lead"


def test_return_inside_the_county_keeps_the_table(firm: Firm) -> None:
    case = firm.approved()
    firm.sealed(case)
    firm.move(case, Action.APPROVE, firm.specialist)
    firm.move(case, Action.SEND_BACK, firm.lead, target="county_specialist")

    assert firm.move(case, Action.APPROVE, firm.specialist).stage == "county_lead"


def test_return_that_is_taken_back_puts_the_person_on_the_table_again(firm: Firm) -> None:
    case = firm.approved()
    firm.sealed(case)
    firm.move(case, Action.SEND_BACK, firm.specialist, target=PERSON)
    firm.move(case, Action.TAKE_BACK, firm.specialist)

    assert firm.move(case, Action.APPROVE, firm.specialist).stage == "county_lead"


def undo_returns(firm: Firm, count: int) -> int:
    """So many persons of a sealed table are returned and fetched back at once: how many statements that takes."""
    cases = [firm.approved(f"张{place}") for place in "三四五六七"[:count]]
    scan = firm.sealed(*cases)
    for action, options in ((Action.SEND_BACK, {"target": PERSON, "opinion": "请补正"}), (Action.TAKE_BACK, {})):
        seen = [Seen(case.pk, case.revision) for case in Case.objects.filter(pk__in=[case.pk for case in cases])]
        with CaptureQueriesContext(connection) as asked:
            act = perform(action, seen, firm.specialist, **options)
        assert act.done == count

    assert SummaryMember.objects.filter(batch=scan.batch, left_at=None, scan=scan).count() == count
    assert {case.summary["summary_batch"] for case in Case.objects.filter(pk__in=[case.pk for case in cases])} == {
        scan.batch.short_number
    }
    return len(asked)


def test_returns_that_are_undone_together_ask_no_more_than_one(firm: Firm) -> None:
    undo_returns(firm, 1)

    assert undo_returns(firm, 5) == undo_returns(firm, 2)


def test_person_of_an_uploaded_table_is_not_exported_again(firm: Firm) -> None:
    case = firm.approved("张三")
    firm.sealed(case)

    with pytest.raises(Refused, match=r"^汇总表已上传,不能重复上传：张三$"):
        firm.table(case)


def test_second_table_of_the_same_person_gives_way_to_the_uploaded_one(firm: Firm) -> None:
    both, alone = firm.approved("张三"), firm.approved("李四")
    wide = firm.table(both, alone)
    firm.sealed(both)

    assert why_not(firm, wide) == "汇总表与当前申报人员不一致,请重新导出"


def test_database_keeps_a_person_off_two_uploaded_tables(firm: Firm) -> None:
    both, alone = firm.approved("张三"), firm.approved("李四")
    wide = firm.table(both, alone)
    sealed = firm.sealed(both)
    member = wide.members.get(case=both)
    member.scan = sealed

    with pytest.raises(IntegrityError), transaction.atomic():
        member.save()


def test_database_takes_one_standing_scan_of_a_table(firm: Firm) -> None:
    first = firm.sealed(firm.approved())
    other = firm.sealed(firm.approved("李四"))

    with pytest.raises(IntegrityError), transaction.atomic():
        SummaryScan.objects.filter(pk=other.pk).update(batch=first.batch)


def test_person_whom_the_employer_has_not_approved_is_not_exported(firm: Firm) -> None:
    with pytest.raises(Refused, match=r"不是当前申报人员.*王五"):
        firm.table(firm.applicant("王五"))


def test_same_persons_get_the_table_that_they_have(firm: Firm) -> None:
    case = firm.approved()

    assert firm.table(case) == firm.table(case)


def test_numbers_of_tables_follow_each_other(firm: Firm) -> None:
    numbers = [firm.table(firm.approved(name)).number for name in ("张三", "李四")]

    assert [number[-3:] for number in numbers] == ["001", "002"]


def test_export_is_told_to_whoever_it_names(firm: Firm) -> None:
    named, other = firm.approved("张三"), firm.approved("李四")

    number = firm.table(named).number

    look = SensitiveView.objects.get(field="card_summary")
    assert (look.case, look.organisation, look.reason) == (named, firm.unit, number)
    assert "申领人员汇总表（含证件号码）" in {seen.what for seen in looks_at(named.applicant)}
    assert list(looks_at(other.applicant)) == []


def test_strangers_and_nobody_are_not_exported(firm: Firm) -> None:
    stranger = make_firm().approved()

    with pytest.raises(Refused, match="不属于本单位"):
        firm.table(stranger)
    with pytest.raises(Refused, match="请先勾选"):
        firm.table()


def test_county_exports_and_uploads_nothing(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.table(case)

    with pytest.raises(PermissionDenied):
        export_summary([case.pk], firm.specialist)
    for stranger in (firm.specialist, make_firm().handler):
        with pytest.raises(PermissionDenied):
            upload_summary(batch, upload=scan(), actor=stranger)


def test_same_scan_serves_no_second_table(firm: Firm) -> None:
    content = pdf() + b"\n% one sheet\n"
    first, second = firm.table(firm.approved("张三")), firm.table(firm.approved("李四"))
    upload(firm, first, content)
    kept = set(Material.objects.values_list("pk", flat=True))

    assert why_not(firm, second, content).startswith("这份文件以前已作为汇总表上传过")
    assert set(Material.objects.values_list("pk", flat=True)) == kept


def test_returned_scan_is_not_taken_again(firm: Firm) -> None:
    content = pdf() + b"\n% one sheet\n"
    batch = firm.table(firm.approved())
    upload(firm, batch, content)
    return_summary(batch, reason="印章不清晰", actor=firm.specialist)

    assert why_not(firm, batch, content).startswith("这份文件以前已作为汇总表上传过")


@pytest.mark.parametrize(("content", "is_taken"), [(jpeg(), True), (xlsx(), False), (b"MZ\x90\x00", False)])
def test_table_is_a_picture_or_a_document_by_content(firm: Firm, content: bytes, is_taken: bool) -> None:
    batch = firm.table(firm.approved())
    file = scan(content)
    file.name = "汇总表.jpg" if is_taken else "汇总表.xlsx"

    if is_taken:
        upload_summary(batch, upload=file, actor=firm.handler)
    else:
        with pytest.raises(ValidationError):
            upload_summary(batch, upload=file, actor=firm.handler)

    assert state_of(batch) == (SummaryState.SEALED if is_taken else SummaryState.OPEN)


def test_returned_table_is_uploaded_once_more(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.sealed(case).batch
    return_summary(batch, reason="印章不清晰", actor=firm.specialist)

    with pytest.raises(Refused, match="未上传汇总表"):
        firm.move(case, Action.APPROVE, firm.specialist)
    assert state_of(batch) == SummaryState.RETURNED
    upload(firm, batch)

    assert firm.move(case, Action.APPROVE, firm.specialist).stage == "county_lead"
    assert why_not(firm, batch) == "汇总表已上传,不能重复上传"


def test_employer_is_told_why_its_table_came_back(firm: Firm) -> None:
    batch = firm.sealed(firm.approved()).batch
    return_summary(batch, reason="印章不清晰", actor=firm.specialist)

    deliver_pending()

    told = Notification.objects.get(recipient=firm.handler.user_id, title="渤海英才卡：汇总表被退回")
    assert batch.number in told.body
    assert "印章不清晰" in told.body


def test_only_the_county_where_a_case_waits_returns_the_table(firm: Firm) -> None:
    case = firm.approved()
    batch = firm.sealed(case).batch

    for stranger in (firm.handler, make_city_lead()):
        with pytest.raises(PermissionDenied):
            return_summary(batch, reason="印章不清晰", actor=stranger)
    for hand in (firm.specialist, firm.lead):
        firm.move(case, Action.APPROVE, hand)
    with pytest.raises(PermissionDenied):
        return_summary(batch, reason="印章不清晰", actor=firm.specialist)
    assert Case.objects.get(pk=case.pk).stage == "city_specialist"
