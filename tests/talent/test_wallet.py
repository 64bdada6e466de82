"""材料库: papers of every kind, kept once, with their validity and what they prove."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from talent.models import Education, Proof
from talent.services.facts import remove_fact
from talent.services.wallet import Facts, add_paper
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.factories import EducationFactory, WorkExperienceFactory
from tests.workflow import files
from workflow import clock
from workflow.actors import Actor
from workflow.models import Material

pytestmark = pytest.mark.django_db

DIPLOMA = "diploma"


def upload(pages: int = 1, name: str = "毕业证.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.pdf(pages))


@pytest.fixture
def person(client: Client) -> Person:
    person: Person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


def keep(person: Person, kind: str = DIPLOMA, pages: int = 1, **facts: Any) -> Proof:
    actor = Actor(person.users.get())
    return add_paper(person, kind=kind, upload=upload(pages), actor=actor, facts=Facts(**facts))


def add(client: Client, kind: str = DIPLOMA, **data: Any) -> Any:
    return client.post(f"{reverse('talent:wallet_add')}?kind={kind}", data)


def change(client: Client, proof: Proof, **data: Any) -> Any:
    return client.post(reverse("talent:wallet_change", args=[proof.pk]), data)


def test_both_sides_of_a_paper_are_kept_at_once(client: Client, person: Person) -> None:
    until = clock.today() + timedelta(days=400)

    response = add(
        client, "id_card", file=[upload(1, "正面.pdf"), upload(2, "反面.pdf")], valid_until=until.isoformat()
    )

    kept = Proof.objects.of(person)
    page = client.get(reverse("talent:wallet")).content.decode()
    assert response["Location"] == reverse("talent:wallet")
    assert [(proof.kind, proof.material.name, proof.valid_until) for proof in kept] == [
        ("id_card", "正面.pdf", until),
        ("id_card", "反面.pdf", until),
    ]
    assert f"有效期至 {until}" in page
    assert "有效" in page
    assert "正面.pdf" in page


def test_bad_file_is_named_and_the_good_one_is_kept(client: Client, person: Person) -> None:
    response = add(client, file=[upload(), SimpleUploadedFile("空.pdf", b"")])

    assert response.status_code == 422
    assert "所选文件是空的" in response.content.decode()
    assert [proof.material.name for proof in Proof.objects.of(person)] == ["毕业证.pdf"]


def test_nothing_chosen_is_told(client: Client, person: Person) -> None:
    assert "请选择【毕业证】" in add(client).content.decode()


def test_paper_that_has_run_out_is_refused(client: Client, person: Person) -> None:
    over = clock.today() - timedelta(days=1)

    response = add(client, file=upload(), valid_until=over.isoformat())

    assert "已过期" in response.content.decode()
    assert not Proof.objects.exists()


@pytest.mark.parametrize("kind", ["photo", "nothing", ""])
def test_only_kinds_of_the_list_are_added(client: Client, person: Person, kind: str) -> None:
    assert add(client, kind, file=upload())["Location"] == reverse("talent:wallet")
    assert not Proof.objects.exists()


def test_paper_of_an_employment_names_it(client: Client, person: Person) -> None:
    work = WorkExperienceFactory(person=person)

    refused = add(client, "work_contract", file=upload())
    add(client, "work_contract", file=upload(), work=work.pk)

    assert "work" in refused.context["form"].errors
    assert Proof.objects.get().work == work


def test_rows_of_others_cannot_be_named(client: Client, person: Person) -> None:
    other = EducationFactory()

    response = add(client, file=upload(), education=other.pk)

    assert "education" in response.context["form"].errors
    assert not Proof.objects.exists()


def test_file_stays_where_only_its_facts_change(client: Client, person: Person) -> None:
    proof, education = keep(person), EducationFactory(person=person)
    until = clock.today() + timedelta(days=10)

    change(client, proof, education=education.pk, valid_until=until.isoformat())

    now = Proof.objects.get()
    assert (now.material, now.education, now.valid_until) == (proof.material, education, until)
    assert "即将到期" in client.get(reverse("talent:wallet")).content.decode()


def test_paper_is_replaced_and_may_be_warned_of_anew(client: Client, person: Person) -> None:
    proof = keep(person, valid_until=clock.today())
    Proof.objects.update(warned_on=clock.today())

    change(client, proof, file=upload(2, "新证.pdf"), valid_until=(clock.today() + timedelta(days=900)).isoformat())

    now = Proof.objects.get()
    assert (now.pk, now.material.name, now.warned_on) == (proof.pk, "新证.pdf", None)
    assert Material.objects.get() == now.material


def test_paper_moves_to_no_employment_that_has_it_already(client: Client, person: Person) -> None:
    past, present = WorkExperienceFactory(person=person, past=True), WorkExperienceFactory(person=person)
    old, _new = keep(person, "work_contract", work=past), keep(person, "work_contract", work=present)

    answer = change(client, old, work=present.pk, valid_until="")

    assert answer.status_code == 422
    assert "毕业证.pdf" in answer.context["form"].errors["file"][0]
    assert Proof.objects.get(pk=old.pk).work == past


def test_refused_replacement_leaves_everything(client: Client, person: Person) -> None:
    proof = keep(person)

    response = change(client, proof, file=SimpleUploadedFile("假.pdf", files.xlsx()), valid_until="")

    assert response.status_code == 422
    assert Proof.objects.get().material == proof.material


def test_expired_paper_is_marked_and_may_still_be_described(client: Client, person: Person) -> None:
    proof = keep(person)
    over = clock.today() - timedelta(days=3)
    Proof.objects.update(valid_until=over)

    page = client.get(reverse("talent:wallet")).content.decode()
    answer = change(client, proof, valid_until=over.isoformat())

    assert "已过期" in page
    assert "过期的材料不会随申请提交" in page
    assert answer.status_code == 302


def test_paper_is_removed(client: Client, person: Person) -> None:
    proof = keep(person)

    client.post(reverse("talent:wallet_remove", args=[proof.pk]))

    assert not Proof.objects.exists()
    assert not Material.objects.exists()


def test_education_goes_with_its_papers(person: Person) -> None:
    education = EducationFactory(person=person)
    keep(person, education=education)
    other = keep(person, "id_card")

    remove_fact(education)

    assert list(Proof.objects.all()) == [other]
    assert not Education.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"kind": "work_contract"}, {"kind": "nothing"}, {"kind": "lease"}], ids=["no work", "no kind", "study"]
)
def test_database_knows_what_a_paper_may_prove(person: Person, changes: dict[str, Any]) -> None:
    keep(person, education=EducationFactory(person=person))

    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.update(**changes)


def test_stranger_finds_no_paper(client: Client, person: Person) -> None:
    proof = keep(PersonFactory())

    answers = [
        client.get(reverse("talent:wallet_change", args=[proof.pk])),
        change(client, proof, valid_until=""),
        client.post(reverse("talent:wallet_remove", args=[proof.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert "毕业证.pdf" not in client.get(reverse("talent:wallet")).content.decode()


@pytest.mark.parametrize("count", [1, 4])
def test_wallet_costs_the_same_for_any_number_of_papers(
    client: Client, person: Person, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    education = EducationFactory(person=person)
    for pages in range(1, count + 1):
        keep(person, pages=pages, education=education)
    client.get(reverse("talent:wallet"))

    with django_assert_num_queries(5):
        response = client.get(reverse("talent:wallet"))

    assert len(response.context["wallet"].groups[0].rows) == count
