"""我的信息: what is held, in full for its owner alone, who looked, and the consent that is taken back."""

import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.data_sections import sections_for
from accounts.looks import looks_at
from accounts.models import ConsentWithdrawal, Person, Terms, User
from accounts.services.consents import give_consents, must_agree
from accounts.services.sensitive import note_look
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.subsidies.factories import make_submittable_application, make_submitted_application
from tests.subsidies.walking import officer_of, open_offices, walk
from tests.workflow.files import pdf
from workflow import clock
from workflow.actors import Actor
from workflow.models import Job, Material, PaperLook
from workflow.services.jobs import expire_results, run_job
from workflow.services.materials import add_material
from workflow.worker import work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return PersonFactory(unit=UnitFactory())


@pytest.fixture
def owner(person: Person) -> User:
    return person.users.get()


def text_of(client: Client, address: str, **post: Any) -> str:
    answer = client.post(address, post) if post else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_has_a_page_and_numbers_are_masked(client: Client, person: Person, owner: User) -> None:
    make_submitted_application(person=person)
    client.force_login(owner)

    pages = {section.key: text_of(client, f"/my-data/held/{section.key}/") for section in sections_for(owner)}

    assert {"account", "identity", "educations", "works", "cases", "payments", "papers", "consents", "sign_ins",
            "messages", "requests"} <= pages.keys()  # fmt: skip
    assert [key for key, page in pages.items() if person.number in page or person.phone in page] == []
    assert person.number[:6] in pages["identity"]
    assert "河北" in pages["cases"]
    assert text_of(client, "/my-data/").count("/my-data/held/") == len(pages)


def test_the_owner_sees_the_own_numbers_on_request(client: Client, person: Person, owner: User) -> None:
    client.force_login(owner)

    page = text_of(client, "/my-data/held/identity/", full="1")

    assert person.number in page
    assert person.phone in page
    assert client.get("/my-data/held/nothing/").status_code == 404


def test_officers_have_no_private_data_here(client: Client) -> None:
    client.force_login(OfficerFactory())

    assert client.get("/my-data/").status_code == 403
    assert client.post("/my-data/export/").status_code == 403


def archive_of(job: Job) -> dict[str, bytes]:
    """{name in the archive: content}"""
    with job.result.open("rb") as file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def export(client: Client) -> Job:
    assert client.post("/my-data/export/").status_code == 302
    work_once()
    return Job.objects.get(kind="accounts.export_my_data")


def test_the_export_holds_everything_and_the_papers(client: Client, person: Person, owner: User) -> None:
    application = make_submittable_application(person=person)
    add_material(
        application.case, kind="id_card", upload=SimpleUploadedFile("扫描件.pdf", pdf()), actor=Actor(user=owner)
    )
    client.force_login(owner)

    job = export(client)

    archive = archive_of(job)
    held = json.loads(archive["data.json"])
    assert held["sections"].keys() == {section.key for section in sections_for(owner)}
    facts = [fact["value"] for row in held["sections"]["identity"]["rows"] for fact in row["facts"]]
    assert {person.number, person.phone, person.name} <= set(facts)
    page = archive["我的信息.html"].decode()
    assert person.number in page
    paper = Material.objects.get(name="扫描件.pdf")
    with paper.file.open("rb") as file:
        assert archive[f"papers/{paper.pk}-扫描件.pdf"] == file.read()
    assert job.result_name == f"我的信息{clock.today()}.zip"


def test_the_export_is_for_who_asked_and_expires(client: Client, owner: User, time_machine: Any) -> None:
    client.force_login(owner)
    job = export(client)
    stranger = Client()
    stranger.force_login(PersonFactory().users.get())
    address = f"/jobs/{job.token}/result/"

    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    assert stranger.get(address).status_code == 404
    time_machine.move_to(clock.now() + timedelta(hours=33))
    expire_results()

    assert Job.objects.get().result.name == ""


