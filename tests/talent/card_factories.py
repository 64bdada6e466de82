"""Applications for the talent card as tests need them; filed by the real service."""

from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from accounts.models import Person, User
from talent.enums import BOHAI_CARD, Arrival, ProofKind
from talent.models import CardApplication, CardScheme, Proof, TalentProfile
from talent.services.submission import submit_card_application
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory
from tests.talent.factories import EducationFactory, WorkExperienceFactory, months_ahead
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role
from workflow.lookup_keys import identity_key
from workflow.models import Case, ChainVersion, Material, Organisation
from workflow.registry import case_types


class TalentProfileFactory(DjangoModelFactory):
    class Meta:
        model = TalentProfile
        django_get_or_create = ("person",)

    person = factory.SubFactory(PersonFactory)
    nationality = "CN"
    address = "河北省沧州市新华区建设北街街道朝阳小区3号楼2单元501室"


class CardApplicationFactory(DjangoModelFactory):
    """A draft of category C 全日制学士及以上 that the rules pass; papers come by ``add_card_papers``.

    ``category_code="doctor"`` chooses another of the seeded scheme; ``photo=False``, ``profile=False``, ``education=
    False`` and ``work=False`` leave that out of the talent space, ``education__degree=...`` changes it.
    """

    class Meta:
        model = CardApplication
        skip_postgeneration_save = True

    class Params:
        unit = factory.LazyFunction(UnitFactory)
        category_code = "bachelor"

    person = factory.LazyAttribute(lambda application: PersonFactory(unit=application.unit, name="李海洋"))
    scheme = factory.LazyFunction(lambda: CardScheme.objects.get(key=BOHAI_CARD))
    case = factory.LazyAttribute(lambda application: make_card_case(application.person))
    department = "研发部"
    position = "研发工程师"
    arrival = Arrival.FULL_TIME
    arrived_on = factory.LazyFunction(lambda: months_ahead(-18))
    contract_kind = "1"
    contract_start = factory.LazyFunction(lambda: months_ahead(-18))
    contract_end = factory.LazyFunction(lambda: months_ahead(18))
    salary = "18.5"
    insured_from = factory.LazyFunction(lambda: months_ahead(-18))
    category = factory.LazyAttribute(
        lambda application: application.scheme.categories.get(code=application.category_code)
    )
    achievements = "主持研发新型复合材料，申请发明专利两项。"

    @factory.post_generation
    def photo(self: CardApplication, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            add_photo(self.person)

    @factory.post_generation
    def profile(self: CardApplication, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            TalentProfileFactory(person=self.person, **kwargs)

    @factory.post_generation
    def education(self: CardApplication, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            EducationFactory(person=self.person, **kwargs)

    @factory.post_generation
    def work(self: CardApplication, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            WorkExperienceFactory(person=self.person, **kwargs)


def make_card_case(person: Person) -> Case:
    """A draft of the person's account at the unit that the person registered with."""
    unit: Organisation = person.unit
    return Case.objects.create(
        case_type=BOHAI_CARD,
        chain=ChainVersion.objects.published(BOHAI_CARD),
        applicant=person.users.get(),
        unit=unit,
        supervisor=unit.parent,
        region=unit.region,
        subject=person.name,
        subject_key=identity_key(person.number),
        created_at=clock.now(),
    )


def add_photo(person: Person) -> Proof:
    user = person.users.get()
    material = Material(
        owner=user,
        kind=ProofKind.PHOTO,
        name="证件照.jpg",
        content_type="image/jpeg",
        size=4,
        sha256="1" * 64,
        uploaded_by=user,
        uploaded_at=clock.now(),
    )
    material.file.save(material.name, ContentFile(b"\xff\xd8\xff\xd9"), save=False)
    material.save(force_insert=True)
    return Proof.objects.create(person=person, kind=ProofKind.PHOTO, material=material)


def add_card_papers(application: CardApplication) -> None:
    """One small file for every required line; of alternatives the first."""
    done: set[str] = set()
    for rule in case_types[BOHAI_CARD].materials(application.case):
        if rule.required and (rule.one_of or rule.kind) not in done:
            done.add(rule.one_of or rule.kind)
            material = Material(
                case=application.case,
                kind=rule.kind,
                name=f"{rule.kind}.pdf",
                content_type="application/pdf",
                size=4,
                sha256="0" * 64,
                uploaded_by=application.case.applicant,
                uploaded_at=clock.now(),
            )
            material.file.save(material.name, ContentFile(b"%PDF"), save=False)
            material.save(force_insert=True)


def make_specialist(bureau: Organisation | None = None, **facts: Any) -> User:
    """A 服务专员 of this office (the county HR bureau of 130902 unless named)."""
    user: User = OfficerFactory(office=bureau, office__role=Role.SPECIALIST, **facts)
    return user


def make_submittable_card_application(**facts: Any) -> CardApplication:
    application: CardApplication = CardApplicationFactory(**facts)
    add_card_papers(application)
    return application


def card_actor_of(application: CardApplication) -> Actor:
    return Actor(user=application.case.applicant)


def make_submitted_card_application(**facts: Any) -> CardApplication:
    """Filed by the real service: it waits for the unit's review. ``specialist=False``: the bureau has none."""
    has_specialist = facts.pop("specialist", True)
    application = make_submittable_card_application(**facts)
    bureau = application.case.supervisor
    if has_specialist and not bureau.duties.filter(role=Role.SPECIALIST).exists():
        make_specialist(bureau, name="专员甲", phone="13900001111")
    submit_card_application(application, card_actor_of(application), token=application.case.token, pledged=True)
    return CardApplication.objects.get(pk=application.pk)
