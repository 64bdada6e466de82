"""证明材料 of an employment: uploaded once, checked like every paper, changed by their owner alone."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from talent.models import Proof, WorkExperience
from talent.services.facts import remove_fact
from talent.services.wallet import add_proof, replace_proof
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.factories import WorkExperienceFactory
from tests.workflow import files
from workflow.actors import Actor
from workflow.models import Material

pytestmark = pytest.mark.django_db

KIND = "work_contract"


def upload(content: bytes | None = None, name: str = "劳动合同.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.pdf() if content is None else content)


@pytest.fixture
def work(client: Client) -> WorkExperience:
    person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return WorkExperienceFactory(person=person)


def prove(work: WorkExperience, content: bytes | None = None, **options: Any) -> Proof:
    actor = Actor(work.person.users.get())
    return add_proof(work, **{"kind": KIND, "upload": upload(content), "actor": actor, **options})


def post(client: Client, work: WorkExperience, **data: Any) -> Any:
    return client.post(reverse("talent:proof_add", args=[work.pk]), {"kind": KIND} | data)


def test_proof_is_uploaded_and_listed_with_its_employment(client: Client, work: WorkExperience) -> None:
    response = post(client, work, file=upload())

    proof = Proof.objects.get()
    listed = client.get(reverse("talent:works")).content.decode()
    assert response["Location"] == f"{reverse('talent:work_proofs', args=[work.pk])}#material-{KIND}"
    assert (proof.person, proof.work, proof.material.owner) == (work.person, work, work.person.users.get())
    assert "劳动（聘用）合同：劳动合同.pdf" in listed
    assert reverse("workflow:material_preview", args=[proof.material.token]) in listed
    assert reverse("workflow:material_download", args=[proof.material.token]) in listed


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.pdf", "所选文件是空的"),
        (files.xlsx(), "假.pdf", "PDF"),
        (files.xlsx(), "表.xlsx", "PDF"),
        (b"x" * (11 * 1024 * 1024), "大.pdf", "10MB"),
        (files.png()[:-12], "断.png", "无法打开"),
    ],
)
def test_bad_proof_is_named_and_the_good_one_is_kept(
    client: Client, work: WorkExperience, content: bytes, name: str, words: str
) -> None:
    response = post(client, work, file=[upload(), upload(content, name)])

    page = response.content.decode()
    assert f'href="#file-{KIND}"' in page
    assert name in page
    assert words in page
    assert [proof.material.name for proof in Proof.objects.all()] == ["劳动合同.pdf"]


def test_name_of_a_proof_is_no_path(client: Client, work: WorkExperience) -> None:
    post(client, work, file=upload(name="../../x.pdf"))

    assert Material.objects.get().name == "x.pdf"


def test_form_posted_twice_keeps_one_file(client: Client, work: WorkExperience) -> None:
    post(client, work, file=upload())
    again = post(client, work, file=upload())

    assert "该文件已上传（劳动合同.pdf）" in again.content.decode()
    assert Proof.objects.count() == Material.objects.count() == 1


def test_nothing_chosen_is_told(client: Client, work: WorkExperience) -> None:
    assert "请选择【劳动（聘用）合同】" in post(client, work).content.decode()


def test_proof_is_replaced_in_its_place(client: Client, work: WorkExperience) -> None:
    first = prove(work)

    post(client, work, file=upload(files.pdf(2), "新合同.pdf"), replaces=first.material.token)

    proof = Proof.objects.get()
    assert (proof.pk, proof.material.name) == (first.pk, "新合同.pdf")
    assert Material.objects.get() == proof.material


def test_refused_replacement_leaves_the_old_proof(client: Client, work: WorkExperience) -> None:
    first = prove(work)

    post(client, work, file=upload(b"", "空.pdf"), replaces=first.material.token)

    assert Proof.objects.get().material == first.material


def test_proof_removed_meanwhile_is_added_anew(work: WorkExperience) -> None:
    stale = prove(work)
    Proof.objects.all().delete()

    replace_proof(stale, upload=upload(files.pdf(2)), actor=Actor(work.person.users.get()))

    assert Proof.objects.get().work == work


def test_proof_of_another_employment_is_not_replaced_by_its_token(client: Client, work: WorkExperience) -> None:
    other = prove(WorkExperienceFactory(person=work.person, past=True))

    post(client, work, file=upload(files.pdf(2)), replaces=other.material.token)

    assert Proof.objects.filter(work=work).count() == Proof.objects.filter(material=other.material).count() == 1


def test_proof_of_another_kind_is_not_replaced_by_its_token(client: Client, work: WorkExperience) -> None:
    other = prove(work)

    post(client, work, kind="work_other", file=upload(files.pdf(2)), replaces=other.material.token)

    assert set(Proof.objects.values_list("kind", flat=True)) == {KIND, "work_other"}


def test_proof_is_removed(client: Client, work: WorkExperience) -> None:
    proof = prove(work)

    client.post(reverse("talent:proof_remove", args=[proof.material.token]))

    assert not Proof.objects.exists()
    assert not Material.objects.exists()


def test_list_changes_in_place_with_scripts(client: Client, work: WorkExperience) -> None:
    response = client.post(
        reverse("talent:proof_add", args=[work.pk]), {"kind": KIND, "file": upload()}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert 'id="materials"' in page
    assert "<html" not in page
    assert "已上传：劳动合同.pdf" in page


def test_employment_goes_with_its_proofs(client: Client, work: WorkExperience) -> None:
    prove(work)

    remove_fact(work)

    assert not Proof.objects.exists()
    assert not Material.objects.exists()


def test_proof_of_a_removed_employment_is_refused(work: WorkExperience) -> None:
    WorkExperience.objects.filter(pk=work.pk).delete()

    with pytest.raises(ValidationError) as error:
        prove(work)

    assert error.value.code == "removed"
    assert not Material.objects.exists()


def test_unknown_kind_of_proof_is_no_address(client: Client, work: WorkExperience) -> None:
    assert post(client, work, kind="photo", file=upload()).status_code == 404


@pytest.mark.parametrize("changes", [{"kind": "photo"}, {"work": None}, {"kind": "nothing"}])
def test_database_knows_what_a_proof_is_of(work: WorkExperience, changes: dict[str, Any]) -> None:
    prove(work)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.update(**changes)


def test_stranger_gets_404_for_proofs(client: Client, work: WorkExperience) -> None:
    proof = prove(WorkExperienceFactory())
    assert proof.work is not None

    answers = [
        client.get(reverse("talent:work_proofs", args=[proof.work.pk])),
        client.post(reverse("talent:proof_add", args=[proof.work.pk]), {"kind": KIND, "file": upload()}),
        client.post(reverse("talent:proof_remove", args=[proof.material.token])),
        client.get(reverse("workflow:material_download", args=[proof.material.token])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert Proof.objects.count() == 1


def test_officer_of_the_own_unit_sees_no_proof_before_it_is_filed(client: Client, work: WorkExperience) -> None:
    proof = prove(work)
    person: Person = work.person
    assert person.unit is not None
    client.force_login(person.unit.duties.get().user)

    assert client.get(reverse("workflow:material_download", args=[proof.material.token])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_need_the_same_queries_for_any_number_of_proofs(
    client: Client, work: WorkExperience, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for pages in range(1, count + 1):
        prove(work, files.pdf(pages))
    client.get(reverse("talent:works"))

    with django_assert_num_queries(7):
        works = client.get(reverse("talent:works"))
    with django_assert_num_queries(5):
        panel = client.get(reverse("talent:work_proofs", args=[work.pk]))

    assert len(works.context["rows"][0].proofs) == count
    assert len(panel.context["panel"].lines[0].papers) == count
