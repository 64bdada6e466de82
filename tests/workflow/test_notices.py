"""公示: one notice over a selection, its public page, objections and what they hold back."""

import io
import uuid
from datetime import date

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.workflow.board import Board
from tests.workflow.factories import DutyFactory, OrganisationFactory, acting
from tests.workflow.test_stand_ins import stand_in
from workflow.actors import SYSTEM
from workflow.enums import Action, DayKind, ObjectionStatus, Role, State
from workflow.models import BatchMember, CalendarDay, Case, Objection, PublicNotice
from workflow.services import Refused, perform_one
from workflow.services.notices import decide_objection, no_open_objection, notice_over, register_objection
from workflow.timers import move_due_cases

# A Monday; the five working days after it end on the Monday of the next week.
MONDAY = "2026-11-16T10:00:00+08:00"
LAST_DAY = date(2026, 11, 23)

pytestmark = pytest.mark.usefixtures("board")


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def object_to(notice: PublicNotice, case: Case, **fields: object) -> Objection:
    entered = {"name": "王五", "contact": "13800001111", "content": "租房合同不实", "token": uuid.uuid4()}
    return register_objection(notice, member=BatchMember.objects.get(batch=notice.batch, case=case), **entered | fields)


def decide(objection: Objection, board: Board, *, upheld: bool, finding: str = "经核查……") -> Objection:
    return decide_objection(objection, board.office, upheld=upheld, finding=finding, token=uuid.uuid4())


# Publishing ---------------------------------------------------------------------------------------------------------


def test_one_act_publishes_one_notice_of_all_cases(board: Board) -> None:
    notice, cases = board.published(3)

    assert list(notice.members().values_list("case", flat=True)) == [case.pk for case in cases]
    assert (notice.starts_on, notice.ends_on, notice.working_days) == (date(2026, 11, 17), LAST_DAY, 5)
    assert {(case.stage, case.due_on) for case in cases} == {("publicity", LAST_DAY)}
    assert notice.batch.versions.get().count == 3


def test_notice_counts_the_working_days_of_its_region(board: Board) -> None:
    CalendarDay.objects.create(day=date(2026, 11, 18), kind=DayKind.HOLIDAY, name="地方假日", region_id="130902")

    notice, _cases = board.published(working_days=6)

    assert notice.ends_on == date(2026, 11, 25)


def test_publication_cannot_be_taken_back(board: Board) -> None:
    _notice, (case,) = board.published()

    with pytest.raises(Refused):
        perform_one(Action.TAKE_BACK, case, board.office)


# The end of the period ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_over"), [("2026-11-23T23:59:00+08:00", False), ("2026-11-24T00:00:00+08:00", True)]
)
def test_notice_is_over_when_its_last_day_has_passed(board: Board, now: str, is_over: bool) -> None:
    _notice, (case,) = board.published()

    with time_machine.travel(now, tick=False):
        assert (case.pk not in notice_over([case])) is is_over
        moved = move_due_cases()

    assert moved == is_over
    assert Case.objects.get(pk=case.pk).stage == ("review" if is_over else "publicity")


def test_system_moves_on_only_what_nobody_objected_to(board: Board) -> None:
    notice, (objected, free) = board.published(2)
    object_to(notice, objected)

    with time_machine.travel("2026-11-24T00:00:00+08:00", tick=False):
        moved = move_due_cases()

    assert moved == 1
    assert Case.objects.get(pk=free.pk).events.last().actor is None
    assert Case.objects.get(pk=objected.pk).stage == "publicity"


def test_no_officer_ends_a_notice_by_hand(board: Board) -> None:
    _notice, (case,) = board.published()

    with time_machine.travel("2026-11-24T00:00:00+08:00", tick=False), pytest.raises(Refused):
        perform_one(Action.APPROVE, case, board.office)


def test_case_published_again_waits_for_its_latest_notice(board: Board) -> None:
    _notice, (case,) = board.published()
    with time_machine.travel("2026-11-24T09:00:00+08:00", tick=False):
        move_due_cases()
        case = Case.objects.get(pk=case.pk)
        perform_one(Action.SEND_BACK, case, board.office, target="publish", opinion="名单有误")
        board.publish([Case.objects.get(pk=case.pk)])
        case = Case.objects.get(pk=case.pk)

        assert "2026-12-01" in str(notice_over([case])[case.pk])


def test_case_that_left_stands_on_the_list_no_more(board: Board) -> None:
    notice, (gone, stays) = board.published(2)
    objection = object_to(notice, gone)

    decide(objection, board, upheld=True)

    assert list(notice.members().values_list("case", flat=True)) == [stays.pk]
    assert notice.batch.versions.last().count == 1


