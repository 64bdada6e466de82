"""Long work as rows: who may see it, its progress, cancelling, workers that die, results that expire."""

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests.workflow.factories import UserFactory
from tests.workflow.toy import Town
from workflow import clock, outbox, registry, timers
from workflow.actors import Actor
from workflow.enums import JobState
from workflow.models import Duty, Job
from workflow.services import sweeping
from workflow.services.jobs import (
    MAX_ATTEMPTS,
    RESULT_KEPT,
    STALE,
    JobCancelled,
    JobLost,
    actor_of,
    cancel_job,
    claim_job,
    expire_results,
    report_progress,
    run_job,
    save_result,
    start_job,
)
from workflow.worker import work_once

KIND = "toy.count"


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Job], None]], None]:
    return lambda work: monkeypatch.setitem(registry.jobs, KIND, work)


@pytest.fixture(autouse=True)
def _count(register: Callable[[Callable[[Job], None]], None]) -> None:
    def count(job: Job) -> None:
        report_progress(job, done=3, refused=1, total=3)
        save_result(job, "结果.txt", io.BytesIO(b"1 2 3"))

    register(count)


def ask(town: Town, **params: object) -> Job:
    return start_job(KIND, "数一数", params, town.actor("unit"))


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_worker_does_the_work_and_keeps_its_result(town: Town) -> None:
    job = ask(town)

    assert work_once() >= 1

    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.done, job.refused, job.total) == (JobState.DONE, 3, 1, 3)
    assert job.result_name == "结果.txt"
    with job.result.open("rb") as file:
        assert file.read() == b"1 2 3"


def test_same_form_again_answers_the_first_job(town: Town) -> None:
    token, actor = uuid.uuid4(), town.actor("unit")
    first = start_job(KIND, "数一数", {}, actor, token=token)
    work_once()

    assert start_job(KIND, "数一数", {}, actor, token=token) == first


def test_same_work_under_way_is_not_begun_twice(town: Town) -> None:
    first = ask(town, a=1)

    assert ask(town, a=1) == first
    assert ask(town, a=2) != first
    work_once()
    assert ask(town, a=1) != first


def test_unknown_work_is_refused(town: Town) -> None:
    with pytest.raises(ValueError, match="no_such"):
        start_job("toy.no_such", "无", {}, town.actor("unit"))


def test_failing_job_ends_in_its_row_and_the_next_one_runs(town: Town, register: Callable[..., None]) -> None:
    def fail(job: Job) -> None:
        if job.params:
            raise RuntimeError("secret detail")

    register(fail)
    bad, good = ask(town, bad=True), ask(town)

    work_once()

    bad = Job.objects.get(pk=bad.pk)
    assert bad.state == JobState.FAILED
    assert "secret" not in bad.error
    assert Job.objects.get(pk=good.pk).state == JobState.DONE


def test_round_survives_a_part_that_fails(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError

    monkeypatch.setattr(timers, "_timers", [fail])
    monkeypatch.setattr(outbox, "claim_messages", fail)
    job = ask(town)

    work_once()

    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_waiting_job_can_be_cancelled(town: Town) -> None:
    job = ask(town)

    assert cancel_job(job)
    work_once()

    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
    assert not cancel_job(job)


def test_running_job_stops_at_its_next_report(town: Town, register: Callable[..., None]) -> None:
    reached = []

    def count(job: Job) -> None:
        cancel_job(job)
        with pytest.raises(JobCancelled):
            report_progress(job, done=1)
        reached.append(job.pk)
        raise JobCancelled

    register(count)
    job = ask(town)

    work_once()

    assert reached == [job.pk]
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED


def test_job_of_a_dead_worker_is_taken_over(town: Town) -> None:
    ask(town)
    first = claim_job()
    assert first is not None
    assert claim_job() is None

    with time_machine.travel(clock.machine_now() + STALE + timedelta(seconds=1)):
        second = claim_job()

    assert second is not None
    assert (second.pk, second.attempts) == (first.pk, 2)
    with pytest.raises(JobLost):
        report_progress(first, done=1)
    run_job(second)
    assert Job.objects.get(pk=first.pk).state == JobState.DONE


def test_late_worker_does_not_overwrite_the_one_that_took_over(town: Town, register: Callable[..., None]) -> None:
    ask(town)
    first = claim_job()
    with time_machine.travel(clock.machine_now() + STALE + timedelta(seconds=1)):
        claim_job()

    def fail(job: Job) -> None:
        raise RuntimeError

    register(fail)
    assert first is not None
    run_job(first)

    assert Job.objects.get(pk=first.pk).state == JobState.RUNNING


def test_job_that_loses_the_database_is_begun_again(town: Town, register: Callable[..., None]) -> None:
    def lose(job: Job) -> None:
        if job.attempts == 1:
            raise OperationalError("server closed the connection unexpectedly")

    register(lose)
    job = ask(town)

    work_once()
    after_loss = Job.objects.get(pk=job.pk).state
    with time_machine.travel(clock.machine_now() + STALE + timedelta(seconds=1)):
        work_once()

    assert after_loss == JobState.RUNNING
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_result_takes_the_place_of_what_a_dead_worker_left(town: Town) -> None:
    ask(town)
    job = claim_job()
    assert job is not None
    job.result.storage.save(f"jobs/{job.token.hex}", io.BytesIO(b"half of it"))

    run_job(job)

    files = [name for name in default_storage.listdir("jobs")[1] if name.startswith(job.token.hex)]
    assert files == [job.token.hex]
    with Job.objects.get(pk=job.pk).result.open("rb") as file:
        assert file.read() == b"1 2 3"


def test_job_that_kills_every_worker_is_given_up(town: Town) -> None:
    job = ask(town)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=MAX_ATTEMPTS, heartbeat_at=clock.machine_now() - 2 * STALE
    )

    assert claim_job() is None

    assert Job.objects.get(pk=job.pk).state == JobState.FAILED


