"""The application for the card takes its papers from the wallet, of every study and employment that it states."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from talent.models import CardApplication, Proof, WorkExperience
from talent.services.submission import submit_card_application
from talent.services.wallet import Facts, add_paper, lock_papers
from tests.talent.card_factories import CardApplicationFactory, card_actor_of, make_specialist
from tests.talent.factories import WorkExperienceFactory
from tests.workflow import files
from tests.workflow.test_act_races import run_until_blocked
from workflow.models import Case
from workflow.services.materials import add_material, missing_materials

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> CardApplication:
    """Nothing is uploaded; the wallet holds what is asked for."""
    application: CardApplication = CardApplicationFactory()
    person = application.person
    past = WorkExperienceFactory(person=person, past=True)
    present = WorkExperience.objects.of(person).current().get()
    papers = [("id_card", None), ("degree_certificate", None), ("work_insurance", present), ("work_contract", present)]
    for pages, (kind, work) in enumerate([*papers, ("work_service", past)], 1):
        upload = ContentFile(files.pdf(pages), name=f"{kind}.pdf")
        add_paper(person, kind=kind, upload=upload, actor=card_actor_of(application), facts=Facts(work=work))
    make_specialist(application.case.supervisor)
    return application


def test_card_is_applied_for_without_an_upload(application: CardApplication) -> None:
    submit_card_application(application, card_actor_of(application), token=application.case.token, pledged=True)

    filed = {line["kind"]: line["name"] for line in application.case.filings.get().content["materials"]}
    assert filed == {
        "id_card": "id_card.pdf",
        "diploma": "degree_certificate.pdf",
        "labour_contract": "work_contract.pdf",
        "insurance_proof": "work_insurance.pdf",
        # Of a former employment: it proves what the form states, and is not the certificate that is asked for.
        "work_service": "work_service.pdf",
        "photo": "证件照.jpg",
    }


def test_missing_paper_is_named(application: CardApplication) -> None:
    Proof.objects.filter(kind="work_contract").delete()

    assert [line.kind for line in missing_materials(application.case)] == ["labour_contract"]


def test_check_page_names_what_comes_from_the_wallet(application: CardApplication, client: Client) -> None:
    client.force_login(application.case.applicant)

    page = client.get(reverse("talent:apply_check", args=[application.pk])).content.decode()

    assert page.count("来自我的材料库") == 4
    assert "work_service.pdf" in page
    assert "证件照.jpg" in page


def test_upload_stands_where_the_wallet_takes_no_more(application: CardApplication, settings: Any) -> None:
    settings.UPLOAD_MAX_PER_MATERIAL = 1
    upload = ContentFile(files.pdf(9), name="新身份证.pdf")

    with pytest.raises(ValidationError, match="未存入材料库"):
        add_material(application.case, kind="id_card", upload=upload, actor=card_actor_of(application), keep=True)

    assert [paper.name for paper in application.case.materials.current()] == ["新身份证.pdf"]
    assert Proof.objects.get(kind="id_card").material.name == "id_card.pdf"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_upload_that_is_kept_too_and_a_submission_never_wait_for_each_other() -> None:
    application = CardApplicationFactory()
    case, actor, upload = application.case, card_actor_of(application), ContentFile(files.pdf(), name="身份证.pdf")

    # As a submission does: the case, then the person.
    with transaction.atomic():
        assert [row.pk for row in Case.objects.locked([case.pk])] == [case.pk]
        thread = run_until_blocked(lambda: add_material(case, kind="id_card", upload=upload, actor=actor, keep=True))
        lock_papers(application.person_id)
    thread.join(timeout=30)

    assert Proof.objects.filter(person=application.person, kind="id_card").count() == 1
