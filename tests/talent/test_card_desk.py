"""渤海英才卡管理: prints in runs, reprints counted, the register of hand-outs, the list with its filters and export."""

import io
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from talent.enums import CardState
from talent.models import Card, CardEvent, CardPrint, HandOut, PrintRun
from talent.services.card_prints import hand_out, make_run, print_again
from talent.services.cards import cancel_card
from tests.accounts.factories import OfficerFactory
from tests.talent.cards import add_photo, city_officer, ended_card, make_card, officer_actor, standing_at
from tests.talent.editions import replace_card
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import Action, Role
from workflow.models import Act, Job, OutboxMessage
from workflow.pdfs import count_pages, extract_text, opened
from workflow.services import Refused, perform_one
from workflow.services.jobs import claim_job, run_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return city_officer()


@pytest.fixture
def actor(officer: User) -> Actor:
    return Actor.in_duty(officer.duties.get(), officer)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def print_once(card: Card, actor: Actor) -> PrintRun:
    return make_run([card], actor, at=clock.now(), token=uuid.uuid4())


def pdf_of(response: Any) -> bytes:
    content: bytes = response.content
    return content


def test_printing_stage_makes_one_run_of_the_selection(actor: Actor) -> None:
    application = standing_at("print")
    card = make_card(application.person)
    Card.objects.filter(pk=card.pk).update(case=application.case)

    act: Act = perform_one(Action.APPROVE, application.case, actor)

    run = PrintRun.objects.get()
    assert (run.token, run.act, run.organisation) == (act.pk, act, actor.organisation)
    assert list(run.prints.values_list("card", "edition", "copy")) == [(card.pk, 1, 1)]
    assert CardEvent.objects.get(card=card, kind="printed").actor == actor.user
    assert OutboxMessage.objects.filter(kind="talent.card_printed").count() == 1


def test_result_of_printing_leads_to_the_run(desk: Client, actor: Actor) -> None:
    application = standing_at("print")
    card = make_card(application.person)
    Card.objects.filter(pk=card.pk).update(case=application.case)
    act: Act = perform_one(Action.APPROVE, application.case, actor)

    page = desk.get(reverse("workflow:act", args=[act.pk])).content.decode()

    assert reverse("talent:print_run", args=[act.pk]) in page


def test_card_cancelled_meanwhile_ends_its_case_unprinted(actor: Actor) -> None:
    application = standing_at("print")
    card = make_card(application.person)
    Card.objects.filter(pk=card.pk).update(case=application.case)
    cancel_card(card, reason="不再符合条件", actor=officer_actor(Role.LEADER))

    perform_one(Action.APPROVE, application.case, actor)

    application.case.refresh_from_db(fields=["revision"])
    assert not PrintRun.objects.exists()
    assert type(application.case).objects.get(pk=application.pk).state == "approved"


def test_reprints_are_counted_by_edition_and_have_a_reason(actor: Actor) -> None:
    card = make_card()
    print_once(card, actor)
    again = [print_again([card], reason="打印不清", actor=actor, token=uuid.uuid4()) for _ in range(2)]
    replaced = replace_card(card, actor=SYSTEM)
    print_again([replaced], reason="补发", actor=actor, token=uuid.uuid4())

    assert list(CardPrint.objects.order_by("pk").values_list("edition", "copy")) == [(1, 1), (1, 2), (1, 3), (2, 1)]
    assert [event.reason for event in CardEvent.objects.filter(kind="reprinted")] == ["打印不清", "打印不清"]
    assert again[0].number != again[1].number


def test_new_edition_is_told_to_the_city_and_printed_without_a_reason(desk: Client, actor: Actor) -> None:
    card = make_card()
    print_once(card, actor)
    told = [prints_to_do(desk)]
    replaced = replace_card(card, actor=SYSTEM)
    told.append(prints_to_do(desk))

    print_again([replaced], reason="", actor=actor, token=uuid.uuid4())

    assert [*told, prints_to_do(desk)] == [[], ["您有【1】张补发、续期或变更后的渤海英才卡待打印"], []]
    with pytest.raises(Refused, match=card.number):
        print_again([replaced], reason="", actor=actor, token=uuid.uuid4())


def prints_to_do(desk: Client) -> list[str]:
    return [todo.text for todo in desk.get(reverse("portal:home")).context["todos"] if "渤海英才卡待打印" in todo.text]


def test_form_sent_twice_prints_once(actor: Actor) -> None:
    card, token = make_card(), uuid.uuid4()

    runs = {print_again([card], reason="卡面破损", actor=actor, token=token).pk for _ in range(2)}

    assert len(runs) == CardPrint.objects.count() == 1


def test_void_cards_are_named_and_nothing_is_printed(actor: Actor) -> None:
    good, bad = make_card(), ended_card(clock.today() - timedelta(days=1))

    with pytest.raises(Refused, match=bad.number):
        print_again([good, bad], reason="卡面破损", actor=actor, token=uuid.uuid4())

    assert not PrintRun.objects.exists()