def test_ended_task_keeps_no_opinion(town: Town, register: Callable[..., None]) -> None:
    def fail(job: Job) -> None:
        raise ValueError(job.params["opinion"])

    done = ask(town, opinion="请补正", page=1)
    work_once()
    register(fail)
    failed = ask(town, opinion="请补正", page=2)
    work_once()
    cancelled = ask(town, opinion="请补正", page=3)
    cancel_job(cancelled)

    ended = [Job.objects.get(pk=job.pk) for job in (done, failed, cancelled)]
    assert [job.state for job in ended] == [JobState.DONE, JobState.FAILED, JobState.CANCELLED]
    assert [job.params for job in ended] == [{"opinion": "", "page": page} for page in (1, 2, 3)]


def test_job_whose_duty_ends_while_it_runs_does_not_act_without_one(town: Town, register: Callable[..., None]) -> None:
    acted: list[Actor] = []

    def outlive(job: Job) -> None:
        Duty.objects.filter(pk=town.unit.pk).update(ends_on=date(2020, 6, 1))
        acted.append(actor_of(job))

    register(outlive)
    job = ask(town)

    work_once()

    job.refresh_from_db()
    assert (job.state, acted) == (JobState.FAILED, [])
    assert "岗位" in job.error


def test_result_expires_with_its_file(town: Town) -> None:
    job = ask(town)
    work_once()
    name = Job.objects.get(pk=job.pk).result.name
    assert expire_results() == 0

    with time_machine.travel(clock.now() + RESULT_KEPT + timedelta(minutes=1)):
        assert expire_results() == 1

    assert not default_storage.exists(name)
    assert Job.objects.get(pk=job.pk).result_name == "结果.txt"


def test_file_of_a_task_that_died_is_swept_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_swept_on", [])
    job = ask(town)
    work_once()
    kept = Job.objects.get(pk=job.pk).result.name
    lost = default_storage.save(f"jobs/{uuid.uuid4().hex}", ContentFile(b"half"))

    sweeping.sweep_files()
    young = default_storage.exists(lost)
    monkeypatch.setattr(sweeping, "_swept_on", [])
    with time_machine.travel(clock.machine_now() + timedelta(days=1, minutes=1)):
        sweeping.sweep_files()

    assert young
    assert default_storage.exists(kept)
    assert not default_storage.exists(lost)


# Pages --------------------------------------------------------------------------------------------------------------


def pages(job: Job) -> list[str]:
    return [reverse(f"workflow:{name}", args=[job.token]) for name in ("job", "job_progress", "job_result")]


def test_result_is_for_whoever_asked(town: Town) -> None:
    job = ask(town)
    work_once()

    mine = client_of(town.unit.user).get(reverse("workflow:job_result", args=[job.token]))

    assert mine.getvalue() == b"1 2 3"
    assert "filename*=utf-8''" in mine["Content-Disposition"]
    assert [client_of(UserFactory()).get(page).status_code for page in pages(job)] == [404] * 3
    assert client_of(UserFactory()).post(reverse("workflow:job_cancel", args=[job.token])).status_code == 404


def test_expired_result_is_gone(town: Town) -> None:
    job = ask(town)
    work_once()
    Job.objects.filter(pk=job.pk).update(expires_at=clock.now() - timedelta(minutes=1))

    response = client_of(town.unit.user).get(reverse("workflow:job_result", args=[job.token]))

    assert response.status_code == 404


def test_progress_asks_for_itself_until_the_end(town: Town) -> None:
    job = ask(town)
    client, page = client_of(town.unit.user), reverse("workflow:job_progress", args=[job.token])

    waiting = client.get(page).content.decode()
    work_once()
    finished = client.get(page).content.decode()

    assert f'hx-get="{page}"' in waiting
    assert 'role="progressbar"' in waiting
    assert 'aria-live="polite"' in waiting
    assert "hx-get" not in finished
    assert reverse("workflow:job_result", args=[job.token]) in finished


def test_page_cancels_a_task(town: Town) -> None:
    job = ask(town)

    response = client_of(town.unit.user).post(reverse("workflow:job_cancel", args=[job.token]), follow=True)

    assert "任务已取消。" in response.content.decode()
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED


@pytest.mark.parametrize("count", [1, 3])
def test_task_centre_costs_the_same_for_many_tasks(
    town: Town, count: int, django_assert_max_num_queries: object
) -> None:
    for number in range(count):
        ask(town, number=number)
    client, address = client_of(town.unit.user), reverse("workflow:jobs")
    # The chains of the seats are kept from the first page on.
    client.get(address)

    with django_assert_max_num_queries(9):
        page = client.get(address).content.decode()

    assert page.count('<th scope="row"') == count