# Objections ---------------------------------------------------------------------------------------------------------


def test_objection_holds_back_its_case_alone(board: Board) -> None:
    notice, (objected, free) = board.published(2)

    object_to(notice, objected)

    assert list(no_open_objection([objected, free])) == [objected.pk]
    assert str(no_open_objection([objected])[objected.pk]) == "有未办结的异议"


def test_same_form_again_answers_the_first_objection(board: Board) -> None:
    notice, (case,) = board.published()
    token = uuid.uuid4()

    assert object_to(notice, case, token=token) == object_to(notice, case, token=token)
    assert Objection.objects.count() == 1


def test_objection_after_the_last_day_is_refused(board: Board) -> None:
    notice, (case,) = board.published()

    with time_machine.travel("2026-11-24T00:00:00+08:00", tick=False), pytest.raises(Refused, match="2026-11-23"):
        object_to(notice, case)


def test_upheld_objection_rejects_the_case_with_the_finding(board: Board) -> None:
    notice, (case,) = board.published()

    decide(object_to(notice, case), board, upheld=True, finding="租房合同系伪造")

    case = Case.objects.get(pk=case.pk)
    assert case.state == State.REJECTED
    assert (case.events.last().action, case.events.last().opinion) == (Action.REJECT, "租房合同系伪造")


def test_dismissed_objection_lets_the_case_go_on(board: Board) -> None:
    notice, (case,) = board.published()

    decide(object_to(notice, case), board, upheld=False)

    assert no_open_objection([case]) == {}
    assert notice.objections.get().decided_by == board.town.county.user


def test_second_objection_still_holds_after_the_first_is_dismissed(board: Board) -> None:
    notice, (case,) = board.published()
    first, _second = object_to(notice, case), object_to(notice, case)

    decide(first, board, upheld=False)

    assert case.pk in no_open_objection([case])


def test_objection_is_decided_once(board: Board) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)
    decide(objection, board, upheld=False)

    with pytest.raises(Refused):
        decide(objection, board, upheld=True)

    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_finding_is_compulsory(board: Board) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)

    with pytest.raises(ValueError, match="finding"):
        decide(objection, board, upheld=False, finding="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(status=ObjectionStatus.DISMISSED)


def test_nobody_decides_an_objection_against_the_own_case_nor_does_their_stand_in(board: Board) -> None:
    notice, (case,) = board.published(1)
    objection = object_to(notice, case)
    Case.objects.filter(pk=case.pk).update(applicant=board.office.user)

    for actor in (board.office, acting(stand_in(board.town.county))):
        with pytest.raises(PermissionDenied):
            decide_objection(objection, actor, upheld=False, finding="无", token=uuid.uuid4())

    assert Objection.objects.get(pk=objection.pk).status == ObjectionStatus.OPEN


def test_only_the_office_that_published_decides(board: Board) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)
    other = DutyFactory(organisation=OrganisationFactory(county_hr=True, region_id="130903"))
    leader = DutyFactory(organisation=board.town.county.organisation, role=Role.LEADER)

    for actor in (acting(other), acting(leader), board.town.applicant, SYSTEM):
        with pytest.raises(PermissionDenied):
            decide_objection(objection, actor, upheld=False, finding="无", token=uuid.uuid4())


# Public pages -------------------------------------------------------------------------------------------------------


def test_public_list_shows_names_in_full_and_nothing_else_personal(board: Board) -> None:
    notice, (case,) = board.published()
    Case.objects.filter(pk=case.pk).update(summary=case.summary | {"phone_masked": "138****1111", "unit": "某某公司"})

    page = Client().get(reverse("workflow:notice", args=[notice.pk])).content.decode()

    assert case.subject in page
    assert "130902********" in page
    assert "某某公司" in page
    assert "6,000.00" in page
    assert "138****1111" not in page
    assert "2026-11-17 至 2026-11-23" in page


def test_notices_are_listed_for_everybody(board: Board) -> None:
    notice, _cases = board.published()

    page = Client().get(reverse("workflow:notices")).content.decode()

    assert reverse("workflow:notice", args=[notice.pk]) in page
    assert "公示中，可登记异议" in page


