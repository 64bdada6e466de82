"""The study typed at registration becomes the first row of 学历信息, once."""

from datetime import date

import pytest

from accounts.models import Person, PersonRegistration
from talent.models import Education
from talent.services.facts import prefill_education
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.factories import EducationFactory
from workflow import clock
from workflow.models import Case, ChainVersion

pytestmark = pytest.mark.django_db


def register(person: Person) -> PersonRegistration:
    case = Case.objects.create(
        case_type="person_registration",
        state="approved",
        chain=ChainVersion.objects.published("person_registration"),
        applicant=person.users.get(),
        unit=person.unit,
        region=person.unit.region,
        created_at=clock.now(),
    )
    return PersonRegistration.objects.create(
        case=case,
        number=person.number,
        number_hash=person.number_hash,
        name=person.name,
        unit=person.unit,
        hired_on=date(2025, 7, 1),
        education="21",
        degree="4",
        school="燕山大学",
        major="机械工程",
        graduated_on=date(2025, 6, 25),
        certificate_number="102161202505001234",
    )


def test_first_education_comes_from_the_registration() -> None:
    person = PersonFactory(unit=UnitFactory())
    register(person)

    row = prefill_education(person)

    assert row is not None
    assert (row.level, row.school, row.graduated_on, row.full_time) == ("21", "燕山大学", date(2025, 6, 25), True)


def test_own_list_is_never_overwritten() -> None:
    person = PersonFactory(unit=UnitFactory())
    register(person)
    EducationFactory(person=person)

    assert prefill_education(person) is None
    assert Education.objects.filter(person=person).count() == 1


def test_person_without_a_registration_begins_with_an_empty_list() -> None:
    assert prefill_education(PersonFactory(unit=UnitFactory())) is None
