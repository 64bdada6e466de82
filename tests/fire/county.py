"""Two counties of one city with everybody who may or may not press a button, for the product and for the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts.models import User
from subsidies.models import RentApplication
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory
from tests.fire.model import NOBODY, Hand, Model, Paper
from tests.subsidies.factories import make_submittable_application
from tests.talent.factories import months_ahead
from workflow.actors import SYSTEM, Actor
from workflow.enums import OrganisationKind, Role
from workflow.models import Duty, Organisation, Region

COUNTIES = ("130902", "130903")
COUNTY_KINDS = ("county_hr", "county_org", "county_fin")
CITY_KINDS = ("city_hr", "city_org", "city_fin")
# Social insurance began with the employment and ends, as the forms state it, a month before the periods end: from there
# on what is asked for and what is paid differ, and with each month that passes on a walk they differ more.
INSURED_FROM, INSURED_MONTHS = -18, 17
# Periods of the form, in months from now: two that overlap with the first and not with each other.
PERIODS = {"long": (-6, -1), "late": (-3, -1), "early": (-6, -4)}


@dataclass
class County:
    """Every hand by a name that says what it is; every draft with what the model knows of it."""

    actors: dict[Hand, Actor] = field(default_factory=lambda: {NOBODY: SYSTEM})
    applications: dict[int, RentApplication] = field(default_factory=dict)
    offices: list[int] = field(default_factory=list)

    def add(self, actor: Actor) -> Hand:
        hand = Hand(actor.user_id, actor.organisation_id, actor.role)
        self.actors[hand] = actor
        return hand

    def sitting_at(self, office: int | None) -> list[Hand]:
        return [hand for hand in self.actors if office is not None and hand.office == office]


def period(name: str) -> tuple[date, date]:
    first, last = PERIODS[name]
    return months_ahead(first), months_ahead(last)


def months_of(name: str) -> frozenset[str]:
    first, last = PERIODS[name]
    return _months(first, last + 1)


def _months(first: int, end: int) -> frozenset[str]:
    return frozenset(f"{months_ahead(month):%Y-%m}" for month in range(first, end))


def make_county(model: Model, papers: int) -> County:
    """``papers`` drafts: the first two of one person, the third of somebody who sits at the county HR bureau too."""
    county = County()
    units = [_make_offices(county, code) for code in COUNTIES]
    _sit_twice(county)
    insured = _months(INSURED_FROM, INSURED_FROM + INSURED_MONTHS)
    people = [PersonFactory(unit=units[number % 3 == 2]) for number in range(papers - 1)]
    for number, person in enumerate([people[0], *people]):
        application = make_submittable_application(person=person, work=number != 1, insured_months=INSURED_MONTHS)
        case = application.case
        county.applications[case.pk] = application
        county.add(Actor(case.applicant))
        form = months_of("long")
        model.papers[case.pk] = Paper(case.pk, case.applicant_id, _offices_of(case.unit), form=form, insured=insured)
        if number == 2:
            county.add(_on_duty(case.applicant, case.supervisor))
            county.add(_on_duty(case.applicant, case.unit))
    return county


def _make_offices(county: County, code: str) -> Organisation:
    region = Region.objects.get(pk=code)
    for kind in (*COUNTY_KINDS, *CITY_KINDS):
        is_city = kind in CITY_KINDS
        office = OfficeFactory(kind=OrganisationKind(kind), **({} if is_city else {"region": region}))
        if office.pk not in county.offices:
            county.offices.append(office.pk)
            county.add(_on_duty(OfficerFactory(office=office), office, new=False))
    unit = UnitFactory(region=region)
    county.offices.append(unit.pk)
    county.add(_on_duty(unit.duties.get().user, unit, new=False))
    return unit


def _sit_twice(county: County) -> None:
    """A second person at each finance bureau who sits at the other too; a leader where handlers decide."""
    both = OfficerFactory(office=Organisation.objects.get(code="130900-city_fin"))
    county.add(_on_duty(both, both.duties.get().organisation, new=False))
    for code in COUNTIES:
        county.add(_on_duty(both, Organisation.objects.get(code=f"{code}-county_fin")))
    bureau = Organisation.objects.get(code=f"{COUNTIES[0]}-county_hr")
    county.add(_on_duty(OfficerFactory(office=bureau, office__role=Role.LEADER), bureau, new=False))


def _on_duty(user: User, office: Organisation, *, new: bool = True) -> Actor:
    if new:
        Duty.objects.create(user=user, organisation=office, role=Role.HANDLER, starts_on=date(2020, 1, 1))
    return Actor.in_duty(user.duties.get(organisation=office), user)


def _offices_of(unit: Organisation) -> dict[str, int]:
    """The kind of each desk: the office that sits there for this employer."""
    city = {kind: Organisation.objects.get(code=f"130900-{kind}").pk for kind in CITY_KINDS}
    near = {kind: Organisation.objects.get(code=f"{unit.region_id}-{kind}").pk for kind in COUNTY_KINDS}
    return {"unit": unit.pk, **near, **city}
