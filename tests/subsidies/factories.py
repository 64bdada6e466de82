"""Programmes and applications as tests need them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from accounts.models import Person
from subsidies.enums import GRADUATE_RENT
from subsidies.models import Programme, ProgrammeLevel, RentApplication
from subsidies.services.submission import submit_application
from tests.accounts.factories import CITY, PersonFactory, UnitFactory
from tests.talent.factories import EducationFactory, WorkExperienceFactory, months_ahead
from workflow import clock
from workflow.actors import Actor
from workflow.lookup_keys import identity_key
from workflow.models import Case, ChainVersion, Material, Organisation, Region
from workflow.registry import case_types

ACCOUNT = "6217000010001234569"


class ProgrammeFactory(DjangoModelFactory):
    """The seeded programme, or with a ``key`` of its own another one in force for 沧州."""

    class Meta:
        model = Programme
        django_get_or_create = ("key",)
        skip_postgeneration_save = True

    key = GRADUATE_RENT
    name = "大学生租房补助"
    name_en = "Rent subsidy for graduates"
    family = "housing"
    region = factory.LazyFunction(lambda: Region.objects.get(pk=CITY))
    valid_from = factory.LazyFunction(lambda: clock.today() - timedelta(days=3650))
    max_months = 36
    city_share = Decimal("0.5")

    @factory.post_generation
    def levels(self: Programme, create: bool, extracted: dict[str, str] | None, **kwargs: Any) -> None:
        """``levels={"14": "1000"}``"""
        for education, amount in (extracted or {}).items():
            ProgrammeLevel.objects.create(programme=self, education=education, name=education, amount=Decimal(amount))


class RentApplicationFactory(DjangoModelFactory):
    """A draft that the rules pass: six past months of a master employed at an approved unit. No papers yet."""

    class Meta:
        model = RentApplication
        skip_postgeneration_save = True

    class Params:
        unit = factory.LazyFunction(UnitFactory)
        married = factory.Trait(
            marital="20", spouse_name="李四", spouse_number="469028200001018883", spouse_unit="沧州市第一中学"
        )
        empty = factory.Trait(start=None, end=None, lease_start=None, lease_end=None, monthly_rent=None, address="")

    person = factory.LazyAttribute(lambda application: PersonFactory(unit=application.unit, name="王晓雨"))
    programme = factory.SubFactory(ProgrammeFactory)
    case = factory.LazyAttribute(lambda application: make_draft_case(application.person))
    education = factory.LazyAttribute(lambda application: EducationFactory(person=application.person))
    came_on = factory.LazyFunction(lambda: months_ahead(-18))
    insured_from = factory.LazyFunction(lambda: months_ahead(-18))
    insured_months = 18
    owns_house = False
    marital = "10"
    enjoyed_other = False
    address = "河北省沧州市新华区建设北街街道朝阳小区3号楼2单元501室"
    landlord_name = "赵六"
    landlord_phone = "13812345678"
    lease_start = factory.LazyFunction(lambda: months_ahead(-12))
    lease_end = factory.LazyFunction(lambda: months_ahead(12) - timedelta(days=1))
    monthly_rent = Decimal("1200.00")
    start = factory.LazyFunction(lambda: months_ahead(-6))
    end = factory.LazyFunction(lambda: months_ahead(-1))
    account_holder = factory.LazyAttribute(lambda application: application.person.name)
    bank = "中国建设银行"
    branch = "沧州新华支行"
    account = ACCOUNT

    @factory.post_generation
    def work(self: RentApplication, create: bool, extracted: Any, **kwargs: Any) -> None:
        """``work=False``: no present employment; ``work__contract_end=...`` changes it."""
        if extracted is not False:
            WorkExperienceFactory(person=self.person, **kwargs)


def make_draft_case(person: Person) -> Case:
    """A draft of the person's account at the unit that the person registered with."""
    unit: Organisation = person.unit
    return Case.objects.create(
        case_type=GRADUATE_RENT,
        chain=ChainVersion.objects.published(GRADUATE_RENT),
        applicant=person.users.get(),
        unit=unit,
        supervisor=unit.parent,
        region=unit.region,
        subject=person.name,
        subject_key=identity_key(person.number),
        created_at=clock.now(),
    )


def add_required_papers(application: RentApplication) -> None:
    """One small file for every required line; of alternatives the first."""
    done: set[str] = set()
    for rule in case_types[GRADUATE_RENT].materials(application.case):
        if rule.required and (rule.one_of or rule.kind) not in done:
            done.add(rule.one_of or rule.kind)
            add_paper(application.case, rule.kind)


def add_paper(case: Case, kind: str) -> Material:
    material = Material(
        case=case,
        kind=kind,
        name=f"{kind}.pdf",
        content_type="application/pdf",
        size=4,
        sha256="0" * 64,
        uploaded_by=case.applicant,
        uploaded_at=clock.now(),
    )
    material.file.save(material.name, ContentFile(b"%PDF"), save=False)
    material.save(force_insert=True)
    return material


def make_submittable_application(**facts: Any) -> RentApplication:
    """A draft that ``submit_application`` accepts: every rule passes, every required paper is there."""
    application: RentApplication = RentApplicationFactory(**facts)
    add_required_papers(application)
    return application


def actor_of(application: RentApplication) -> Actor:
    return Actor(user=application.case.applicant)


def make_submitted_application(**facts: Any) -> RentApplication:
    """Filed by the real service: it waits for the unit's review."""
    application = make_submittable_application(**facts)
    submit_application(application, actor_of(application), token=application.case.token, pledged=True)
    return RentApplication.objects.get(pk=application.pk)
