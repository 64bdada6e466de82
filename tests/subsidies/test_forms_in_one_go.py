"""The application forms of many cases: what each shows, which looks are written down, how many statements it takes."""

import io
import zipfile
from typing import Any

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import SensitiveView
from subsidies.documents.application_form import read_forms
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import ACCOUNT, make_submitted_application
from tests.subsidies.walking import fresh, officer_of, open_offices, walk
from workflow import registry
from workflow.actors import Actor
from workflow.enums import JobState
from workflow.models import Batch, Case, InternalNumber, Job, Organisation
from workflow.pdfs import extract_text
from workflow.registry import Document, Look
from workflow.services.jobs import claim_job, run_job
from workflow.services.printouts import start_printing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

RENT = "graduate_rent"


def make_cases(*names: str, to: str) -> list[Case]:
    open_offices()
    unit = UnitFactory()
    people = [PersonFactory(name=name, unit=unit) for name in names]
    cases = [make_submitted_application(person=person, unit=unit).case for person in people]
    walk(*cases, to=to)
    return [fresh(case) for case in cases]


def document() -> Document:
    found = registry.case_types[RENT].document("application")
    assert found is not None
    return found


def run() -> Job:
    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)
    return Job.objects.get(pk=claimed.pk)


def papers_of(job: Job) -> dict[str, str]:
    with job.result.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        return {name: extract_text(archive.read(name)) for name in archive.namelist()}


def looks() -> list[Any]:
    return list(SensitiveView.objects.order_by("case").values_list("case", "viewer", "field"))


def test_deciding_office_gets_the_identity_in_full_and_every_look_is_written_down() -> None:
    cases = make_cases("张三", "李四", to="county_hr")
    officer = officer_of(cases[0].holder)
    start_printing(document(), RENT, [case.pk for case in cases], officer)

    papers = papers_of(run())

    assert list(papers) == [f"{case.number}_{case.subject}.pdf" for case in cases]
    for case, text in zip(cases, papers.values(), strict=True):
        assert case.rent_application.person.number in text
        assert ACCOUNT not in text
    assert looks() == [(case.pk, officer.user_id, "application_form") for case in cases]


def test_task_that_begins_again_writes_no_look_twice() -> None:
    cases = make_cases("张三", "李四", to="county_hr")
    start_printing(document(), RENT, [case.pk for case in cases], officer_of(cases[0].holder))
    job = run()
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)

    again = run()

    assert again.state == JobState.DONE
    assert len(looks()) == 2
    start_printing(document(), RENT, [case.pk for case in cases], officer_of(cases[0].holder))
    run()
    assert len(looks()) == 4


def test_office_that_does_not_decide_now_sees_masks_and_no_look_is_written_down() -> None:
    (case,) = make_cases("张三", to="county_org")
    start_printing(document(), RENT, [case.pk], officer_of(case.supervisor))

    (text,) = papers_of(run()).values()

    assert case.rent_application.person.number not in text
    assert case.summary["id_masked"] in text
    assert looks() == []


def test_office_out_of_reach_gets_nothing() -> None:
    (case,) = make_cases("张三", to="county_hr")
    start_printing(document(), RENT, [case.pk], officer_of(Organisation.objects.get(kind="county_fin")))

    job = run()

    assert (job.state, job.refused, job.result.name) == (JobState.DONE, 1, "")
    assert looks() == []


def test_statements_do_not_grow_with_the_forms() -> None:
    cases = make_cases("张三", "李四", "王五", to="county_hr")
    officer = officer_of(cases[0].holder)

    counts = [statements(cases[:number], officer) for number in (1, 3)]

    assert counts[0] == counts[1]
    assert len(looks()) == 4


def statements(cases: list[Case], officer: Actor) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(list(document().pages(cases, Look(officer, "试验")))) == len(cases)
    return len(captured)


def test_batch_page_starts_the_task(client: Client) -> None:
    cases = make_cases("张三", "李四", to="publicity")
    batch = Batch.objects.get()
    client.force_login(officer_of(batch.organisation).user)
    address = reverse("subsidies:batch_print", args=[batch.pk])

    page = client.get(reverse("subsidies:batch", args=[batch.pk])).content.decode()
    response = client.post(address)

    job = Job.objects.get()
    assert f'action="{address}"' in page
    assert response["Location"] == reverse("workflow:job", args=[job.token])
    assert sorted(job.params["cases"]) == [case.pk for case in cases]
    assert client.get(address).status_code == 405


def test_batch_that_fills_more_than_one_zip_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subsidies.views.batches.MOST", 1)
    make_cases("张三", "李四", to="publicity")
    batch = Batch.objects.get()
    client.force_login(officer_of(batch.organisation).user)

    response = client.post(reverse("subsidies:batch_print", args=[batch.pk]), follow=True)

    assert "一次最多打印1份。" in response.content.decode()
    assert not Job.objects.exists()


def test_form_carries_the_internal_number_as_its_code() -> None:
    numbered, plain = make_cases("甲", "乙", to="unit")
    InternalNumber.objects.create(case=numbered, number="1" * 43)

    forms = {form.case.pk: form.qr for form in read_forms([numbered, plain], {numbered.pk: bool, plain.pk: bool})}

    assert forms == {
        pk: segno.make(text, error="m").svg_data_uri(border=0)
        for pk, text in ((numbered.pk, "1" * 43), (plain.pk, plain.number))
    }
