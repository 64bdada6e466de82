"""Photo and proofs with an application: frozen when it is filed, read by whoever may see the case, printed."""

import base64
import re
import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person, User
from subsidies.documents.application_form import application_forms
from subsidies.models import RentApplication
from subsidies.rent_applying import RENT
from subsidies.services.submission import submit_application
from talent.models import Proof, WorkExperience
from talent.portraits import prepare_portrait
from talent.returned import remark_lines
from talent.services.facts import remove_fact
from talent.services.wallet import add_proof, keep_photo, remove_proof
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import make_submittable_application, make_submitted_application
from tests.subsidies.walking import fresh, officer_of, press
from tests.talent.factories import WorkExperienceFactory
from tests.workflow import files
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case, Material
from workflow.pdfs import extract_text
from workflow.presentation.papers import paper_of
from workflow.printing import html_to_pdf
from workflow.registry import Look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


@pytest.fixture
def person() -> Person:
    """Works now, worked elsewhere before, and has a photo and a proof of each employment."""
    person = PersonFactory(unit=UnitFactory())
    WorkExperienceFactory(person=person)
    WorkExperienceFactory(person=person, past=True)
    take_photo(person, 300)
    for work in WorkExperience.objects.of(person):
        prove(work, 1 if work.is_current else 2)
    return person


def me(person: Person) -> Actor:
    return Actor(person.users.get())


def take_photo(person: Person, width: int) -> Proof:
    picture = ContentFile(files.saved(files.picture(width, 420), "JPEG"), name="照片.jpg")
    return keep_photo(person, picture=prepare_portrait(picture), actor=me(person))


def prove(work: WorkExperience, pages: int) -> Proof:
    upload = ContentFile(files.pdf(pages), name=f"合同{pages}.pdf")
    return add_proof(work, kind="work_contract", upload=upload, actor=me(work.person))


def submit(person: Person, **facts: Any) -> Case:
    return make_submitted_application(person=person, work=False, **facts).case


def current_proof(person: Person) -> Proof:
    return Proof.objects.of(person).get(work__left_on=None, work__isnull=False)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(case: Case) -> str:
    (page,) = application_forms([case], Look(Actor(case.applicant), "打印"))
    return page


def pictures_in(page: str) -> list[str]:
    return re.findall(r'<img class="photo" src="data:image/jpeg;base64,([^"]+)"', page)


def test_filing_names_the_photo_and_the_proofs_of_the_employment_it_states(person: Person) -> None:
    case = submit(person)

    own = [line for line in case.filings.get().content["materials"] if line.get("own")]
    proof = current_proof(person)
    assert [(line["kind"], line["name"]) for line in own] == [
        ("photo", "照片.jpg"),
        ("labour_contract", "合同1.pdf"),
    ]
    assert own[1]["sha256"] == proof.material.sha256
    assert own[1]["label"] == f"劳动（聘用）合同（{proof.work.unit_name}）"  # type: ignore[union-attr]


def test_check_page_shows_what_will_be_filed(person: Person) -> None:
    application = make_submittable_application(person=person, work=False)

    page = client_of(person.users.get()).get(reverse("subsidies:rent_check", args=[application.pk])).content.decode()

    assert reverse("workflow:material_download", args=[current_proof(person).material.token]) in page
    assert "合同2.pdf" not in page
    assert f"{reverse('talent:profile')}?next=" in page


@pytest.mark.parametrize("who", ["unit", "bureau", "applicant"])
def test_everybody_who_may_see_the_case_reads_the_filed_proofs(person: Person, who: str) -> None:
    case = submit(person)
    press(Action.APPROVE, case)
    press(Action.APPROVE, case)
    user = {
        "unit": person.unit.duties.get().user,  # type: ignore[union-attr]
        "bureau": officer_of(case.supervisor).user,  # type: ignore[arg-type]
        "applicant": case.applicant,
    }[who]

    client = client_of(user)
    page = client.get(reverse("workflow:case", args=[case.pk])).content.decode()
    filed = Material.objects.filter(filed__filing__case=case)
    answers = [client.get(reverse("workflow:material_download", args=[material.token])) for material in filed]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(reverse("workflow:material_preview", args=[material.token]) in page for material in filed)
    assert all(b"".join(answer.streaming_content) for answer in answers)


@pytest.mark.parametrize("who", ["unit", "person"])
def test_strangers_get_404_for_the_filed_proofs(person: Person, who: str) -> None:
    case = submit(person)
    other = UnitFactory()
    user = other.duties.get().user if who == "unit" else PersonFactory(unit=other).users.get()

    for material in Material.objects.filter(filed__filing__case=case):
        assert client_of(user).get(reverse("workflow:material_download", args=[material.token])).status_code == 404


def test_officer_does_not_see_what_was_not_filed(person: Person) -> None:
    submit(person)
    past = Proof.objects.of(person).get(work__left_on__isnull=False)
    user = person.unit.duties.get().user  # type: ignore[union-attr]

    assert client_of(user).get(reverse("workflow:material_download", args=[past.material.token])).status_code == 404


