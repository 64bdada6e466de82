"""工作经历 and 学历信息: the person's own lists, what they refuse, who may see them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from talent.models import Education, WorkExperience
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.factories import COUNTY, EducationFactory, WorkExperienceFactory, months_ahead
from workflow.identifiers import uscc_check_character

pytestmark = pytest.mark.django_db
OTHER_CODE = "91130900MA07ABCD0" + uscc_check_character("91130900MA07ABCD0")


@pytest.fixture
def person(client: Client) -> Person:
    person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


def study(**changes: str) -> dict[str, str]:
    data = {
        "level": "14",
        "degree": "3",
        "school": "河北工业大学",
        "major": "材料科学与工程",
        "graduated_on": "2024-06-28",
        "full_time": "True",
    }
    return data | changes


def work(person: Person, **changes: str) -> dict[str, str]:
    data = {
        "unit_name": person.unit.name,
        "uscc": person.unit.code,
        "region": COUNTY,
        "position": "工程师",
        "employment_form": "1",
        "contract_kind": "1",
        "contract_start": "2025-07-01",
        "contract_end": "2028-06-30",
        "joined_on": "2025-07-01",
        "insured_from": "2025-07",
    }
    return data | changes


def test_education_is_added_changed_and_removed(client: Client, person: Person) -> None:
    client.post(reverse("talent:education_add"), study())
    row = Education.objects.get(person=person)
    client.post(reverse("talent:education_change", args=[row.pk]), study(school="天津大学"))
    changed = Education.objects.get(pk=row.pk)
    client.post(reverse("talent:education_remove", args=[row.pk]))

    assert (changed.school, changed.graduated_on, changed.full_time) == ("天津大学", date(2024, 6, 28), True)
    assert not Education.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"graduated_on": "1995-02-29"}, "graduated_on", "1995-02-29"),
        ({"graduated_on": "明年"}, "graduated_on", "明年"),
        ({"enrolled_on": "2024-07"}, "enrolled_on", "2024-06-28"),
        ({"graduated_on": "2999-01-01"}, "graduated_on", "晚于今天"),
        ({"chsi_code": "ABC"}, "chsi_code", "3"),
        ({"level": ""}, "level", "请选择学历"),
        ({"school": ""}, "school", "请填写毕业院校"),
        ({"full_time": ""}, "full_time", "请选择是否全日制"),
    ],
)
def test_bad_education_is_told_beside_its_field(
    client: Client, person: Person, changes: dict[str, str], field: str, words: str
) -> None:
    response = client.post(reverse("talent:education_add"), study(**changes))

    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    assert not Education.objects.exists()


def test_beginning_of_the_study_and_number_of_the_degree_are_kept(client: Client, person: Person) -> None:
    client.post(reverse("talent:education_add"), study(enrolled_on="2021-09", degree_number="1008042024000123"))

    row = Education.objects.get(person=person)
    assert (row.enrolled_on, row.degree_number) == (date(2021, 9, 1), "1008042024000123")


@pytest.mark.parametrize("written", ["2024-6-8", "2024/06/08", "20240608", "2024年6月8日", "２０２４－０６－０８"])
def test_dates_are_read_in_the_ways_people_write_them(client: Client, person: Person, written: str) -> None:
    client.post(reverse("talent:education_add"), study(graduated_on=written))

    assert Education.objects.get().graduated_on == date(2024, 6, 8)


def test_present_employment_is_tied_to_the_registered_unit(client: Client, person: Person) -> None:
    client.post(reverse("talent:work_add"), work(person))

    row = WorkExperience.objects.get(person=person)
    assert (row.unit, row.is_current, row.insured_from) == (person.unit, True, date(2025, 7, 1))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"left_on": "2025-06-30"}, "left_on", "早于"),
        ({"contract_end": "2025-06-30"}, "contract_end", "早于"),
        ({"insured_to": "2025-06"}, "insured_to", "早于"),
        ({"contract_end": ""}, "contract_end", "终止日期"),
        ({"contract_kind": "2"}, "contract_end", "无固定期限"),
        ({"contract_start": ""}, "contract_start", "起始日期"),
        ({"unit_name": "别的公司", "uscc": ""}, "unit_name", "注册时所选单位"),
        ({"uscc": "91130900MA07ABCD00"}, "uscc", ""),
        ({"insured_from": "2025-13"}, "insured_from", "2025-13"),
        ({"position": ""}, "position", "请填写岗位"),
    ],
)
def test_bad_work_experience_is_told_beside_its_field(
    client: Client, person: Person, changes: dict[str, str], field: str, words: str
) -> None:
    response = client.post(reverse("talent:work_add"), work(person, **changes))

    errors = response.context["form"].errors
    assert field in errors
    assert words in errors[field][0]
    assert not WorkExperience.objects.exists()


@pytest.mark.parametrize("form", ["1", "2"])
def test_second_present_employment_is_refused(client: Client, person: Person, form: str) -> None:
    WorkExperienceFactory(person=person)

    response = client.post(reverse("talent:work_add"), work(person, employment_form=form))

    assert person.unit.name in response.context["form"].errors["left_on"][0]


@pytest.mark.parametrize(("form", "refused"), [("1", True), ("2", False)])
def test_only_full_time_employments_may_not_overlap(client: Client, person: Person, form: str, refused: bool) -> None:
    current = WorkExperienceFactory(person=person)
    first = (current.joined_on - timedelta(days=100)).isoformat()
    last = current.joined_on.isoformat()

    client.post(
        reverse("talent:work_add"),
        work(person, employment_form=form, unit_name="前公司", uscc="", joined_on=first, left_on=last),
    )

    assert (WorkExperience.objects.count() == 1) is refused


def test_employment_may_begin_the_day_after_the_last_one(client: Client, person: Person) -> None:
    WorkExperienceFactory(person=person, past=True, left_on=months_ahead(-20))
    joined = months_ahead(-20) + timedelta(days=1)

    client.post(reverse("talent:work_add"), work(person, joined_on=joined.isoformat()))

    assert WorkExperience.objects.count() == 2


def test_employment_does_not_overlap_itself_when_changed(client: Client, person: Person) -> None:
    row = WorkExperienceFactory(person=person)

    client.post(reverse("talent:work_change", args=[row.pk]), work(person, position="主管"))

    assert WorkExperience.objects.get(pk=row.pk).position == "主管"


def former_work(person: Person) -> WorkExperience:
    """At a unit that is registered here and that the person has left since."""
    row: WorkExperience = WorkExperienceFactory(person=person, past=True, left_on=months_ahead(-20), unit=UnitFactory())
    assert row.unit is not None
    row.unit_name, row.uscc, row.contract_kind = row.unit.name, row.unit.code, ""
    row.save()
    return row


def change(client: Client, row: WorkExperience, **changes: str) -> WorkExperience:
    page = client.get(reverse("talent:work_change", args=[row.pk]))
    data = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    client.post(reverse("talent:work_change", args=[row.pk]), data | {"position": "顾问"} | changes)
    return WorkExperience.objects.get(pk=row.pk)


@pytest.mark.parametrize("written", ["as kept", "code only", "name only"])
def test_former_employment_stays_tied_to_its_unit(client: Client, person: Person, written: str) -> None:
    row = former_work(person)
    changes = {"as kept": {}, "code only": {"unit_name": "曾用名"}, "name only": {"uscc": ""}}[written]

    changed = change(client, row, **changes)

    assert (changed.position, changed.unit) == ("顾问", row.unit)


def test_former_employment_under_a_name_of_its_time_stays_tied(client: Client, person: Person) -> None:
    row = former_work(person)
    WorkExperience.objects.filter(pk=row.pk).update(unit_name="改名前公司", uscc="")

    assert change(client, row).unit == row.unit


@pytest.mark.parametrize("changes", [{"unit_name": "别的公司", "uscc": ""}, {"uscc": OTHER_CODE}])
def test_former_employment_at_another_unit_is_tied_no_more(
    client: Client, person: Person, changes: dict[str, str]
) -> None:
    changed = change(client, former_work(person), **changes)

    assert (changed.position, changed.unit) == ("顾问", None)


def test_former_unit_is_no_present_employer(client: Client, person: Person) -> None:
    row = former_work(person)

    changed = change(client, row, left_on="")

    assert changed.left_on is not None
    assert changed.position != "顾问"


def test_new_form_begins_with_the_registered_unit(client: Client, person: Person) -> None:
    response = client.get(reverse("talent:work_add"))

    assert response.context["form"]["unit_name"].value() == person.unit.name


@pytest.mark.parametrize("name", ["education_change", "education_remove"])
def test_stranger_gets_404_for_an_education(client: Client, person: Person, name: str) -> None:
    row = EducationFactory()

    assert client.post(reverse(f"talent:{name}", args=[row.pk]), study()).status_code == 404


@pytest.mark.parametrize("name", ["work_change", "work_remove"])
def test_stranger_gets_404_for_a_work_experience(client: Client, person: Person, name: str) -> None:
    row = WorkExperienceFactory()

    assert client.post(reverse(f"talent:{name}", args=[row.pk]), work(person)).status_code == 404


@pytest.mark.parametrize("name", ["educations", "works", "education_add", "work_add"])
def test_unit_is_denied(client: Client, name: str) -> None:
    client.force_login(UnitFactory().duties.get().user)

    assert client.get(reverse(f"talent:{name}")).status_code == 403


def test_page_leads_back_to_where_it_was_opened_from_but_never_to_another_site(client: Client, person: Person) -> None:
    inside = client.post(reverse("talent:education_add"), study(next="/rent/"))
    outside = client.post(reverse("talent:education_add"), study(next="https://example.org/"))
    nowhere = client.post(reverse("talent:education_add"), study(next="rent"))

    assert inside["Location"] == "/rent/"
    assert outside["Location"] == nowhere["Location"] == reverse("talent:educations")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_need_the_same_queries_for_any_number(
    client: Client, person: Person, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for index in range(rows):
        EducationFactory(person=person)
        start = months_ahead(-60 + 10 * index)
        WorkExperienceFactory(person=person, past=True, joined_on=start, left_on=start + timedelta(days=30))

    client.get(reverse("talent:works"))

    with django_assert_num_queries(5):
        educations = client.get(reverse("talent:educations"))
    with django_assert_num_queries(7):
        works = client.get(reverse("talent:works"))

    assert (len(educations.context["rows"]), len(works.context["rows"])) == (rows, rows)


# Right in its last character, but the organisation code inside fails the check of GB 11714.
UNUSUAL = "91130902MA0EXAMP2" + uscc_check_character("91130902MA0EXAMP2")


def test_unusual_credit_code_is_told_beside_its_field_and_kept(client: Client, person: Person) -> None:
    former = work(person, unit_name="前公司", uscc=UNUSUAL, left_on="2026-01-31")

    wrong = client.post(reverse("talent:work_add"), former | {"position": ""})
    saved = client.post(reverse("talent:work_add"), former, follow=True)
    again = client.get(reverse("talent:work_change", args=[WorkExperience.objects.get().pk]))

    said = "组织机构代码校验位异常"
    assert [page.text.count(said) for page in (wrong, saved, again)] == [1, 1, 1]
    assert [page.text.count('id="id_uscc_doubt"') for page in (wrong, saved, again)] == [1, 0, 1]


def test_usual_credit_code_raises_no_doubt(client: Client, person: Person) -> None:
    usual = {"uscc": "91130900MA07ABCD0Q", "unit_name": "前公司", "left_on": "2026-01-31"}

    page = client.post(reverse("talent:work_add"), work(person, **usual), follow=True)

    assert WorkExperience.objects.exists()
    assert "校验位异常" not in page.text
