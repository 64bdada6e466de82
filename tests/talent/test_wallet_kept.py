"""How long the wallet keeps papers, who may look into it, and what its owner learns of every look."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.looks import looks_at
from accounts.models import User
from talent.models import (
    CardScheme,
    Education,
    FamilyMember,
    Honour,
    Project,
    Proof,
    TalentProfile,
    WorkExperience,
)
from talent.services.submission import submit_card_application
from talent.services.wallet import Facts, add_paper
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.card_factories import card_actor_of, make_submittable_card_application
from tests.talent.summaries import make_firm
from tests.workflow import files
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role
from workflow.models import Duty, Material, PaperLook, Purge
from workflow.services.retention import purge_expired

pytestmark = pytest.mark.django_db


def keep(user: User, kind: str = "id_card", pages: int = 1) -> Proof:
    upload = ContentFile(files.pdf(pages), name=f"{kind}.pdf")
    assert user.person is not None
    return add_paper(user.person, kind=kind, upload=upload, actor=Actor(user), facts=Facts())


def run_out(proof: Proof, days: int) -> None:
    Proof.objects.filter(pk=proof.pk).update(valid_until=clock.today() - timedelta(days=days))


def open_paper(viewer: User, material: Material, how: str = "download") -> None:
    client = Client()
    client.force_login(viewer)
    args = [material.token, 0] if how == "page" else [material.token]
    answer = client.get(reverse(f"workflow:material_{how}", args=args))
    assert answer.status_code == 200
    assert b"".join(answer) if answer.streaming else answer.content


def test_what_ran_out_a_year_ago_goes_and_the_rest_stays() -> None:
    user = PersonFactory().users.get()
    gone, kept, endless = keep(user), keep(user, pages=2), keep(user, pages=3)
    run_out(gone, 367)
    run_out(kept, 364)

    assert purge_expired() == 1

    assert set(Proof.objects.all()) == {kept, endless}
    assert not Material.objects.filter(pk=gone.material_id).exists()
    assert Purge.objects.get().rule_id == "wallet_papers"


def test_what_was_filed_of_it_stays_with_the_filing() -> None:
    application = make_submittable_card_application()
    user, facts = application.case.applicant, Facts(education=application.person.educations.get())
    upload = ContentFile(files.pdf(), name="学位证.pdf")
    paper = add_paper(application.person, kind="degree_certificate", upload=upload, actor=Actor(user), facts=facts)
    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)
    run_out(paper, 400)

    purge_expired()

    assert not Proof.objects.filter(pk=paper.pk).exists()
    material = Material.objects.get(pk=paper.material_id)
    assert material.removed_at is not None
    with material.file.open("rb") as file:
        assert file.read()


@pytest.mark.parametrize("model", [Education, WorkExperience, Proof, Honour, Project, FamilyMember, TalentProfile])
def test_facts_and_papers_of_persons_have_no_page_in_the_administration(model: type[Model]) -> None:
    """A look there would be written down by nobody."""
    assert not admin.site.is_registered(model)
    assert admin.site.is_registered(CardScheme)


def test_hall_and_menu_lead_to_the_wallet(client: Client) -> None:
    assert reverse("accounts:item", args=["wallet"]) in client.get(reverse("portal:hall")).text
    client.force_login(PersonFactory(unit=UnitFactory()).users.get())

    assert client.get(reverse("accounts:item", args=["wallet"]), follow=True).request["PATH_INFO"] == reverse(
        "talent:wallet"
    )
    assert f'href="{reverse("talent:wallet")}"' in client.get(reverse("portal:home")).text


def test_owner_reads_by_which_case_an_employer_opened_a_paper_of_the_wallet() -> None:
    application = make_submittable_card_application()
    owner = application.case.applicant
    application.case.materials.filter(kind="id_card").delete()
    paper = keep(owner)
    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)
    handler = Duty.objects.get(organisation=application.case.unit, role=Role.HANDLER).user

    open_paper(handler, paper.material)

    look = PaperLook.objects.get()
    assert (look.owner, look.viewer, look.case_id, look.how) == (owner, handler, application.pk, "download")
    application.case.refresh_from_db()
    (line,) = looks_at(owner)
    assert (line.what, line.case) == ("下载材料 · 身份证明", application.case.number)


def test_picture_of_a_paper_is_a_look_too() -> None:
    application = make_submittable_card_application()
    owner = application.case.applicant
    application.case.materials.filter(kind="id_card").delete()
    paper = keep(owner)
    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)
    handler = Duty.objects.get(organisation=application.case.unit, role=Role.HANDLER).user

    for _time in range(2):
        open_paper(handler, paper.material, "page")
    open_paper(owner, paper.material, "page")

    assert [(look.owner, look.viewer, look.how) for look in PaperLook.objects.all()] == [(owner, handler, "preview")]


def test_everybody_on_a_summary_table_learns_who_opened_its_scan() -> None:
    firm = make_firm()
    first, second, other = firm.approved("张三"), firm.approved("李四"), firm.approved("王五")
    scan = firm.sealed(first, second)
    before = {case.pk: len(list(looks_at(case.applicant))) for case in (first, second, other)}
    specialist = firm.specialist.user
    assert isinstance(specialist, User)

    for _time in range(2):
        open_paper(specialist, scan.material)

    after = {case.pk: list(looks_at(case.applicant)) for case in (first, second, other)}
    assert {pk: len(lines) - before[pk] for pk, lines in after.items()} == {first.pk: 1, second.pk: 1, other.pk: 0}
    line = after[first.pk][0]
    assert (line.what, line.reason) == ("申领人员汇总表（含证件号码）", scan.batch.number)
    assert line.who == first.supervisor.name  # type: ignore[union-attr]
