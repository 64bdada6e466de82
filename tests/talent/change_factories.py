"""Cards that may be changed, and changes as the holder files them."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Person, User
from talent.enums import ChangeKind
from talent.models import Card, CardChange
from talent.services.cards import report_loss
from talent.services.change import save_change, start_change, submit_change
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory
from tests.talent.cards import city_officer, holder_actor, make_card
from tests.talent.factories import WorkExperienceFactory
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action, OrganisationKind, Role
from workflow.models import Case, Material, Organisation
from workflow.registry import case_types
from workflow.services import perform_one


def soon(days: int = 20) -> date:
    return clock.today() + timedelta(days=days)


def years_ahead(count: int) -> date:
    return date(clock.today().year + count, 12, 31)


def make_holder(**work: Any) -> Person:
    """Employed at the registered unit until long after the card."""
    person: Person = PersonFactory(unit=UnitFactory(), name="李海洋")
    WorkExperienceFactory(person=person, **({"contract_end": years_ahead(3)} | work))
    return person


def renewable_card(**facts: Any) -> Card:
    """Its last day is near."""
    return make_card(make_holder(), valid_until=soon(), contract_end=soon(), **facts)


def lost_card() -> Card:
    card = make_card(make_holder())
    report_loss(card, actor=holder_actor(card))
    return Card.objects.get(pk=card.pk)


def moved_card(unit: Organisation | None = None, **work: Any) -> Card:
    """Its holder is registered with another employer, and says so in the work experience."""
    card = make_card(make_holder())
    person = card.person
    person.unit = unit or UnitFactory()
    person.save()
    person.work_experiences.update(left_on=clock.today())
    WorkExperienceFactory(person=person, **({"joined_on": clock.today(), "contract_end": years_ahead(3)} | work))
    return Card.objects.get(pk=card.pk)


CARDS = {ChangeKind.RENEW: renewable_card, ChangeKind.MOVE: moved_card, ChangeKind.REPLACE: lost_card}


def make_change(kind: ChangeKind, card: Card | None = None) -> CardChange:
    """A draft that the rules pass, with its papers."""
    card = card or CARDS[kind]()
    change = start_change(Card.objects.whole().get(pk=card.pk), kind, holder_actor(card))
    save_change(change, holder_actor(card), statement="在公交车上遗失。")
    add_papers(change.case)
    return CardChange.objects.whole().get(pk=change.pk)


def file_change(change: CardChange) -> Case:
    submit_change(change, holder_actor(change.card), token=uuid.uuid4(), pledged=True)
    return Case.objects.get(pk=change.pk)


def add_papers(case: Case) -> None:
    """One small file for every required line."""
    for rule in case_types[case.case_type].materials(case):
        if rule.required:
            material = Material(
                case=case,
                kind=rule.kind,
                name=f"{rule.kind}.pdf",
                content_type="application/pdf",
                size=4,
                sha256="0" * 64,
                uploaded_by=case.applicant,
                uploaded_at=clock.now(),
            )
            material.file.save(material.name, ContentFile(b"%PDF"), save=False)
            material.save(force_insert=True)


def officer_for(case: Case) -> User:
    """Whoever may decide where the case stands."""
    holder = case.holder
    assert holder is not None
    if holder.kind == OrganisationKind.CITY_HR:
        return city_officer()
    role = Role.HANDLER if holder.kind == OrganisationKind.UNIT else Role.SPECIALIST
    duty = holder.duties.filter(role=role).first()
    user: User = duty.user if duty is not None else OfficerFactory(office=holder, office__role=role)
    return user


def approve(case: Case, *, payload: dict[str, Any] | None = None) -> Case:
    """The office where it stands passes it on."""
    case = Case.objects.get(pk=case.pk)
    perform_one(Action.APPROVE, case, decider_of(case), payload=payload or {})
    return Case.objects.get(pk=case.pk)


def decider_of(case: Case) -> Actor:
    officer = officer_for(case)
    role = Role.HANDLER if case.holder.kind == OrganisationKind.UNIT else Role.SPECIALIST
    return Actor.in_duty(officer.duties.get(role=role), officer)


def decide_all(case: Case) -> Case:
    while case.stage:
        case = approve(case)
    return case
