"""人才专属空间, 基本信息: saved while it is typed, complete field by field; honours, projects and family as rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from talent.models import FamilyMember, Honour, TalentProfile
from talent.services.facts import MOST_ROWS
from talent.space_gaps import completeness
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.factories import EducationFactory
from tests.talent.space import FAMILY, HONOUR, PROJECT, make_rows
from workflow import clock

pytestmark = pytest.mark.django_db

FULL = {
    "nationality": "CN",
    "address": "河北省沧州市新华区朝阳小区3号楼",
    "settled": "True",
    "settled_on": "2024-06-01",
    "talent_class": "0",
    "urgently_needed": "False",
}


@pytest.fixture
def person(client: Client) -> Person:
    person: Person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


def save(client: Client, **data: Any) -> Any:
    return client.post(reverse("talent:profile"), FULL | data)


def autosave(client: Client, **data: Any) -> str:
    response = client.post(reverse("talent:profile_autosave"), data, headers={"HX-Request": "true"})
    return response.content.decode()


def test_everything_is_kept(client: Client, person: Person) -> None:
    response = save(client, name_latin="LI  Haiyang", title_name="工程师", title_level="3", title_on="2023年5月1日")

    profile = TalentProfile.objects.get(person=person)
    assert response["Location"] == reverse("talent:profile")
    assert (profile.nationality, profile.settled, profile.urgently_needed) == ("CN", True, False)
    assert (profile.name_latin, profile.title_on.isoformat()) == ("LI Haiyang", "2023-05-01")  # type: ignore[union-attr]
    assert profile.saved_at is not None
    assert FULL["address"] in client.get(reverse("talent:profile")).content.decode()


def test_draft_is_saved_while_typed_and_says_what_is_missing(client: Client, person: Person) -> None:
    EducationFactory(person=person)

    page = autosave(client, nationality="DE", address="沧州")

    assert TalentProfile.objects.get(person=person).nationality == "DE"
    assert "已自动保存" in page
    assert "照片" in page
    assert "国籍/地区" not in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("settled_on", "2024-02-30", "2024-02-30"),
        ("name_latin", "李海洋", "拉丁字母"),
        ("title_on", (clock.today() + timedelta(days=3)).isoformat(), "年份"),
        ("nationality", "XX", "XX"),
    ],
)
def test_what_cannot_be_read_is_kept_and_marked(
    client: Client, person: Person, field: str, text: str, words: str
) -> None:
    response = save(client, **{field: text})

    profile = TalentProfile.objects.get(person=person)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert profile.typed == {field: text}
    assert profile.address == FULL["address"]
    assert client.get(reverse("talent:profile")).context["form"][field].value() == text


def test_empty_fields_stop_nobody_from_saving(client: Client, person: Person) -> None:
    response = client.post(reverse("talent:profile"), {"address": "沧州"})

    assert response.status_code == 302
    assert TalentProfile.objects.get(person=person).address == "沧州"


@pytest.mark.parametrize(
    ("said", "missing", "percent"),
    [
        ({}, ["nationality", "address", "settled", "urgently_needed"], 33),
        ({"nationality": "CN", "address": "沧州", "settled": False, "urgently_needed": False}, [], 100),
        ({"nationality": "CN", "address": "沧州", "settled": True, "urgently_needed": True}, ["settled_on"], 85),
        (
            {"nationality": "CN", "address": "沧州", "settled": False, "urgently_needed": True, "title_level": "3"},
            ["title_name", "title_on"],
            77,
        ),
        (
            {"nationality": "CN", "address": "沧州", "settled": False, "urgently_needed": True, "talent_class": "D"},
            ["talent_certificate", "talent_until"],
            75,
        ),
        (
            {"nationality": "CN", "address": "沧州", "settled": False, "urgently_needed": True, "talent_class": "0"},
            [],
            100,
        ),
        (
            {
                "nationality": "CN",
                "address": "沧州",
                "settled": False,
                "urgently_needed": True,
                "typed": {"skill_on": "?"},
            },
            ["skill_on"],
            85,
        ),
    ],
)
def test_completeness_counts_field_by_field(said: dict[str, Any], missing: list[str], percent: int) -> None:
    found = completeness(TalentProfile(**said), has_education=True, has_photo=True)

    assert (found.missing, found.percent) == (missing, percent)


def test_education_and_photo_belong_to_it() -> None:
    found = completeness(TalentProfile(), has_education=False, has_photo=False)

    assert found.missing[0] == "photo"
    assert "education" in found.missing
    assert found.percent == 0


@pytest.mark.parametrize(("kind", "data"), [("honour", HONOUR), ("project", PROJECT), ("family", FAMILY)])
def test_row_is_added_changed_and_removed(client: Client, person: Person, kind: str, data: dict[str, Any]) -> None:
    client.post(reverse(f"talent:{kind}_add"), data)
    shown = client.get(reverse(f"talent:{kind}_list"))
    (row,) = shown.context["rows"]
    client.post(row.change_url, data | {"name": "张改名"})
    changed = client.get(reverse(f"talent:{kind}_list")).content.decode()
    client.post(row.remove_url)

    assert row.title == data["name"]
    assert "张改名" in changed
    assert client.get(reverse(f"talent:{kind}_list")).context["rows"] == []


def test_number_of_a_relative_is_checked_stored_encrypted_and_shown_masked(client: Client, person: Person) -> None:
    wrong = client.post(reverse("talent:family_add"), FAMILY | {"number": "130902199203040022"})
    nameless = client.post(reverse("talent:family_add"), FAMILY | {"document_kind": ""})
    client.post(reverse("talent:family_add"), FAMILY)

    page = client.get(reverse("talent:family_list")).content.decode()
    assert "number" in wrong.context["form"].errors
    assert "document_kind" in nameless.context["form"].errors
    assert FamilyMember.objects.get().number == FAMILY["number"]
    assert FAMILY["number"] not in page


def test_rows_of_others_cannot_be_reached(client: Client, person: Person) -> None:
    rows = make_rows(PersonFactory())

    for kind, pk in rows.items():
        assert client.get(reverse(f"talent:{kind}_change", args=[pk])).status_code == 404
        assert client.post(reverse(f"talent:{kind}_remove", args=[pk])).status_code == 404
        assert client.get(reverse(f"talent:{kind}_list")).context["rows"] == []
    assert Honour.objects.count() == FamilyMember.objects.count() == 1


def test_list_has_an_end(client: Client, person: Person) -> None:
    FamilyMember.objects.bulk_create(FamilyMember(person=person, **FAMILY) for _row in range(MOST_ROWS))

    client.post(reverse("talent:family_add"), FAMILY)

    assert FamilyMember.objects.count() == MOST_ROWS


@pytest.mark.parametrize("count", [1, 300])
def test_list_costs_the_same_for_any_number_of_rows(
    client: Client, person: Person, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    FamilyMember.objects.bulk_create(FamilyMember(person=person, **FAMILY) for _row in range(count))
    client.get(reverse("talent:family_list"))

    with django_assert_num_queries(5):
        response = client.get(reverse("talent:family_list"))

    assert len(response.context["rows"]) == count
