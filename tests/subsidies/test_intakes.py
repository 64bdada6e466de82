"""批次: which one an application belongs to, what the offices' documents are divided by, how lists are filtered."""

import importlib
import uuid

import pytest
from django.apps import apps
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from subsidies.batches import batch_list
from subsidies.enums import BatchBy
from subsidies.intakes import chinese_name, period_of
from subsidies.models import BatchIntake, Intake, Programme, RentApplication
from subsidies.services.submission import submit_application
from subsidies.statistics import application_page, payment_page
from tests.subsidies.factories import actor_of, make_submittable_application, make_submitted_application
from tests.subsidies.walking import fresh, holder_of, officer_of, open_offices, press, walk
from workflow import clock
from workflow.enums import PERSON, Action, BatchKind
from workflow.models import Batch, BatchMember, Case, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


def next_quarter() -> None:
    """The clock stands on the first day of the quarter after this one."""
    last = period_of(clock.today(), BatchBy.QUARTER).last
    clock.move_ahead((last - clock.today()).days + 1)


def code_now() -> str:
    return period_of(clock.today(), BatchBy.QUARTER).code


def test_first_submission_fixes_the_intake() -> None:
    application = make_submitted_application()
    first = code_now()
    press(
        Action.SEND_BACK,
        application.case,
        actor=holder_of(fresh(application.case)),
        opinion="请补充",
        target=PERSON,
    )
    next_quarter()

    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    application.refresh_from_db()
    assert code_now() != first
    assert (application.intake_id, fresh(application.case).summary["intake"]) == (first, first)


def test_programme_says_what_time_is_gathered() -> None:
    application = make_submittable_application()
    Programme.objects.update(batch_by=BatchBy.YEAR)

    submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    intake = Intake.objects.get()
    assert intake.code == f"{clock.today():%Y}"
    assert intake.starts_on == clock.today().replace(month=1, day=1)


def test_seeded_programme_gathers_by_year_and_quarter() -> None:
    assert Programme.objects.get(key="graduate_rent").batch_by == BatchBy.QUARTER


def test_what_was_filed_before_gets_its_intake_from_the_case_number() -> None:
    open_offices()
    case = make_submitted_application().case
    walk(case, to="city_report")
    expected = code_now()
    BatchIntake.objects.all().delete()
    RentApplication.objects.update(intake=None)
    Intake.objects.all().delete()
    without = {key: value for key, value in fresh(case).summary.items() if key != "intake"}
    Case.objects.filter(pk=case.pk).update(summary=without)

    importlib.import_module("subsidies.migrations.0004_fill_intakes").fill(apps, None)

    assert RentApplication.objects.get().intake_id == expected
    assert fresh(case).summary == without | {"intake": expected}
    assert {link.batch.kind for link in BatchIntake.objects.all()} == {BatchKind.REPORT, BatchKind.SUMMARY}


@pytest.fixture
def two() -> list[Case]:
    """Two cases of two quarters, both waiting for the report of their county."""
    open_offices()
    early = make_submitted_application()
    next_quarter()
    late = make_submitted_application(unit=early.case.unit)
    walk(early.case, late.case, to="county_report")
    return [fresh(early.case), fresh(late.case)]


def test_one_act_opens_a_document_for_each_intake(two: list[Case]) -> None:
    act = press(Action.APPROVE, *two)

    batches = list(Batch.objects.filter(kind=BatchKind.REPORT, act_id=act.pk).order_by("intake_of__intake_id"))
    codes = [case.summary["intake"] for case in two]
    assert [batch.intake_of.intake_id for batch in batches] == codes
    assert all(chinese_name(code) in batch.title for code, batch in zip(codes, batches, strict=True))
    assert [BatchMember.objects.get(batch=batch).case_id for batch in batches] == [case.pk for case in two]
    assert len({batch.number for batch in batches}) == 2


def test_list_of_documents_is_filtered_by_intake(two: list[Case], client: Client) -> None:
    press(Action.APPROVE, *two)
    officer = officer_of(Organisation.objects.get(kind="city_hr"))
    code = two[0].summary["intake"]

    _filter, rows, _pager = batch_list(officer, QueryDict(f"intake={code}"))

    assert [row.intake for row in rows] == [chinese_name(code)]
    client.force_login(officer.user)
    posted = client.post(reverse("subsidies:batches"), {"intake": code, "kind": ""})
    assert client.get(posted.headers["Location"]).content.decode().count('class="col-first" data-label') == 1


def test_statistics_are_filtered_by_intake_and_its_year(two: list[Case]) -> None:
    bureau = officer_of(two[0].supervisor)
    code, other = (case.summary["intake"] for case in two)

    by_intake = application_page(bureau, QueryDict(f"intake={code}"))
    by_year = application_page(bureau, QueryDict(f"year={code[:4]}"))

    assert [(row.pk, row.intake) for row in by_intake.rows] == [(two[0].pk, chinese_name(code))]
    assert {row.pk for row in by_year.rows} == {case.pk for case in two if case.summary["intake"][:4] == code[:4]}
    assert application_page(bureau, QueryDict("year=2001")).rows == []
    assert other != code


def test_payments_are_filtered_by_intake_and_by_the_number_of_the_city_batch(two: list[Case]) -> None:
    walk(*two, to="city_fin")
    finance = officer_of(Organisation.objects.get(kind="city_fin"))
    mine = Batch.objects.get(kind=BatchKind.SUMMARY, intake_of__intake=two[1].summary["intake"])

    by_intake = payment_page(finance, QueryDict(f"intake={two[1].summary['intake']}"))
    by_number = payment_page(finance, QueryDict(f"batch={mine.number}"))

    assert [row.pk for row in by_intake.rows] == [row.pk for row in by_number.rows] == [two[1].pk]
    assert by_number.rows[0].batch == mine.number