def test_public_list_as_workbook(board: Board) -> None:
    notice, cases = board.published(2)

    response = Client().get(reverse("workflow:notice_sheet", args=[notice.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[1] for row in rows[-2:]] == [case.subject for case in cases]
    assert rows[-1][2].startswith("130902********")


@pytest.mark.parametrize("count", [1, 3])
def test_public_list_costs_the_same_for_many_cases(board: Board, count: int, django_assert_num_queries: object) -> None:
    notice, _cases = board.published(count)

    with django_assert_num_queries(3):
        page = Client().get(reverse("workflow:notice", args=[notice.pk]))

    assert page.content.decode().count('<th scope="row"') == count


@pytest.fixture
def _captcha_passes(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("captcha.conf.settings.CAPTCHA_TEST_MODE", True)


def _form(**fields: str) -> dict[str, str]:
    entered = {"token": str(uuid.uuid4()), "name": "王五", "contact": "13800001111", "content": "租房合同不实"}
    return entered | {"captcha_0": "key", "captcha_1": "PASSED"} | fields


@pytest.mark.usefixtures("_captcha_passes")
def test_anybody_registers_an_objection(board: Board) -> None:
    notice, (case,) = board.published()
    page = reverse("workflow:object", args=[notice.pk, notice.members().get().pk])

    response = Client().post(page, _form(), follow=True)

    objection = Objection.objects.get()
    assert objection.case == case
    assert objection.contact == "13800001111"
    assert response.redirect_chain[-1][0] == reverse("workflow:objection_received", args=[objection.token])
    assert "13800001111" not in response.content.decode()


@pytest.mark.usefixtures("_captcha_passes")
def test_incomplete_objection_comes_back_with_everything_typed(board: Board) -> None:
    notice, _cases = board.published()
    page = reverse("workflow:object", args=[notice.pk, notice.members().get().pk])

    answer = Client().post(page, _form(contact="")).content.decode()

    assert 'href="#id_contact"' in answer
    assert "请填写您的联系方式" in answer
    assert "租房合同不实" in answer
    assert not Objection.objects.exists()


@pytest.mark.usefixtures("_captcha_passes")
def test_objection_that_comes_too_late_is_told(board: Board) -> None:
    notice, _cases = board.published()
    page = reverse("workflow:object", args=[notice.pk, notice.members().get().pk])

    with time_machine.travel("2026-11-24T08:00:00+08:00", tick=False):
        answer = Client().post(page, _form()).content.decode()

    assert "公示期已于 2026-11-23 结束" in answer
    assert not Objection.objects.exists()


# The office's pages -------------------------------------------------------------------------------------------------


def test_office_sees_the_objections_against_its_notices(board: Board) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)
    client = client_of(board.town.county.user)

    listed = client.get(reverse("workflow:objections")).content.decode()
    opened = client.get(reverse("workflow:objection", args=[objection.pk])).content.decode()

    assert case.subject in listed
    assert "13800001111" in opened


def test_other_county_sees_none_and_others_are_refused(board: Board) -> None:
    notice, (case,) = board.published()
    objection = object_to(notice, case)
    other = DutyFactory(organisation=OrganisationFactory(county_hr=True, region_id="130903"))

    assert case.subject not in client_of(other.user).get(reverse("workflow:objections")).content.decode()
    assert client_of(other.user).get(reverse("workflow:objection", args=[objection.pk])).status_code == 404
    assert client_of(board.town.person).get(reverse("workflow:objections")).status_code == 403
    assert Client().get(reverse("workflow:objections")).status_code == 302


@pytest.mark.parametrize(("decision", "state"), [("upheld", State.REJECTED), ("dismissed", State.IN_REVIEW)])
def test_office_decides_an_objection(board: Board, decision: str, state: State) -> None:
    notice, (case,) = board.published()
    page = reverse("workflow:objection", args=[object_to(notice, case).pk])

    response = client_of(board.town.county.user).post(
        page, {"token": str(uuid.uuid4()), "decision": decision, "finding": "经核查……"}
    )

    assert response.status_code == 302
    assert Case.objects.get(pk=case.pk).state == state


def test_decision_without_a_finding_is_refused_on_the_page(board: Board) -> None:
    notice, (case,) = board.published()
    page = reverse("workflow:objection", args=[object_to(notice, case).pk])

    answer = client_of(board.town.county.user).post(
        page, {"token": str(uuid.uuid4()), "decision": "upheld", "finding": " "}
    )

    assert 'href="#id_finding"' in answer.content.decode()
    assert Objection.objects.get().status == ObjectionStatus.OPEN


def test_leader_without_the_role_cannot_decide(board: Board) -> None:
    notice, (case,) = board.published()
    leader = DutyFactory(organisation=board.town.county.organisation, role=Role.LEADER)
    page = reverse("workflow:objection", args=[object_to(notice, case).pk])

    assert client_of(leader.user).get(page).status_code == 200
    assert client_of(leader.user).post(page, {"decision": "upheld", "finding": "x"}).status_code == 403