def test_an_export_of_another_account_is_never_made(person: Person, owner: User) -> None:
    """The row of the task says for whom, and nothing that is posted does."""
    other = PersonFactory()
    job = Job.objects.create(
        kind="accounts.export_my_data",
        title="x",
        params={"user": other.users.get().pk},
        asked_by=owner,
        state="running",
        created_at=clock.now(),
    )

    run_job(job)

    job.refresh_from_db()
    held = archive_of(job)["data.json"].decode()
    assert person.number in held
    assert other.number not in held


def test_who_looked_when_and_why(client: Client, person: Person, owner: User) -> None:
    open_offices()
    case = make_submitted_application(person=person).case
    walk(case, to="county_hr")
    bureau = officer_of(case.unit.parent)
    note_look(case, bureau, field="number", reason="核对证件号码")
    note_look(case, Actor(user=owner), field="number", reason="自己看")
    UserFactory(administrator=True)
    client.force_login(owner)

    page = text_of(client, "/my-data/looks/")

    assert bureau.organisation is not None
    assert bureau.organisation.name in page
    assert "核对证件号码" in page
    assert "自己看" not in page
    assert str(bureau.user) not in page
    assert [line.reason for line in looks_at(owner)] == ["核对证件号码"]


def test_an_opened_paper_is_a_row_once_a_day(client: Client, person: Person, owner: User, time_machine: Any) -> None:
    open_offices()
    application = make_submitted_application(person=person)
    walk(application.case, to="county_hr")
    paper = application.case.materials.first()
    bureau = officer_of(application.case.unit.parent)
    client.force_login(bureau.user)
    own = Client()
    own.force_login(owner)

    for browser in (client, client, own):
        answer = browser.get(f"/materials/{paper.token}/download/")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)

    look = PaperLook.objects.get()
    assert (look.owner, look.viewer, look.organisation, look.case) == (
        owner, bureau.user, bureau.organisation, application.case
    )  # fmt: skip
    page = text_of(own, "/my-data/looks/")
    assert bureau.organisation is not None
    assert bureau.organisation.name in page


def consent_of(user: User, kind: str) -> Any:
    return user.consents.get(terms__kind=kind)


def test_a_withdrawn_consent_stops_everything_but_the_own_data(client: Client, owner: User) -> None:
    texts = list(Terms.objects.due_to(owner.pk))
    give_consents(owner, texts)
    consent = consent_of(owner, "sensitive_data")
    client.force_login(owner)
    assert client.get("/home/").status_code == 200
    address = f"/my-data/consents/{consent.pk}/withdraw/"
    assert "撤回后将无法使用本平台的各项服务" in text_of(client, address)

    assert client.post(address, {}).status_code == 200
    assert not ConsentWithdrawal.objects.exists()
    assert client.post(address, {"understood": "on"}).status_code == 302

    assert client.get("/home/").headers["Location"] == "/account/agreement/"
    assert client.get("/my-data/").status_code == 200
    assert client.post("/my-data/export/").status_code == 302
    assert client.get(address).status_code == 404
    owner = User.objects.get(pk=owner.pk)
    assert must_agree(owner)
    give_consents(owner, [consent.terms])
    assert not must_agree(User.objects.get(pk=owner.pk))
    assert client.get("/home/").status_code == 200
    assert consent_of(owner, "sensitive_data").given_at == consent.given_at


def test_nobody_withdraws_the_consent_of_another(client: Client, owner: User) -> None:
    give_consents(owner, list(Terms.objects.due_to(owner.pk)))
    stranger = PersonFactory().users.get()
    give_consents(stranger, list(Terms.objects.due_to(stranger.pk)))
    client.force_login(stranger)

    assert (
        client.post(f"/my-data/consents/{owner.consents.first().pk}/withdraw/", {"understood": "on"}).status_code == 404
    )
    assert not ConsentWithdrawal.objects.exists()
