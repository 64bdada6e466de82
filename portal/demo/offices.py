"""The offices of 沧州, and the HR bureaus of one county in 海南 whose employers register here; an officer for each."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from portal.demo.people import CITY, COUNTY, PEOPLE, DemoPerson
from workflow import clock
from workflow.actors import Actor
from workflow.enums import OrganisationKind, Role
from workflow.models import Duty, Organisation, Region

NAMES = {
    OrganisationKind.COUNTY_HR: "{region}人力资源和社会保障局",
    OrganisationKind.COUNTY_ORG: "中共{region}委组织部",
    OrganisationKind.COUNTY_FIN: "{region}财政局",
    OrganisationKind.CITY_HR: "{region}人力资源和社会保障局",
    OrganisationKind.CITY_ORG: "中共{region}委组织部",
    OrganisationKind.CITY_FIN: "{region}财政局",
}
# 人社, 组织, 财政: parts of the code by which batches are numbered.
LETTERS = {"hr": "RS", "org": "ZZ", "fin": "CZ"}
COUNTY_KINDS = (OrganisationKind.COUNTY_HR, OrganisationKind.COUNTY_ORG, OrganisationKind.COUNTY_FIN)
CITY_KINDS = (OrganisationKind.CITY_HR, OrganisationKind.CITY_ORG, OrganisationKind.CITY_FIN)
# Employers of 海南, of which manual 000 is, can be verified in one county: 海口市龙华区.
ELSEWHERE = "460106"
PHONES = {"13": "0317-0000000", "46": "0898-00000000"}
HR_KINDS = (OrganisationKind.COUNTY_HR, OrganisationKind.CITY_HR)
SPECIAL = (Role.SPECIALIST, Role.LEADER)
SUFFIXES = {Role.SPECIALIST: "s", Role.LEADER: "l"}
# Not on the sign-in page: whom the bureau may give an applicant to, and who takes every other one.
COLLEAGUE = DemoPerson(
    "county_specialist2",
    "县区服务专员",
    "苏专员",
    office=OrganisationKind.COUNTY_HR,
    region=COUNTY,
    duty=Role.SPECIALIST,
)
YEARS = timedelta(days=3 * 365)


def make_offices() -> list[Organisation]:
    """Every county of the city and the city itself, then those elsewhere; offices that exist stay as they are."""
    city = Region.objects.get(pk=CITY)
    counties = Region.objects.filter(parent=city)
    wanted = [(kind, city) for kind in CITY_KINDS] + [(kind, county) for county in counties for kind in COUNTY_KINDS]
    other = Region.objects.select_related("parent").get(pk=ELSEWHERE)
    assert other.parent is not None
    wanted += [(OrganisationKind.CITY_HR, other.parent), (OrganisationKind.COUNTY_HR, other)]
    return [_office(kind, region) for kind, region in wanted]


def _office(kind: OrganisationKind, region: Region) -> Organisation:
    parent = None
    if kind in COUNTY_KINDS:
        above = CITY_KINDS[COUNTY_KINDS.index(kind)]
        parent = Organisation.objects.filter(region=region.parent_id, kind=above).first()
    office, _created = Organisation.objects.get_or_create(
        code=f"{region.code}{LETTERS[kind.split('_')[1]]}",
        defaults={
            "name": NAMES[kind].format(region=region.name),
            "kind": kind,
            "region": region,
            "parent": parent,
            "phone": PHONES[region.code[:2]],
        },
    )
    return office


def make_officers(offices: list[Organisation]) -> None:
    """One officer an office, and whoever else the sign-in page lists there; HR bureaus have a 服务专员 and a 负责人."""
    named = {(person.office, person.region, person.duty): person for person in PEOPLE if person.office}
    for office in offices:
        roles = [Role.HANDLER, *(SPECIAL if office.kind in HR_KINDS else ())]
        for role in roles:
            _officer(office, named.get((office.kind, office.region_id, role)), role)
        if (office.kind, office.region_id) == (COLLEAGUE.office, COLLEAGUE.region):
            _officer(office, COLLEAGUE, Role.SPECIALIST)


def _officer(office: Organisation, person: DemoPerson | None, role: Role) -> User:
    username = (
        person.username
        if person is not None
        else f"o{office.region_id}{office.kind.replace('_', '')[-3:]}{office.kind[:2]}{SUFFIXES.get(role, '')}"
    )
    user = User.objects.filter(username=username).first()
    if user is None:
        title = "经办人" if role == Role.HANDLER else str(role.label)
        user = User.objects.create_user(username, name=person.name if person is not None else f"{office.name}{title}")
        user.kind = User.Kind.OFFICER
        user.is_approved = True
        if role == Role.SPECIALIST:
            user.phone = office.phone
        user.save()
    Duty.objects.get_or_create(user=user, organisation=office, role=role, defaults={"starts_on": clock.today() - YEARS})
    return user


def actors() -> dict[int, Actor]:
    """{organisation: somebody who may act for it}, for walking cases through the chain."""
    duties = Duty.objects.on(clock.today()).filter(role=Role.HANDLER).select_related("user", "organisation__region")
    return {duty.organisation_id: Actor.in_duty(duty, duty.user) for duty in duties}


def special_actors() -> dict[tuple[int, str], Actor]:
    """{(organisation, role): its 服务专员 and its 负责人}"""
    duties = Duty.objects.on(clock.today()).filter(role__in=SPECIAL).select_related("user", "organisation__region")
    return {(duty.organisation_id, duty.role): Actor.in_duty(duty, duty.user) for duty in duties}
