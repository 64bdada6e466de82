import pytest

from accounts.models import Identifier
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory
from workflow.identifiers import validate_resident_id, validate_uscc
from workflow.models import Duty

pytestmark = pytest.mark.django_db


def test_factories_make_valid_people_units_and_officers():
    people, units = PersonFactory.create_batch(3), UnitFactory.create_batch(3)
    officer = OfficerFactory(office="city_fin", office__role="leader")

    for person in people:
        validate_resident_id(person.number)
    for unit in units:
        validate_uscc(unit.code)
    assert Identifier.objects.count() == 6
    assert Duty.objects.get(user=officer).organisation.kind == "city_fin"
    assert {unit.duties.get().user.kind for unit in units} == {"unit"}
    assert UserFactory(pending=True).is_approved is False
