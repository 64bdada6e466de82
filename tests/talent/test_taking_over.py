"""What a registration has brought: its study and its papers are the person's own once it is approved, and only once."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import PersonRegistration, User
from accounts.services.erasing import erase_account
from talent.models import Education, Proof, WorkExperience
from talent.models.wallet import RegistrationUse
from talent.services.facts import prefill_education, remove_fact
from talent.services.taking_over import give_back_papers, take_over_papers
from talent.services.wallet import Facts, add_paper, remove_proof, replace_proof
from tests.accounts.factories import UnitFactory, UserFactory
from tests.accounts.filling import decide, register_person, submit
from tests.talent.factories import WorkExperienceFactory
from tests.talent.test_proofs import upload
from tests.workflow.files import pdf
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case, Duty, Material, Organisation
from workflow.services import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Organisation:
    found: Organisation = UnitFactory()
    return found


@pytest.fixture
def case(client: Client, unit: Organisation) -> Case:
    """Filed with an identity card, a certificate and a contract; it waits for the employer."""
    return submit(client, register_person(client, unit))


def handler(unit: Organisation) -> User:
    return Duty.objects.get(organisation=unit).user


def approve(case: Case) -> User:
    assert case.unit is not None
    assert decide(case, handler(case.unit)).done == 1
    return User.objects.select_related("person").get(pk=case.applicant_id)


def kept(user: User) -> list[str]:
    return [proof.kind for proof in Proof.objects.of(user.person)]


def test_papers_of_an_approved_registration_stand_in_the_wallet(client: Client, case: Case) -> None:
    user = approve(case)

    assert take_over_papers() == 1

    assert kept(user) == ["diploma", "id_card"]
    study = Education.objects.get(person=user.person)
    assert [proof.education for proof in Proof.objects.of(user.person)] == [study, None]
    client.force_login(user)
    assert "id_card.pdf" in client.get(reverse("talent:wallet")).content.decode()
    # The registration keeps its own.
    assert case.materials.current().count() == 3


def test_nothing_is_taken_before_the_approval_nor_twice(case: Case) -> None:
    assert take_over_papers() == 0
    user = approve(case)

    assert (take_over_papers(), take_over_papers()) == (1, 0)

    assert kept(user) == ["diploma", "id_card"]


def test_what_the_person_removes_does_not_come_back(case: Case) -> None:
    user = approve(case)
    take_over_papers()

    for proof in Proof.objects.of(user.person):
        remove_proof(proof)
    take_over_papers()

    assert kept(user) == []


def test_kind_that_the_wallet_has_is_left_alone(case: Case) -> None:
    user = approve(case)
    own = add_paper(user.person, kind="id_card", upload=upload(pdf(2), "新证.pdf"), actor=Actor(user), facts=Facts())

    take_over_papers()

    assert kept(user) == ["diploma", "id_card"]
    assert Proof.objects.get(kind="id_card") == own


def test_contract_goes_to_the_employment_that_it_is_of(case: Case) -> None:
    user = approve(case)
    work = WorkExperienceFactory(person=user.person)

    take_over_papers()

    assert Proof.objects.get(kind="work_contract").work == work


def test_contract_is_not_put_to_another_employment(case: Case) -> None:
    user = approve(case)
    WorkExperienceFactory(person=user.person)
    WorkExperience.objects.update(unit=UnitFactory())

    take_over_papers()

    assert "work_contract" not in kept(user)


def test_approval_may_still_be_taken_back_and_takes_them_along(case: Case) -> None:
    user = approve(case)
    take_over_papers()
    assert case.unit is not None

    act = decide(Case.objects.get(pk=case.pk), handler(case.unit), Action.TAKE_BACK)

    assert act.done == 1
    assert not Proof.objects.exists()
    assert not Material.objects.filter(owner=user).exists()
    assert not RegistrationUse.objects.exists()
    again = approve(case)
    take_over_papers()
    assert kept(again) == ["diploma", "id_card"]


@pytest.mark.parametrize("pages", [1, 3])
def test_paper_of_the_persons_own_bars_the_taking_back(case: Case, pages: int) -> None:
    """Be it the very same file, put there alone under another name."""
    user = approve(case)
    take_over_papers()
    add_paper(user.person, kind="other", upload=upload(pdf(pages), "别的.pdf"), actor=Actor(user), facts=Facts())
    assert case.unit is not None

    with pytest.raises(Refused):
        decide(Case.objects.get(pk=case.pk), handler(case.unit), Action.TAKE_BACK)

    assert {"id_card", "other"} <= set(kept(user))


def test_giving_back_leaves_what_the_person_has_put_there(case: Case) -> None:
    user = approve(case)
    take_over_papers()
    twin = Proof.objects.get(kind="id_card").material
    with twin.file.open("rb") as file:
        copy = upload(file.read(), "副本.pdf")
    add_paper(user.person, kind="other", upload=copy, actor=Actor(user), facts=Facts())

    give_back_papers(list(PersonRegistration.objects.filter(case=case).select_related("case__applicant")))

    assert Material.objects.get(owner=user).sha256 == twin.sha256
    assert kept(user) == ["other"]


def test_paper_that_the_person_has_replaced_is_the_persons_own(case: Case) -> None:
    user = approve(case)
    take_over_papers()
    assert case.unit is not None

    replace_proof(Proof.objects.get(kind="id_card"), upload=upload(pdf(4), "新证.pdf"), actor=Actor(user))

    with pytest.raises(Refused):
        decide(Case.objects.get(pk=case.pk), handler(case.unit), Action.TAKE_BACK)


def test_papers_taken_over_before_they_were_marked_are_marked(case: Case) -> None:
    user = approve(case)
    take_over_papers()
    add_paper(user.person, kind="other", upload=upload(pdf(3), "别的.pdf"), actor=Actor(user), facts=Facts())
    Proof.objects.update(brought_by=None)

    import_module("talent.migrations.0014_origin_of_papers").mark(apps, None)

    marked = Proof.objects.brought_with([case])
    assert sorted(proof.kind for proof in marked) == ["diploma", "id_card"]


def test_papers_go_with_the_account(case: Case) -> None:
    user = approve(case)
    take_over_papers()

    erase_account(user, by=UserFactory(), reason="本人申请")

    assert not Proof.objects.exists()
    assert not Material.objects.filter(owner=user, removed_at=None).exists()


def test_removed_study_does_not_come_back(client: Client, case: Case) -> None:
    user = approve(case)
    study = prefill_education(user.person)
    assert study is not None
    client.force_login(user)

    page = client.post(reverse("talent:education_remove", args=[study.pk]), follow=True)

    assert page.context["rows"] == []
    assert not Education.objects.exists()


def test_study_typed_by_hand_and_removed_does_not_bring_back_the_registered_one(case: Case) -> None:
    """Of registrations that were approved before anybody kept account of it."""
    user = approve(case)
    RegistrationUse.objects.all().delete()
    study = prefill_education(user.person)
    RegistrationUse.objects.all().delete()
    assert study is not None

    remove_fact(study)

    assert prefill_education(user.person) is None
