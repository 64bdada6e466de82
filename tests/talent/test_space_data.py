"""What the talent space holds is told to its owner, masked on pages, and goes with the account."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.data_sections import data_section
from accounts.models import Person
from accounts.services.erasing import erase_account
from talent.models import FamilyMember, Honour, Project, Proof, TalentProfile
from talent.services.wallet import Facts, add_paper
from tests.accounts.factories import PersonFactory, UserFactory
from tests.talent.space import FAMILY, make_rows
from tests.workflow import files
from workflow.actors import Actor
from workflow.models import Material

pytestmark = pytest.mark.django_db

ADDRESS = "河北省沧州市新华区建设北街街道朝阳小区3号楼2单元501室"


@pytest.fixture
def person() -> Person:
    """One row of everything."""
    person: Person = PersonFactory()
    make_rows(person)
    TalentProfile.objects.create(
        person=person, nationality="DE", address=ADDRESS, settled=False, talent_class="D", typed={"settled_on": "去年"}
    )
    actor, upload = Actor(person.users.get()), ContentFile(files.pdf(), name="身份证.pdf")
    add_paper(person, kind="id_card", upload=upload, actor=actor, facts=Facts())
    return person


def held(person: Person, key: str) -> dict[str, str]:
    section = data_section(key)
    assert section is not None
    return {str(fact.label): fact.value for group in section.read(person.users.get()) for fact in group.facts}


def test_everything_is_told(person: Person) -> None:
    space = held(person, "space")

    assert space["国籍/地区"] == "德国"
    assert space["是否已落户本地"] == "否"
    assert space["落户时间"] == "去年"
    assert ADDRESS in space.values()
    assert "河北省人民政府" in held(person, "honours").values()
    assert "一种复合材料" in held(person, "projects").values()
    assert FAMILY["number"] in held(person, "family").values()
    assert "身份证.pdf" in held(person, "wallet").values()


@pytest.mark.parametrize(("key", "secret"), [("space", ADDRESS), ("family", FAMILY["number"])])
def test_secrets_are_masked_on_pages(client: Client, person: Person, key: str, secret: str) -> None:
    client.force_login(person.users.get())

    assert secret not in client.get(f"/my-data/held/{key}/").content.decode()


def test_nothing_of_it_outlives_the_account(person: Person) -> None:
    erase_account(person.users.get(), by=UserFactory(), reason="本人申请")

    left = [model.objects.count() for model in (TalentProfile, Honour, Project, FamilyMember, Proof, Material)]
    assert left == [0] * 6