def test_run_is_one_pdf_of_fronts_and_backs(desk: Client, actor: Actor) -> None:
    cards = [make_card(level=level, name=name) for level, name in (("A", "张三丰"), ("B", "李海洋"))]
    for card in cards:
        card.photo = add_photo(card.case)
        card.save()
    run = make_run(cards, actor, at=clock.now(), token=uuid.uuid4())

    plain = desk.post(reverse("talent:print_run_pdf", args=[run.token]))
    bled = desk.post(reverse("talent:print_run_pdf", args=[run.token]), {"bleed": "1", "reason": "打印机需要出血"})

    text = extract_text(pdf_of(plain))
    assert count_pages(pdf_of(plain)) == count_pages(pdf_of(bled)) == 4
    assert [name in text for name in ("张三丰", "李海洋", "渤海英才服务卡", "Bohai Talent Service Card")] == [True] * 4
    assert page_size(pdf_of(plain)) == (85.6, 54.0)
    assert page_size(pdf_of(bled)) == (91.6, 60.0)
    assert plain["Cache-Control"] == "private, no-store"


def page_size(pdf: bytes) -> tuple[float, float]:
    """Millimetres of the sheet."""
    with opened(pdf) as document:
        left, bottom, right, top = document[0].get_mediabox()
    return round((right - left) * 25.4 / 72, 1), round((top - bottom) * 25.4 / 72, 1)


def result_of(job: Job) -> bytes:
    with job.result.open() as file:
        content: bytes = file.read()
    return content


def test_long_run_is_printed_as_a_task(desk: Client, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talent.views.card_runs.AT_ONCE", 1)
    run = make_run([make_card(), make_card()], actor, at=clock.now(), token=uuid.uuid4())

    response = desk.post(reverse("talent:print_run_pdf", args=[run.token]))
    job = claim_job()
    assert job is not None
    run_job(job)

    job.refresh_from_db()
    assert response["Location"] == reverse("workflow:job", args=[job.token])
    assert count_pages(result_of(job)) == 4


def test_register_lists_the_cards_of_the_run_to_be_signed(desk: Client, actor: Actor) -> None:
    cards = [make_card(name="张三丰"), make_card(name="李海洋")]
    run = make_run(cards, actor, at=clock.now(), token=uuid.uuid4())

    sheet = openpyxl.load_workbook(
        io.BytesIO(desk.get(reverse("talent:print_run_register", args=[run.token])).content)
    ).active

    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "卡号" in row)
    assert ("领取人" in head, "签收" in head) == (True, True)
    assert [row[1] for row in rows[rows.index(head) + 1 :]] == [card.number for card in cards]


def given(card: Card, actor: Actor, **facts: Any) -> HandOut:
    usual = {"recipient": card.name, "is_holder": True, "recipient_number": "", "received_on": clock.today()}
    return hand_out(card, actor=actor, **(usual | facts))


def test_hand_out_is_entered_once_for_what_was_printed(actor: Actor) -> None:
    card = make_card()
    with pytest.raises(Refused, match="尚未打印"):
        given(card, actor)
    print_once(card, actor)
    with pytest.raises(Refused, match="领取日期"):
        given(card, actor, received_on=clock.today() + timedelta(days=1))
    with pytest.raises(Refused, match="领取日期"):
        given(card, actor, received_on=clock.today() - timedelta(days=1))

    row = given(card, actor, recipient="王五", is_holder=False, recipient_number="130902199001011234")
    with pytest.raises(Refused, match="已发放"):
        given(card, actor)

    assert (row.edition, row.recipient, row.recipient_number) == (1, "王五", "130902199001011234")
    assert CardEvent.objects.filter(card=card, kind="handed_out").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOut.objects.create(
            card=card, edition=1, recipient="x", received_on=clock.today(), entered_at=clock.now(),
            entered_by_id=actor.user_id, organisation=actor.organisation,
        )  # fmt: skip


def test_lost_card_is_not_handed_out(actor: Actor) -> None:
    card = make_card(state=CardState.LOST, lost_at=clock.now())
    print_once(card, actor)

    with pytest.raises(Refused, match="挂失"):
        given(card, actor)


def test_whoever_comes_for_the_holder_shows_a_document(desk: Client, actor: Actor) -> None:
    card = make_card()
    print_once(card, actor)
    address = reverse("talent:card_hand_out", args=[card.pk])
    form = {"recipient": "王五", "received_on": clock.today().isoformat(), "signed": "on"}

    refused = desk.post(address, form)
    unsigned = desk.post(address, form | {"is_holder": "on", "signed": ""})
    entered = desk.post(address, form | {"recipient_number": "E12345678"})

    assert (refused.status_code, unsigned.status_code, entered.status_code) == (422, 422, 302)
    assert HandOut.objects.get().recipient_number == "E12345678"


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("freeze", {}, "frozen"),
        ("release", {"state": "frozen", "frozen": True}, "valid"),
        ("cancel", {}, "cancelled"),
    ],
)
def test_city_decides_with_a_reason(desk: Client, deed: str, before: dict[str, Any], after: str) -> None:
    facts = {"frozen_at": clock.now()} if before.pop("frozen", False) else {}
    card = make_card(**before, **facts)
    address = reverse("talent:card_decide", args=[card.pk, deed])

    without = desk.post(address, {"reason": ""})
    done = desk.post(address, {"reason": "用人单位来函"})

    card.refresh_from_db()
    assert (without.status_code, done.status_code, card.state) == (422, 302, after)
    assert CardEvent.objects.filter(card=card).last().reason == "用人单位来函"  # type: ignore[union-attr]