@pytest.mark.parametrize("change", ["replace", "remove", "remove the employment"])
def test_what_was_filed_stays_as_it_was_whatever_the_person_does(person: Person, change: str) -> None:
    case, proof = submit(person), current_proof(person)
    photo = Proof.objects.of(person).photos().get()
    before = {material.pk: material.sha256 for material in Material.objects.filter(filed__filing__case=case)}

    if change == "replace":
        take_photo(person, 320)
    else:
        remove_proof(photo)
    if change == "remove the employment":
        assert proof.work is not None
        remove_fact(proof.work)
    else:
        remove_proof(proof)

    filing = fresh(case).filings.get()
    shown = paper_of([filing], 0).proofs
    kept = Material.objects.filter(filed__filing__case=case)
    assert {material.pk: material.sha256 for material in kept} == before
    assert [line.file.name for line in shown] == ["照片.jpg", "合同1.pdf"]
    assert all(default_storage.exists(material.file.name) for material in kept)
    assert filing.digest == filing.compute_digest()
    assert len(pictures_in(form_of(case))) == 1


def test_returned_application_takes_the_proofs_of_today_and_shows_the_difference(person: Person) -> None:
    case = submit(person)
    press(Action.SEND_BACK, case, opinion="请更换照片")
    take_photo(person, 320)
    application = case.rent_application

    submit_application(application, me(person), token=uuid.uuid4(), pledged=True)

    first, second = case.filings.order_by("number")
    changes = paper_of([first, second], 1).changes
    assert [change.label for change in changes] == ["照片"]
    assert pictures_in(form_of(fresh(case))) == [encoded(Proof.objects.of(person).photos().get().material)]


@pytest.mark.parametrize(("kind", "page"), [("photo", "talent:profile"), ("work_contract", "talent:works")])
def test_remark_on_an_own_paper_leads_to_where_it_is_kept(person: Person, kind: str, page: str) -> None:
    case = submit(person)
    remark = {"key": f"materials.{kind}", "section": "申请材料", "label": "照片", "text": "请更换"}
    press(Action.SEND_BACK, case, opinion="请更换", payload={"remarks": [remark]})

    (line,) = remark_lines(RENT, RentApplication.objects.get(case=case))

    assert line.target == f"{reverse(page)}?next={reverse('subsidies:rent_edit', args=[case.pk])}"


def encoded(material: Material) -> str:
    with material.file.open("rb") as file:
        return base64.b64encode(file.read()).decode()


def test_printed_form_bears_the_photo_that_was_filed(person: Person) -> None:
    case = submit(person)
    photo = Proof.objects.of(person).photos().get().material
    filed = encoded(photo)
    take_photo(person, 320)

    page = form_of(case)

    assert pictures_in(page) == [filed]
    assert html_to_pdf(page).startswith(b"%PDF")


def test_box_of_the_form_says_photo_where_none_was_filed(person: Person) -> None:
    remove_proof(Proof.objects.of(person).photos().get())
    case = submit(person)
    take_photo(person, 320)

    page = form_of(case)

    assert pictures_in(page) == []
    assert re.search(r'<td class="portrait"[^>]*>照片</td>', page)
    assert "照片" in extract_text(html_to_pdf(page))


def test_lost_photo_leaves_the_box_empty_and_the_form_whole(person: Person) -> None:
    case = submit(person)
    default_storage.delete(Proof.objects.of(person).photos().get().material.file.name)

    page = form_of(case)

    assert re.search(r'<td class="portrait"[^>]*>照片</td>', page)


def test_forms_of_many_cost_no_more_queries_than_the_form_of_one(person: Person) -> None:
    others = [PersonFactory(unit=person.unit) for _ in range(2)]
    for other in others:
        WorkExperienceFactory(person=other)
        take_photo(other, 300)
    cases = [submit(one) for one in (person, *others)]

    counts = []
    for some in (cases[:1], cases):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            pages = list(application_forms([fresh(case) for case in some], Look(officer_of(person.unit), "打印")))  # type: ignore[arg-type]
        counts.append(len(queries) - len(some))
        assert all(len(pictures_in(page)) == 1 for page in pages)
    # The cases themselves are read one by one by this test.
    assert counts[0] == counts[1]


def test_case_page_costs_the_same_for_any_number_of_proofs(person: Person) -> None:
    case = submit(person)
    work = current_proof(person).work
    assert work is not None
    for pages in (3, 4):
        prove(work, pages)
    press(Action.SEND_BACK, case, opinion="请补充")
    officer = client_of(person.unit.duties.get().user)  # type: ignore[union-attr]
    application = case.rent_application
    submit_application(application, me(person), token=uuid.uuid4(), pledged=True)

    counts = []
    for number, shown in ((1, 2), (2, 4)):
        officer.get(reverse("workflow:case", args=[case.pk]))
        with CaptureQueriesContext(connection) as queries:
            page = officer.get(reverse("workflow:case", args=[case.pk]), {"filing": number}).context["page"]
        counts.append(len(queries))
        assert len(page.paper.proofs) == shown
    assert counts[0] == counts[1]


def test_filing_takes_one_statement_for_any_number_of_proofs(person: Person) -> None:
    submit(person)
    counts = []
    for extra in (0, 3):
        someone = PersonFactory(unit=person.unit)
        work = WorkExperienceFactory(person=someone)
        for pages in range(1, extra + 2):
            prove(work, pages)
        application = make_submittable_application(person=someone, work=False)
        with CaptureQueriesContext(connection) as queries:
            submit_application(application, me(someone), token=uuid.uuid4(), pledged=True)
        assert application.case.filings.get().filed_materials.count() == extra + 1
        counts.append(len(queries))
    assert counts[0] == counts[1]
