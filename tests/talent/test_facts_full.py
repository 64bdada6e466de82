"""Lists of facts at their end, and two forms for one place: what is typed comes back with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from talent.models import Education, FamilyMember, Honour, WorkExperience
from talent.services.facts import MOST_ROWS, keep_fact
from talent.services.space import keep_row
from talent.services.wallet import lock_papers
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.factories import EducationFactory, WorkExperienceFactory
from tests.talent.space import FAMILY, HONOUR
from tests.talent.test_pages import study, work
from tests.workflow.test_act_races import run_until_blocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Person:
    person: Person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


def fill(model: Any, row: Any) -> None:
    row.pk = None
    model.objects.bulk_create(type(row)(**_columns(row)) for _each in range(MOST_ROWS - 1))


def _columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}


def test_three_hundred_studies_are_enough_and_the_next_one_comes_back(client: Client, person: Person) -> None:
    fill(Education, EducationFactory(person=person))

    answer = client.post(reverse("talent:education_add"), study(school="第三百零一所大学"))
    changed = client.post(
        reverse("talent:education_change", args=[Education.objects.filter(person=person)[0].pk]),
        study(school="改名大学"),
    )

    assert f"最多 {MOST_ROWS} 条" in answer.text
    assert "第三百零一所大学" in answer.text
    assert Education.objects.filter(person=person).count() == MOST_ROWS
    assert changed.status_code == 302


def test_three_hundred_family_members_are_enough(client: Client, person: Person) -> None:
    fill(FamilyMember, FamilyMember.objects.create(person=person, **FAMILY))

    with pytest.raises(ValidationError):
        keep_row(FamilyMember(person=person, **FAMILY))
    keep_row(Honour(person=person, **HONOUR))

    page = client.get(reverse("talent:family_list"))
    assert len(page.context["rows"]) == FamilyMember.objects.count() == MOST_ROWS


def test_second_present_employment_is_refused_in_words(person: Person) -> None:
    first = WorkExperienceFactory(person=person)
    again = WorkExperience.objects.get(pk=first.pk)
    again.pk = None

    with pytest.raises(ValidationError, match=first.unit_name):
        keep_fact(again)
    first.position = "总监"
    keep_fact(first)

    assert WorkExperience.objects.get().position == "总监"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_forms_sent_at_once_the_second_comes_back_with_the_reason(client: Client, person: Person) -> None:
    """Both were judged while no present employment was there."""
    answers: list[Any] = []
    form = work(person, position="第二次")

    with transaction.atomic():
        lock_papers(person.pk)
        WorkExperienceFactory(person=person, joined_on=date(2020, 1, 1))
        thread = run_until_blocked(lambda: answers.append(client.post(reverse("talent:work_add"), form)))
    thread.join(timeout=30)

    assert answers[0].status_code == 200
    assert "第二次" in answers[0].text
    assert "离职时间" in answers[0].text
    assert WorkExperience.objects.count() == 1
