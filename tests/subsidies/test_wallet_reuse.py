"""The rent subsidy takes its papers from the wallet: required lines are satisfied, and the filing keeps them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person, User
from subsidies.models import RentApplication
from subsidies.services.application import start_application
from subsidies.services.submission import Submission, submit_application, submit_applications
from talent.models import FamilyMember, Proof, WorkExperience
from talent.services.refusals import NotReady
from talent.services.wallet import Facts, add_paper, remove_proof
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import RentApplicationFactory, actor_of
from tests.subsidies.factories import add_paper as add_upload
from tests.subsidies.walking import fresh, officer_of, press
from tests.talent.card_factories import TalentProfileFactory
from tests.talent.factories import EducationFactory, WorkExperienceFactory
from tests.talent.space import FAMILY, make_rows
from tests.workflow import files
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act, Material

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

# What a single graduate must hand in, of alternatives one.
NEEDED = ("id_card", "diploma", "chsi_form", "lease", "no_house_proof", "bank_card")


def keep(person: Person, kind: str, pages: int = 1, **facts: Any) -> Proof:
    upload = ContentFile(files.pdf(pages), name=f"{kind}.pdf")
    return add_paper(person, kind=kind, upload=upload, actor=Actor(person.users.get()), facts=Facts(**facts))


def fill_wallet(person: Person) -> None:
    work = WorkExperience.objects.of(person).current().get()
    for kind in NEEDED:
        keep(person, kind)
    for kind in ("work_contract", "work_insurance"):
        keep(person, kind, work=work)


@pytest.fixture
def application() -> RentApplication:
    """Every rule passes, nothing is uploaded, all papers are in the wallet."""
    person = PersonFactory(unit=UnitFactory())
    application: RentApplication = RentApplicationFactory(person=person)
    fill_wallet(person)
    return application


def submit(application: RentApplication) -> Act:
    return submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)


def lines_of(application: RentApplication) -> dict[str, str]:
    filing = application.case.filings.latest("number")
    return {line["kind"]: line["label"] for line in filing.content["materials"] if line.get("own")}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(application: RentApplication, name: str = "subsidies:rent_materials") -> str:
    response = client_of(application.case.applicant).get(reverse(name, args=[application.pk]))
    return response.content.decode()


def test_required_lines_are_satisfied_by_the_wallet(application: RentApplication) -> None:
    submit(application)

    lines = lines_of(application)
    assert set(lines) == {*NEEDED, "labour_contract", "insurance_proof"}
    assert (lines["id_card"], lines["chsi_form"]) == ("身份证", "学信网《学历证书电子注册备案表》")
    assert not application.case.materials.exists()
    assert Material.objects.filter(filed__filing__case=application.case).count() == len(lines)


def test_pages_say_what_comes_from_the_wallet(application: RentApplication) -> None:
    materials, check = page_of(application), page_of(application, "subsidies:rent_check")

    assert materials.count("来自我的材料库") == 8
    assert "id_card.pdf" in check
    assert "暂不能提交" not in check
    assert "请选择【身份证】" not in check


def test_officer_reads_the_filed_papers_below_their_lines(application: RentApplication) -> None:
    submit(application)
    press(Action.APPROVE, application.case)
    press(Action.APPROVE, application.case)
    officer = client_of(officer_of(application.case.supervisor).user)  # type: ignore[arg-type]

    page = officer.get(reverse("workflow:case", args=[application.pk]))

    panel = page.context["materials"]
    below = {line.kind: [one.paper.name for one in line.own] for line in panel.lines if line.own}
    assert below["id_card"] == ["id_card.pdf"]
    assert below["labour_contract"] == ["work_contract.pdf"]
    assert "来自申请人的材料库" in page.content.decode()
    for material in Material.objects.filter(filed__filing__case=application.case):
        answer = officer.get(reverse("workflow:material_download", args=[material.token]))
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_office_sees_nothing_of_the_wallet_but_what_was_filed(application: RentApplication) -> None:
    submit(application)
    other = keep(application.person, "marriage_certificate")
    officer = client_of(application.case.unit.duties.get().user)  # type: ignore[union-attr]

    assert officer.get(reverse("workflow:material_download", args=[other.material.token])).status_code == 404
    assert other.material.name not in officer.get(reverse("workflow:case", args=[application.pk])).content.decode()


def test_filed_paper_outlives_its_removal_from_the_wallet(application: RentApplication) -> None:
    submit(application)
    remove_proof(Proof.objects.get(kind="id_card"))

    page = client_of(application.case.applicant).get(reverse("workflow:case", args=[application.pk]))

    (line,) = (line for line in page.context["materials"].lines if line.kind == "id_card")
    assert [one.paper.name for one in line.own] == ["id_card.pdf"]
    assert fresh(application.case).filings.get().digest == application.case.filings.get().compute_digest()


def test_upload_to_the_case_takes_the_place_of_the_paper(application: RentApplication) -> None:
    add_upload(application.case, "id_card")

    submit(application)

    assert "id_card" not in lines_of(application)


def test_expired_paper_is_not_filed_and_its_line_is_missing(application: RentApplication) -> None:
    Proof.objects.filter(kind="id_card").update(valid_until=clock.today() - timedelta(days=1))

    with pytest.raises(NotReady) as refused:
        submit(application)

    assert refused.value.lines == ["请选择【身份证】"]
    assert "已过期" in page_of(application)


def test_paper_is_good_on_its_last_day(application: RentApplication) -> None:
    Proof.objects.filter(kind="id_card").update(valid_until=clock.today())

    assert submit(application).done


def test_contract_of_a_past_employment_does_not_do(application: RentApplication) -> None:
    past = WorkExperienceFactory(person=application.person, past=True)
    Proof.objects.filter(kind="work_contract").update(work=past)

    with pytest.raises(NotReady) as refused:
        submit(application)

    assert refused.value.lines == ["请选择【劳动合同】"]


def test_diploma_of_another_study_does_not_do(application: RentApplication) -> None:
    Proof.objects.filter(kind="diploma").update(education=EducationFactory(person=application.person, bachelor=True))

    with pytest.raises(NotReady) as refused:
        submit(application)

    assert refused.value.lines == ["请选择【毕业证】"]


def test_wallet_of_somebody_else_satisfies_nothing(application: RentApplication) -> None:
    Proof.objects.update(person=PersonFactory())

    with pytest.raises(NotReady):
        submit(application)


@pytest.mark.parametrize(("data", "kept"), [({"keep": "1"}, ["lease"]), ({}, [])])
def test_upload_is_kept_for_later_where_the_applicant_wants_it(data: dict[str, str], kept: list[str]) -> None:
    application: RentApplication = RentApplicationFactory()
    client = client_of(application.case.applicant)

    for _time in range(2):
        upload = SimpleUploadedFile("租赁合同.pdf", files.pdf())
        client.post(reverse("workflow:material_add", args=[application.pk]), {"kind": "lease", "file": upload} | data)

    assert application.case.materials.filter(kind="lease").count() == 2
    assert [proof.kind for proof in Proof.objects.of(application.person)] == kept


def test_only_lines_that_the_wallet_knows_offer_to_keep() -> None:
    application: RentApplication = RentApplicationFactory(work=False)

    page = page_of(application)

    assert 'id="keep-lease"' in page
    assert 'id="keep-no_house_pledge"' not in page
    assert 'id="keep-labour_contract"' not in page


def test_kept_contract_and_diploma_belong_to_what_the_form_states() -> None:
    application: RentApplication = RentApplicationFactory()
    client = client_of(application.case.applicant)

    for pages, kind in enumerate(("labour_contract", "diploma"), 1):
        data = {"kind": kind, "keep": "1", "file": SimpleUploadedFile("件.pdf", files.pdf(pages))}
        client.post(reverse("workflow:material_add", args=[application.pk]), data)

    diploma, contract = Proof.objects.of(application.person)
    assert (contract.kind, contract.work) == ("work_contract", WorkExperience.objects.get())
    assert (diploma.kind, diploma.education) == ("diploma", application.education)


def test_filing_of_many_costs_no_more_statements_than_of_one(application: RentApplication) -> None:
    others = []
    for _time in range(3):
        person = PersonFactory(unit=application.person.unit)
        others.append(RentApplicationFactory(person=person))
        fill_wallet(person)
    submit(others[0])

    counts = []
    for some in ([application], others[1:]):
        with CaptureQueriesContext(connection) as queries:
            answers = submit_applications([Submission(row.pk, actor_of(row), uuid.uuid4(), True) for row in some])
        assert all(isinstance(answer, Act) for answer in answers)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def begin(person: Person) -> RentApplication:
    return start_application(person, Actor(person.users.get()))


def test_new_draft_takes_address_and_spouse_from_the_talent_space() -> None:
    work = WorkExperienceFactory()
    TalentProfileFactory(person=work.person, address="沧州市运河区花园小区2号楼")
    make_rows(work.person)

    draft = begin(work.person)

    assert (draft.address, draft.insured_from) == ("沧州市运河区花园小区2号楼", work.insured_from)
    assert (draft.is_married, draft.spouse_name, draft.spouse_number) == (True, FAMILY["name"], FAMILY["number"])


def test_talent_space_of_today_goes_before_the_last_application(application: RentApplication) -> None:
    submit(application)
    before = application.case
    press(Action.WITHDRAW, before, actor=Actor(user=before.applicant))
    TalentProfileFactory(person=application.person, address="新地址")

    draft = begin(application.person)

    assert (draft.address, draft.account) == ("新地址", application.account)


def test_passport_of_a_spouse_is_no_resident_card() -> None:
    work = WorkExperienceFactory()
    FamilyMember.objects.create(person=work.person, **FAMILY | {"document_kind": "06", "number": "E12345678"})

    draft = begin(work.person)

    assert (draft.spouse_name, draft.spouse_number) == (FAMILY["name"], "")


def test_empty_talent_space_leaves_the_form_as_it_was() -> None:
    draft = begin(WorkExperienceFactory().person)

    assert (draft.address, draft.marital, draft.spouse_name) == ("", "", "")
