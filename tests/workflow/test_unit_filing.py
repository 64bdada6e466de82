"""A unit that files for itself, and the administrator's duty beside the work."""

from dataclasses import replace
from datetime import date

import pytest

from tests.accounts.factories import UnitFactory
from workflow import registry
from workflow.actors import Actor
from workflow.authority import may_file
from workflow.codelists import DIVISIONS_OF, INDUSTRY, INDUSTRY_DIVISION
from workflow.enums import Role
from workflow.models import Case, Duty, Organisation
from workflow.presentation.papers import unfiled_paper
from workflow.seats import posts_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 21)


def acting(unit: Organisation) -> Actor:
    duty = Duty.objects.select_related("organisation", "user").get(organisation=unit)
    return Actor.in_duty(duty, duty.user)


def give(unit: Organisation, role: Role) -> None:
    user = Duty.objects.get(organisation=unit, role=Role.HANDLER).user
    Duty.objects.create(user=user, organisation=unit, role=role, starts_on=date(2020, 1, 1))


@pytest.mark.parametrize(("by_unit", "may"), [(True, True), (False, False)])
def test_whoever_acts_for_a_unit_files_what_units_file_and_nothing_else(monkeypatch, by_unit, may):
    unit, other = UnitFactory(), UnitFactory()
    rent = registry.case_types["graduate_rent"]
    monkeypatch.setitem(registry.case_types, "graduate_rent", replace(rent, by_unit=by_unit))
    case = Case(case_type="graduate_rent", unit=unit, applicant_id=acting(other).user_id)

    assert [may_file(case, acting(unit)), may_file(case, acting(other))] == [may, False]


def test_administrator_who_works_too_has_one_post():
    unit = UnitFactory()
    give(unit, Role.MANAGER)

    (post,) = posts_of(acting_user(unit), DAY)

    assert (post.duty.role, post.also_manages) == (Role.HANDLER, True)


def acting_user(unit: Organisation) -> int:
    return Duty.objects.get(organisation=unit, role=Role.HANDLER).user_id


def test_administrator_without_other_work_has_that_post():
    unit = UnitFactory()
    Duty.objects.filter(organisation=unit).update(role=Role.MANAGER)

    (post,) = posts_of(Duty.objects.get(organisation=unit).user_id, DAY)

    assert Actor.in_duty(post.duty, post.duty.user).manages
    assert post.seats == []


def test_administrator_of_one_unit_is_none_of_another():
    unit, other = UnitFactory(), UnitFactory()
    give(unit, Role.MANAGER)
    Duty.objects.create(user_id=acting_user(unit), organisation=other, role=Role.REVIEWER, starts_on=date(2020, 1, 1))

    posts = {post.duty.organisation_id: post.also_manages for post in posts_of(acting_user(unit), DAY)}

    assert posts == {unit.pk: True, other.pk: False}


def test_divisions_cover_the_standard_without_a_gap():
    spans = list(DIVISIONS_OF.values())

    assert list(DIVISIONS_OF) == list(INDUSTRY.codes)
    assert [code for first, last in spans for code in range(first, last + 1)] == [
        int(c) for c in INDUSTRY_DIVISION.codes
    ]


def test_line_that_replaces_another_shows_both():
    row = {"key": "name", "label": "名称", "value": "新名", "kind": "text", "before": "旧名"}

    (line,) = unfiled_paper({"sections": [{"title": "", "rows": [row]}]}).sections[0].lines

    assert (line.before, line.text, line.wide) == ("旧名", "新名", True)
