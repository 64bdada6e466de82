"""The administrator's pages: chains and their versions, calendars, and records that nobody changes."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.workflow.board import Board
from tests.workflow.factories import OrganisationFactory, UserFactory
from tests.workflow.toy import TOY, Town
from workflow.enums import Action, ChainStatus, DayKind
from workflow.models import (
    CalendarDay,
    Case,
    ChainVersion,
    Organisation,
    OutboxMessage,
    PublicNotice,
    Region,
    Seal,
    Stage,
)
from workflow.services.calendar import import_arrangement, recompute_deadlines, unpublished_years
from workflow.services.chains import ChainNotReady, chain_problems, copy_chain, publish_chain
from workflow.services.counters import recount

MONDAY = "2026-11-16T10:00:00+08:00"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def list_page(model: str) -> str:
    return reverse(f"admin:workflow_{model}_changelist")


def act_on(admin: Client, model: str, action: str, *rows: object):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return admin.post(list_page(model), data, follow=True).content.decode()


def offices_for_the_toy() -> None:
    for bureau in Organisation.objects.filter(kind="county_hr").values_list("region", flat=True):
        OrganisationFactory(kind="city_hr", region_id=Region.objects.get(pk=bureau).parent_id)


# Chains -------------------------------------------------------------------------------------------------------------


def test_copy_is_a_draft_with_the_same_stages(town: Town) -> None:
    draft = copy_chain(town.chain)

    assert (draft.version, draft.status) == (2, ChainStatus.DRAFT)
    assert [stage.slug for stage in draft.stages.all()] == [stage.slug for stage in town.chain.stages.all()]


def test_published_draft_takes_the_new_cases_and_leaves_the_running_ones(town: Town) -> None:
    running = town.at("unit")
    offices_for_the_toy()

    new = publish_chain(copy_chain(town.chain))

    assert ChainVersion.objects.published(TOY) == new
    assert ChainVersion.objects.get(pk=town.chain.pk).status == ChainStatus.RETIRED
    assert town.move(running, Action.APPROVE).chain == town.chain


def test_published_stages_do_not_change(town: Town) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.filter(chain=town.chain).update(working_days=99)


def test_no_stage_of_a_draft_is_moved_into_a_published_chain(town: Town) -> None:
    draft = copy_chain(town.chain)
    draft.stages.filter(slug="person").update(position=99, slug="extra")

    with pytest.raises(IntegrityError, match="published chain"), transaction.atomic():
        draft.stages.filter(slug="extra").update(chain=town.chain)


def test_draft_with_unknown_keys_and_slugs_is_not_published(town: Town) -> None:
    draft = copy_chain(town.chain)
    draft.stages.filter(slug="unit").update(gates=["no.gate"], form="no.form", effects=["no.effect"])
    draft.stages.filter(slug="report").update(returns_to=["city"])

    problems = "\n".join(chain_problems(draft))

    assert [key in problems for key in ("no.gate", "no.form", "no.effect", "city")] == [True] * 4
    with pytest.raises(ChainNotReady):
        publish_chain(draft)
    assert ChainVersion.objects.published(TOY) == town.chain


def test_draft_is_not_published_where_an_office_is_missing(town: Town) -> None:
    OrganisationFactory(kind="county_hr", region_id="469005", name="文昌市人社局")

    problems = list(chain_problems(copy_chain(town.chain)))

    assert len(problems) == 1
    assert "文昌市" in problems[0]


def test_administrator_copies_and_publishes(town: Town, admin: Client) -> None:
    offices_for_the_toy()

    act_on(admin, "chainversion", "copy_as_draft", town.chain)
    answer = act_on(admin, "chainversion", "publish", ChainVersion.objects.get(case_type=TOY, version=2))

    assert "toy v2" in answer
    assert ChainVersion.objects.published(TOY).version == 2


def test_administrator_sees_why_a_draft_cannot_be_published(town: Town, admin: Client) -> None:
    draft = copy_chain(town.chain)
    draft.stages.filter(slug="unit").update(form="no.form")

    assert "no.form" in act_on(admin, "chainversion", "publish", draft)


def test_published_chain_is_read_only_and_a_draft_is_not(town: Town, admin: Client) -> None:
    draft = copy_chain(town.chain)
    pages = [
        admin.get(reverse("admin:workflow_chainversion_change", args=[chain.pk])).content.decode()
        for chain in (town.chain, draft)
    ]

    assert ['name="stages-0-label"' in page for page in pages] == [False, True]


# Calendars ----------------------------------------------------------------------------------------------------------


def holiday(day: date, **fields: object) -> CalendarDay:
    return CalendarDay.objects.create(day=day, kind=DayKind.HOLIDAY, name="地方假日", **fields)


def test_changed_calendar_moves_running_deadlines_and_says_which(town: Town) -> None:
    case = town.at("unit")
    assert case.due_on == date(2026, 11, 23)
    holiday(date(2026, 11, 18), region_id="130902")

    (shift,) = recompute_deadlines()

    assert (shift.before, shift.after) == (date(2026, 11, 23), date(2026, 11, 24))
    assert case.number in shift.what
    assert Case.objects.get(pk=case.pk).due_on == date(2026, 11, 24)
    assert recompute_deadlines() == []
    assert recount() == []


def test_days_of_another_region_move_nothing(town: Town) -> None:
    town.at("unit")
    holiday(date(2026, 11, 18), region_id="130903")

    assert recompute_deadlines() == []


def test_running_notice_ends_by_the_new_calendar_with_its_cases(board: Board) -> None:
    notice, (case,) = board.published()
    holiday(date(2026, 11, 18))

    shifts = recompute_deadlines()

    assert PublicNotice.objects.get(pk=notice.pk).ends_on == date(2026, 11, 24)
    assert Case.objects.get(pk=case.pk).due_on == date(2026, 11, 24)
    assert len(shifts) == 2


def test_ended_notice_stays_ended(board: Board) -> None:
    notice, _cases = board.published()
    holiday(date(2026, 11, 18))

    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        recompute_deadlines()

    assert PublicNotice.objects.get(pk=notice.pk).ends_on == date(2026, 11, 23)


def test_national_day_exists_once(db: None) -> None:
    holiday(date(2026, 11, 18))

    with pytest.raises(IntegrityError), transaction.atomic():
        holiday(date(2026, 11, 18))


@pytest.mark.django_db
def test_years_without_an_arrangement_are_named(admin: Client) -> None:
    assert unpublished_years() == [2027]
    assert "2027" in admin.get(list_page("calendarday")).content.decode()

    holiday(date(2027, 1, 1))

    assert unpublished_years() == []


@pytest.mark.django_db
def test_year_is_imported_from_its_file(town: Town, admin: Client) -> None:
    case = town.at("unit")
    rows = "date,kind,name\n2026-11-18,holiday,临时放假\n2026-11-21,workday,临时放假\n"
    file = SimpleUploadedFile("2026.csv", rows.encode("utf-8-sig"))

    answer = admin.post(reverse("admin:workflow_calendarday_import"), {"file": file, "region": ""}, follow=True)

    assert CalendarDay.objects.get(day=date(2026, 11, 21)).kind == DayKind.WORKDAY
    assert case.number not in answer.content.decode()
    assert Case.objects.get(pk=case.pk).due_on == date(2026, 11, 23)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a,b\n1,2\n", b"date,kind,name\n2026-13-01,holiday,x\n"])
def test_unreadable_year_changes_nothing(admin: Client, content: bytes) -> None:
    before = CalendarDay.objects.count()
    file = SimpleUploadedFile("2026.csv", content)

    answer = admin.post(reverse("admin:workflow_calendarday_import"), {"file": file, "region": ""})

    assert answer.status_code == 200
    assert CalendarDay.objects.count() == before


@pytest.mark.django_db
def test_import_overwrites_the_days_that_exist() -> None:
    holiday(date(2026, 11, 18))

    count = import_arrangement(["date,kind,name", "2026-11-18,workday,调休"])

    assert count == 1
    assert CalendarDay.objects.get(day=date(2026, 11, 18)).kind == DayKind.WORKDAY


def test_saving_a_day_tells_what_changed(town: Town, admin: Client) -> None:
    case = town.at("unit")

    answer = admin.post(
        reverse("admin:workflow_calendarday_add"),
        {"day": "2026-11-18", "kind": DayKind.HOLIDAY, "name": "地方假日", "region": "130902"},
        follow=True,
    ).content.decode()

    assert case.number in answer
    assert "2026-11-23 → 2026-11-24" in answer


# Records ------------------------------------------------------------------------------------------------------------


RECORDS = ["case", "act", "caseevent", "filing", "publicnotice", "seal", "job", "outboxmessage"]


@pytest.mark.parametrize("model", RECORDS)
def test_records_are_seen_and_never_changed(town: Town, admin: Client, model: str) -> None:
    town.at("county")

    assert admin.get(list_page(model)).status_code == 200
    assert admin.get(reverse(f"admin:workflow_{model}_add")).status_code == 403


def test_case_page_of_the_admin_has_nothing_to_save(town: Town, admin: Client) -> None:
    case = town.at("unit")
    page = reverse("admin:workflow_case_change", args=[case.pk])

    assert 'name="_save"' not in admin.get(page).content.decode()
    assert admin.post(page, {"stage": "city"}).status_code == 403


@pytest.mark.parametrize("model", ["region", "organisation", "duty", "calendarday", "chainversion", *RECORDS])
def test_officers_have_no_business_in_the_admin(town: Town, model: str) -> None:
    client = Client()
    client.force_login(town.county.user)

    assert client.get(list_page(model)).status_code == 302


def test_seals_are_exported(admin: Client) -> None:
    seal = Seal.objects.create(
        day=date(2026, 11, 15), last_event=1, cases=1, events=1, digest="a" * 64, sealed_at="2026-11-16T00:10:00+08:00"
    )
    data = {"action": "export", "_selected_action": [seal.pk]}

    assert '"digest": "aaaa' in admin.post(list_page("seal"), data).content.decode()


def test_stuck_message_is_sent_again(town: Town, admin: Client) -> None:
    message = OutboxMessage.objects.create(kind="x", created_at="2026-11-16T00:00:00+08:00", attempts=12)

    act_on(admin, "outboxmessage", "send_again", message)

    assert OutboxMessage.objects.get(pk=message.pk).attempts == 0


def test_new_region_finds_its_place(admin: Client) -> None:
    admin.post(
        reverse("admin:workflow_region_add"), {"code": "130971", "name": "沧州经开区", "level": 3, "parent": "130900"}
    )

    assert Region.objects.get(pk="130971").lineage == "/130000/130900/130971/"
