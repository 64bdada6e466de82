"""The real worker on a real broker: woken by a commit, and losing nothing when the broker forgets."""

import subprocess
import time

import pytest
import redis
from django.conf import settings

from tests.workflow.factories import DutyFactory, OrganisationFactory, acting
from workflow import worker_wake
from workflow.enums import JobState
from workflow.models import Job
from workflow.services.jobs import start_job
from workflow.tasks import work

pytestmark = pytest.mark.services


def ask_for_an_export() -> Job:
    county = acting(DutyFactory(organisation=OrganisationFactory(county_hr=True)))
    params = {"case_type": "graduate_rent", "stage": "county_hr", "criteria": ""}
    return start_job("workflow.export_queue", "导出", params, county)


def wait_for_the_end(job: Job) -> str:
    deadline = time.monotonic() + 60
    while (state := Job.objects.values_list("state", flat=True).get(pk=job.pk)) in (JobState.WAITING, JobState.RUNNING):
        assert time.monotonic() < deadline, "the worker did not take the job"
        time.sleep(0.1)
    return str(state)


def test_commit_wakes_the_worker(worker: subprocess.Popen[bytes]) -> None:
    job = ask_for_an_export()

    assert wait_for_the_end(job) == JobState.DONE
    assert Job.objects.get(pk=job.pk).result.size > 0


def test_forgetful_broker_loses_no_job(worker: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_wake, "_wakers", [])
    job = ask_for_an_export()
    redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()

    # What the beat does every minute.
    work.apply_async()

    assert wait_for_the_end(job) == JobState.DONE
