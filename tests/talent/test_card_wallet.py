"""The application for the card takes its papers from the wallet, of every study and employment that it states."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from talent.models import CardApplication, Proof, WorkExperience
from talent.services.submission import submit_card_application
from talent.services.wallet import Facts, add_paper
from tests.talent.card_factories import CardApplicationFactory, card_actor_of, make_specialist
from tests.talent.factories import WorkExperienceFactory
from tests.workflow import files
from workflow.services.materials import missing_materials

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
        "service_certificate": "work_service.pdf",
        "photo": "证件照.jpg",
    }


def test_missing_paper_is_named(application: CardApplication) -> None:
    Proof.objects.filter(kind="work_contract").delete()

    assert [line.kind for line in missing_materials(application.case)] == ["labour_contract"]


def test_check_page_names_what_comes_from_the_wallet(application: CardApplication, client: Client) -> None:
    client.force_login(application.case.applicant)

    page = client.get(reverse("talent:apply_check", args=[application.pk])).content.decode()

    assert page.count("来自我的材料库") == 5
    assert "证件照.jpg" in page
