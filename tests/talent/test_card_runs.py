"""What a print run's file has: the cards of the run as they were printed then, and nothing that is void by now."""

import io
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from talent.models import Card, CardPrint, PrintRun
from talent.services.card_prints import hand_out, make_run
from talent.services.cards import cancel_card
from tests.talent.cards import city_officer, make_card, officer_actor
from tests.talent.editions import replace_card
from workflow import clock
from workflow.actors import SYSTEM
from workflow.models import Job
from workflow.pdfs import count_pages, extract_text
from workflow.services.jobs import claim_job, run_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(city_officer())
    return client


def run_of(*cards: Card) -> PrintRun:
    return make_run(cards, officer_actor(), at=clock.now(), token=uuid.uuid4())


def fetch(desk: Client, run: PrintRun, **options: Any) -> Any:
    return desk.post(reverse("talent:print_run_pdf", args=[run.token]), **options)


def test_newer_edition_is_not_printed_by_an_older_run(desk: Client) -> None:
    """Its print would be counted nowhere: the register knows which edition has left the printer how often."""
    replaced, stays = make_card(name="张三丰"), make_card(name="李海洋")
    run = run_of(replaced, stays)
    replace_card(replaced, actor=SYSTEM)

    text = extract_text(fetch(desk, run).content)
    page = desk.get(reverse("talent:print_run", args=[run.token])).content.decode()

    assert ("李海洋" in text, "张三丰" in text) == (True, False)
    assert "本批次有 1 张卡不在 PDF 中" in page


@pytest.mark.parametrize("void", ["cancelled", "expired"])
def test_void_cards_leave_no_file(desk: Client, void: str) -> None:
    card = make_card()
    run = run_of(card)
    if void == "cancelled":
        cancel_card(card, reason="不再符合条件", actor=officer_actor())
    else:
        yesterday = clock.today() - timedelta(days=1)
        Card.objects.filter(pk=card.pk).update(valid_from=yesterday, valid_until=yesterday)

    answer = fetch(desk, run, follow=True)

    assert "没有可打印的卡" in answer.content.decode()


def do_job() -> Job:
    job = claim_job()
    assert job is not None
    run_job(job)
    job.refresh_from_db()
    return job


def test_long_run_is_drawn_piece_by_piece_into_one_file(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talent.views.card_runs.AT_ONCE", 1)
    monkeypatch.setattr("talent.documents.card_list.DRAWN", 2)
    cards = [make_card(name=f"张三{place}") for place in "甲乙丙丁戊"]
    fetch(desk, run_of(*cards))

    job = do_job()

    with job.result.open() as file:
        content = file.read()
    text = extract_text(content)
    assert count_pages(content) == 10
    assert [text.index(card.name) for card in cards] == sorted(text.index(card.name) for card in cards)
    assert (job.state, job.done, job.total) == ("done", 5, 5)


def test_run_that_no_printer_takes_at_once_is_several_files(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talent.views.card_runs.AT_ONCE", 1)
    monkeypatch.setattr("talent.documents.card_list.MOST", 2)
    run = run_of(make_card(), make_card(), make_card())
    fetch(desk, run)

    job = do_job()

    with job.result.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        pages = {name: count_pages(archive.read(name)) for name in archive.namelist()}
    assert pages == {f"{run.number}-1.pdf": 4, f"{run.number}-2.pdf": 2}
    assert job.result_name == f"{run.number}.zip"


@pytest.mark.parametrize("key", ["9" * 30, "9" * 18, "-1", "x", "１"])
def test_ticks_that_no_card_has_are_no_error(desk: Client, key: str) -> None:
    form = {"card": [key], "token": str(uuid.uuid4()), "reason": "打印不清"}

    answer = desk.post(reverse("talent:cards_print_again"), form)

    assert answer.status_code == 302
    assert not PrintRun.objects.exists()


def test_who_comes_in_person_is_entered_by_the_name_on_the_card() -> None:
    card, actor = make_card(name="张三丰"), officer_actor()
    run_of(card)

    row = hand_out(card, actor=actor, recipient="李四", is_holder=True, recipient_number="", received_on=clock.today())

    assert row.recipient == "张三丰"
    assert CardPrint.objects.count() == 1


@pytest.mark.parametrize(
    ("origin", "starts"),
    [("", "http://testserver/"), ("https://rencai.example.gov.cn", "https://rencai.example.gov.cn/")],
)
def test_code_leads_to_the_public_address(
    desk: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, origin: str, starts: str
) -> None:
    settings.CARD_VERIFY_ORIGIN = origin
    drawn: list[str] = []
    monkeypatch.setattr("talent.documents.card_faces.qr_picture", lambda text: drawn.append(text) or "data:,")

    fetch(desk, run_of(make_card()))

    assert [text.startswith(f"{starts}cards/verify/") for text in drawn] == [True]


def test_file_that_was_taken_is_taken_again_for_a_reason_alone(desk: Client) -> None:
    run = run_of(make_card())
    page = reverse("talent:print_run", args=[run.token])
    before = desk.get(page).content.decode()

    first, silent = fetch(desk, run), fetch(desk, run, follow=True)
    again = fetch(desk, run, data={"reason": "下载中断"})

    shown = desk.get(page).content.decode()
    assert [answer.headers["Content-Type"].partition(";")[0] for answer in (first, silent, again)] == [
        "application/pdf", "text/html", "application/pdf",
    ]  # fmt: skip
    assert "本批次的文件已下载过" in silent.content.decode()
    assert list(run.fetches.values_list("reason", flat=True)) == ["", "下载中断"]
    assert ('name="reason"' in before, 'name="reason"' in shown) == (False, True)
    assert "下载中断" in shown
    assert str(run.fetches.first().fetched_by) in shown


def test_void_run_is_not_noted_as_taken(desk: Client) -> None:
    card = make_card()
    run = run_of(card)
    cancel_card(card, reason="不再符合条件", actor=officer_actor())

    fetch(desk, run)

    assert not run.fetches.exists()


def test_each_download_of_a_task_is_noted(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talent.views.card_runs.AT_ONCE", 1)
    run = run_of(make_card(), make_card())
    fetch(desk, run)
    job = do_job()
    asked = run.fetches.count()

    for _time in range(2):
        assert b"".join(desk.get(reverse("workflow:job_result", args=[job.token]))).startswith(b"%PDF")
    silent = fetch(desk, run, follow=True)

    assert asked == 0
    assert list(run.fetches.values_list("reason", flat=True)) == ["", "任务文件再次下载"]
    assert "本批次的文件已下载过" in silent.content.decode()


def test_database_keeps_what_was_noted(desk: Client) -> None:
    run = run_of(make_card())
    fetch(desk, run)

    with pytest.raises(DatabaseError), transaction.atomic():
        run.fetches.update(reason="没有下载过")
    with pytest.raises(DatabaseError), transaction.atomic():
        run.fetches.all().delete()
