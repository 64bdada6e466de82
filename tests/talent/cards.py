"""Cards as tests need them: issued by the service that issues them, for applications that all offices have approved."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from accounts.models import Person, User
from talent.enums import BOHAI_CARD
from talent.models import Card, CardApplication, CardCategory, CardScheme
from talent.services.issuing import issue_cards
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory
from tests.talent.card_factories import make_submitted_card_application
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role, State
from workflow.lookup_keys import identity_key
from workflow.models import Case, ChainVersion, Material, Organisation


def approved_application(person: Person | None = None, *, level: str = "C", **facts: Any) -> CardApplication:
    """One that the head of the city bureau is about to approve, as far as the issue of a card reads it."""
    person = person or PersonFactory(unit=UnitFactory())
    unit: Organisation = person.unit
    case = Case.objects.create(
        case_type=BOHAI_CARD,
        chain=ChainVersion.objects.published(BOHAI_CARD),
        state=State.APPROVED,
        applicant=person.users.get(),
        unit=unit,
        supervisor=unit.parent,
        region=unit.region,
        subject=person.name,
        subject_key=identity_key(person.number),
        created_at=clock.now(),
    )
    scheme = CardScheme.objects.get(key=BOHAI_CARD)
    category = CardCategory.objects.filter(scheme=scheme, level=level).first()
    return CardApplication.objects.create(case=case, scheme=scheme, person=person, category=category, **facts)


def make_card(person: Person | None = None, *, photo: bool = False, level: str = "C", **facts: Any) -> Card:
    """A card of today. ``name=``, ``state=`` and so on are put into its row; ``contract_end=`` into the application."""
    application = approved_application(person, level=level, contract_end=facts.pop("contract_end", None))
    with transaction.atomic():
        (card,) = issue_cards([application.case], officer_actor(), at=clock.now())
    if photo:
        facts["photo"] = add_photo(application.case)
    for name, value in facts.items():
        setattr(card, name, value)
    card.save()
    return Card.objects.whole().get(pk=card.pk)


def ended_card(until: date, **facts: Any) -> Card:
    """One whose last day was ``until``; the daily job has not seen it."""
    return make_card(valid_from=date(until.year - 1, 1, 1), valid_until=until, **facts)


def portrait(size: tuple[int, int] = (358, 441)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#d8c0a8").save(target, "JPEG")
    return target.getvalue()


def add_photo(case: Case, content: bytes | None = None) -> Material:
    photo = Material(
        owner=case.applicant,
        kind="photo",
        name="photo.jpg",
        content_type="image/jpeg",
        size=4,
        sha256="0" * 64,
        uploaded_by=case.applicant,
        uploaded_at=clock.now(),
    )
    photo.file.save(photo.name, ContentFile(content or portrait()), save=False)
    photo.save(force_insert=True)
    return photo


def city_officer(role: str = Role.SPECIALIST) -> User:
    """Of the one city bureau that the offices of these tests share."""
    officer: User = OfficerFactory(office="city_hr", office__role=role)
    return officer


def officer_actor(role: str = Role.SPECIALIST) -> Actor:
    officer = city_officer(role)
    return Actor.in_duty(officer.duties.get(), officer)


def holder_of(card: Card) -> User:
    return card.person.users.get()


def holder_actor(card: Card) -> Actor:
    return Actor(holder_of(card))


def standing_at(stage: str, **facts: Any) -> CardApplication:
    """A filed application that waits at this stage of the city bureau."""
    application = make_submitted_card_application(**facts)
    office = OfficeFactory(kind="city_hr")
    Case.objects.filter(pk=application.case_id).update(stage=stage, holder=office, due_on=clock.today())
    return CardApplication.objects.select_related("case").get(pk=application.pk)