def test_refusal_is_told_on_the_page(desk: Client) -> None:
    card = make_card()

    response = desk.post(reverse("talent:card_decide", args=[card.pk, "release"]), {"reason": "已核实"})

    assert response.status_code == 422
    assert "此卡未冻结" in response.content.decode()


def test_unknown_deed_is_no_address(desk: Client) -> None:
    assert desk.get(reverse("talent:card_decide", args=[make_card().pk, "sell"])).status_code == 404


@pytest.fixture
def some() -> dict[str, Card]:
    return {
        "valid": make_card(name="张三丰", level="A"),
        "over": ended_card(clock.today() - timedelta(days=1), name="李海洋"),
        "lost": make_card(name="王小明", state="lost", lost_at=clock.now()),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"valid", "over", "lost"}),
        ({"state": "valid"}, {"valid"}),
        ({"state": "expired"}, {"over"}),
        ({"state": "lost"}, {"lost"}),
        ({"level": "A"}, {"valid"}),
        ({"name": "海"}, {"over"}),
        ({"number": "bhyc a"}, {"valid"}),
        ({"paper": "not_printed"}, {"lost", "valid"}),
        ({"paper": "collected"}, set()),
    ],
)
def test_list_is_filtered(desk: Client, some: dict[str, Card], query: dict[str, str], found: set[str]) -> None:
    rows = desk.get(reverse("talent:cards_manage"), query).context["page"].rows

    assert {row.number for row in rows} == {some[key].number for key in found}


def test_list_finds_by_identity_number_without_showing_it(desk: Client, some: dict[str, Card]) -> None:
    number = some["valid"].person.number

    response = desk.post(reverse("talent:cards_manage"), {"id_number": number})

    assert number not in response["Location"]
    assert [row.number for row in desk.get(response["Location"]).context["page"].rows] == [some["valid"].number]


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_statements_for_any_number_of_cards(
    desk: Client, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        print_once(make_card(), actor)
    desk.get(reverse("talent:cards_manage"))

    with django_assert_num_queries(7):
        page = desk.get(reverse("talent:cards_manage")).context["page"]

    assert len(page.rows) == count


def test_export_has_the_filtered_cards_with_masked_numbers(desk: Client, some: dict[str, Card]) -> None:
    desk.post(reverse("talent:cards_export"), {"criteria": "state=valid"})
    job = claim_job()
    assert job is not None
    run_job(job)

    job = Job.objects.get(pk=job.pk)
    rows = list(openpyxl.load_workbook(io.BytesIO(result_of(job))).active.iter_rows(values_only=True))
    text = str(rows)
    assert some["valid"].number in text
    assert some["lost"].number not in text
    assert some["valid"].person.number not in text


def test_ticked_cards_are_printed_again(desk: Client) -> None:
    card = make_card()
    form = {"card": [card.pk, "x"], "reason": "卡面破损", "token": str(uuid.uuid4())}

    response = desk.post(reverse("talent:cards_print_again"), form)
    nothing = desk.post(reverse("talent:cards_print_again"), form | {"card": [], "token": str(uuid.uuid4())})
    no_reason = desk.post(reverse("talent:cards_print_again"), form | {"reason": "", "token": str(uuid.uuid4())})

    run = PrintRun.objects.get()
    assert response["Location"] == reverse("talent:print_run", args=[run.token])
    assert nothing["Location"] == no_reason["Location"] == reverse("talent:cards_manage")


def test_pages_of_a_card_and_of_runs_open(desk: Client, actor: Actor) -> None:
    card = make_card()
    run = print_once(card, actor)
    given(card, actor)

    pages = [
        desk.get(reverse("talent:card_manage", args=[card.pk])),
        desk.get(reverse("talent:print_runs")),
        desk.get(reverse("talent:print_run", args=[run.token])),
    ]

    assert [page.status_code for page in pages] == [200] * 3
    assert run.number in pages[1].content.decode()
    assert card.number in pages[2].content.decode()


@pytest.mark.parametrize(
    ("office", "role"), [("city_hr", "handler"), ("county_hr", "specialist"), ("city_org", "leader")]
)
def test_other_offices_and_roles_keep_no_cards(client: Client, office: str, role: str) -> None:
    client.force_login(OfficerFactory(office=office, office__role=role))

    assert client.get(reverse("talent:cards_manage")).status_code == 403
    assert client.post(reverse("talent:card_decide", args=[make_card().pk, "freeze"])).status_code == 403
