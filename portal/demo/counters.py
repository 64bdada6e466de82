"""The counter of the demonstration: the office below the county's HR bureau, its two officers, one account opened."""

from __future__ import annotations

import uuid

from django.core.files.base import ContentFile

from accounts.enums import CounterSubject
from accounts.models import CounterOpening, User
from accounts.services.counter_openings import OpeningFacts, open_account
from portal.demo.names import identity_number
from portal.demo.offices import YEARS
from portal.demo.papers import paper
from portal.demo.people import COUNTY, PEOPLE
from portal.demo.units import credit_code
from workflow import clock
from workflow.actors import Actor
from workflow.enums import OrganisationKind, Role
from workflow.models import Duty, Organisation


def make_counter() -> None:
    """What exists stays as it is."""
    bureau = Organisation.objects.get(kind=OrganisationKind.COUNTY_HR, region_id=COUNTY)
    counter, _created = Organisation.objects.get_or_create(
        code=f"{COUNTY}SLD",
        defaults={
            "name": f"{bureau.name}受理点",
            "kind": OrganisationKind.COUNTER,
            "region": bureau.region,
            "parent": bureau,
            "phone": "0317-0000000",
        },
    )
    officers = [_officer(person.username, person.name, counter) for person in PEOPLE if person.office == counter.kind]
    if not CounterOpening.objects.filter(counter=counter).exists():
        with clock.travelling(-3):
            _open(counter, officers[0], bureau)


def _officer(username: str, name: str, counter: Organisation) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, name=name, kind=User.Kind.OFFICER, is_approved=True)
    Duty.objects.get_or_create(
        user=user, organisation=counter, role=Role.HANDLER, defaults={"starts_on": clock.today() - YEARS}
    )
    return user


def _open(counter: Organisation, officer: User, bureau: Organisation) -> None:
    """A public institution whose account notice waits to be printed."""
    duty = Duty.objects.select_related("organisation").get(user=officer, organisation=counter)
    facts = OpeningFacts(
        subject=CounterSubject.INSTITUTION,
        username="museum",
        name="沧州运河博物馆",
        agent="尤经办",
        document_kind="01",
        number=identity_number(COUNTY, clock.today().replace(year=1985, month=3, day=7), 621),
        phone="13700100099",
        phone_proved=True,
        items=("graduate_rent", "person_registration"),
        papers=("code", "institution", "agent_card"),
        uscc=credit_code("12130902MB0EXAMP9"),
        social_number="130902000123",
        bureau=bureau,
        scan=ContentFile(paper("网上业务办理协议"), name="网上业务办理协议.pdf"),
    )
    open_account(facts, Actor.in_duty(duty, officer), token=uuid.uuid4())
