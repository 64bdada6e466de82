"""The papers of many cases as one zip: whose, under which names, by processes that end with the job."""

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.factories import UserFactory
from tests.workflow.toy import TOY, Town
from workflow import printers, registry
from workflow.actors import Actor
from workflow.enums import JobState
from workflow.models import Case, Job, Selection
from workflow.pdfs import extract_text
from workflow.printer import PAGE, send
from workflow.printers import Printers, PrintingFailedError
from workflow.registry import Document
from workflow.services import printouts
from workflow.services.jobs import cancel_job, claim_job, run_job
from workflow.services.printouts import file_names, start_printing
from workflow.worker import work_once


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def document() -> Document:
    return registry.case_types[TOY].documents[0]


def ask(cases: list[Case], actor: Actor) -> Job:
    return start_printing(document(), TOY, [case.pk for case in cases], actor)


def papers_of(job: Job) -> dict[str, str]:
    """{file name: text}"""
    with Job.objects.get(pk=job.pk).result.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        assert archive.testzip() is None
        return {name: extract_text(archive.read(name)) for name in archive.namelist()}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# The queue ----------------------------------------------------------------------------------------------------------


def select(client: Client, **data: object) -> str:
    response = client.post(reverse("workflow:select", args=[TOY, "unit"]), {"action": "print:form", **data})
    return str(response["Location"])


def test_ticked_cases_are_printed_into_one_zip(town: Town) -> None:
    cases = [town.at("unit") for _case in range(3)]
    client = client_of(town.unit.user)

    address = select(client, case=[f"{case.pk}:{case.revision}" for case in cases[:2]])
    job = Job.objects.get()
    work_once()

    assert address == reverse("workflow:job", args=[job.token])
    papers = papers_of(job)
    assert list(papers) == [f"{case.number}_{case.subject}.pdf" for case in cases[:2]]
    assert [case.number in text for case, text in zip(cases, papers.values(), strict=False)] == [True, True]
    job.refresh_from_db()
    assert (job.state, job.done, job.refused, job.result_name) == (JobState.DONE, 2, 0, "批量打印：补助申请表.zip")


def test_all_that_match_the_filter_are_printed(town: Town) -> None:
    first = town.at("unit")
    town.at("unit")

    select(client_of(town.unit.user), matching="1", criteria=f"name={first.subject}")

    assert Job.objects.get().params["cases"] == [first.pk]


def test_nothing_ticked_prints_nothing(town: Town) -> None:
    town.at("unit")

    address = select(client_of(town.unit.user))

    assert address.startswith(reverse("workflow:queue", args=[TOY, "unit"]))
    assert not Job.objects.exists()


def test_more_than_fit_into_one_zip_are_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.views.queue.MOST", 1)
    for _case in range(2):
        town.at("unit")

    address = select(client_of(town.unit.user), matching="1")

    assert address.startswith(reverse("workflow:queue", args=[TOY, "unit"]))
    assert not Job.objects.exists()


def test_paper_that_does_not_exist_is_not_found(town: Town) -> None:
    case = town.at("unit")
    data = {"action": "print:nothing", "case": f"{case.pk}:{case.revision}"}

    response = client_of(town.unit.user).post(reverse("workflow:select", args=[TOY, "unit"]), data)

    assert response.status_code == 404


def test_bar_offers_to_print(town: Town) -> None:
    town.at("unit")

    page = client_of(town.unit.user).get(reverse("workflow:queue", args=[TOY, "unit"])).content.decode()

    assert 'name="action" value="print:form">批量打印</button>' in page
    assert not Selection.objects.exists()


# The job ------------------------------------------------------------------------------------------------------------


def test_papers_are_those_that_the_office_may_see(town: Town) -> None:
    mine, _draft = town.at("unit"), town.draft()
    stranger = UserFactory()

    job = ask([mine, _draft], town.actor("unit"))
    other = ask([mine], Actor(stranger))
    work_once()

    assert list(papers_of(job)) == [f"{mine.number}_{mine.subject}.pdf"]
    job.refresh_from_db()
    assert (job.done, job.refused, job.total) == (2, 1, 2)
    other.refresh_from_db()
    assert (other.state, other.refused, other.result.name) == (JobState.DONE, 1, "")


def test_zip_is_for_whoever_asked(town: Town) -> None:
    job = ask([town.at("unit")], town.actor("unit"))
    work_once()

    address = reverse("workflow:job_result", args=[job.token])
    assert client_of(town.unit.user).get(address).getvalue().startswith(b"PK")
    assert [client_of(user).get(address).status_code for user in (town.county.user, UserFactory())] == [404, 404]


def test_names_of_files_are_safe_and_differ() -> None:
    cases = [
        Case(number="DZF1", subject="../../etc/passwd"),
        Case(number="DZF2", subject='张\n三:*?"<>|\\李四'),
        Case(number="DZF3", subject="张三 ."),
        Case(number="dzf3", subject="张三"),
        Case(number="DZF4", subject="长" * 300),
    ]

    names = list(file_names(cases))

    assert names == [
        "DZF1_.._.._etc_passwd.pdf",
        "DZF2_张_三_李四.pdf",
        "DZF3_张三.pdf",
        "dzf3_张三_2.pdf",
        f"DZF4_{'长' * 95}.pdf",
    ]


def test_cancelled_job_ends_its_processes_and_leaves_no_file(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.services.progress.REPORT_SECONDS", 0)
    used: list[Printers] = []

    class Watched(Printers):
        def __init__(self) -> None:
            super().__init__(1)
            used.append(self)

        def print(self, pages: object) -> Iterator[bytes]:
            for pdf in super().print(pages):  # type: ignore[arg-type]
                cancel_job(job)
                yield pdf

    monkeypatch.setattr(printouts, "Printers", Watched)
    ask([town.at("unit"), town.at("unit")], town.actor("unit"))
    job = claim_job()
    assert job is not None

    run_job(job)

    job.refresh_from_db()
    assert (job.state, job.result.name) == (JobState.CANCELLED, "")
    assert [is_alive(process.pid) for process in used[0]._processes] == [False]


def test_job_that_begins_again_leaves_one_whole_zip(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [town.at("unit"), town.at("unit")]
    ask(cases, town.actor("unit"))
    job = claim_job()
    assert job is not None

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(printouts, "save_result", die)
        with pytest.raises(KeyboardInterrupt):
            run_job(job)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    work_once()

    assert list(papers_of(job)) == [f"{case.number}_{case.subject}.pdf" for case in cases]


def test_paper_that_cannot_be_printed_fails_the_job(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Document("form", "补助申请表", lambda cases, look: ['<img src="/static/nothing.png">'])
    monkeypatch.setattr(type(registry.case_types[TOY]), "document", lambda self, key: broken)
    job = ask([town.at("unit")], town.actor("unit"))

    work_once()

    job.refresh_from_db()
    assert (job.state, job.result.name) == (JobState.FAILED, "")


# The processes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2])
def test_documents_come_in_the_order_of_their_pages(count: int) -> None:
    taken: list[int] = []

    def pages() -> Iterator[str]:
        for number in range(5):
            taken.append(number)
            yield f'<link rel="stylesheet" href="/static/css/print.css"><p>第{number}份</p>'

    with Printers(count) as used:
        documents = used.print(pages())
        first = extract_text(next(documents))
        ahead = len(taken)
        texts = [first, *(extract_text(pdf) for pdf in documents)]

    assert [text.splitlines()[0] for text in texts] == [f"第{number}份" for number in range(5)]
    # One page is made while the processes print, and no more.
    assert ahead == count + 1
    assert not any(is_alive(process.pid) for process in used._processes)


@pytest.mark.parametrize("address", ["/static/nothing.png", "file:///etc/passwd", "http://example.com/x.png"])
def test_processes_fetch_nothing_from_outside(address: str) -> None:
    with Printers(1) as used, pytest.raises(PrintingFailedError, match="Not part of a document"):
        list(used.print([f'<img src="{address}">']))


def test_process_goes_on_after_a_page_that_it_could_not_print() -> None:
    with Printers(1) as used:
        with pytest.raises(PrintingFailedError):
            list(used.print(['<img src="file:///etc/passwd">']))
        (pdf,) = used.print(["<p>好</p>"])

    assert extract_text(pdf).startswith("好")


def test_processes_know_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")

    with Printers(1) as used:
        list(used.print(["<p>x</p>"]))
        with open(f"/proc/{used._processes[0].pid}/environ") as file:
            environment = file.read()

    assert "secret" not in environment
    assert "PATH=" in environment


def test_process_ends_with_a_worker_that_was_killed() -> None:
    process = printers._start()
    assert process.stdin is not None
    send(process.stdin, PAGE, b"<p>x</p>")

    # What the system does to the pipes of a process that is no more.
    process.stdin.close()
    assert process.stdout is not None
    process.stdout.close()

    assert process.wait(20) == 0


def test_dead_process_is_told() -> None:
    with Printers(1) as used:
        list(used.print(["<p>x</p>"]))
        used._processes[0].kill()
        used._processes[0].wait()

        with pytest.raises(PrintingFailedError, match="died"):
            list(used.print(["<p>x</p>"]))


def test_stuck_process_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "PATIENCE", 0)

    with Printers(1) as used, pytest.raises(PrintingFailedError, match="not printed within"):
        list(used.print(["<p>x</p>"]))

    assert not is_alive(used._processes[0].pid)


def test_paper_of_a_later_stage_is_not_printed_for_who_has_gone_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the press and the job a case may have left the stage."""
    early, there = town.at("unit"), town.at("county")
    later = replace(registry.case_types[TOY], documents=(replace(document(), stages=("county",)),))
    monkeypatch.setitem(registry.case_types, TOY, later)
    job = ask([early, there], town.unit)

    work_once()

    assert list(papers_of(job)) == list(file_names([there]))
    job.refresh_from_db()
    assert job.refused == 1
