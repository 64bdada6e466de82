"""The papers of an approved 个人注册 become the person's own, where the wallet has none of their kind yet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from accounts.arrivals import before_leaving, finds_brought, when_arrived
from accounts.models import Person, PersonRegistration
from accounts.services.lock_order import lock_persons
from talent.models import Education, Proof, WorkExperience
from talent.models.wallet import RegistrationUse
from talent.paper_kinds import OF_EDUCATION, OF_WORK, kind_for
from talent.services.facts import prefill_education
from talent.services.wallet import Facts, add_paper, lock_papers, take_out
from workflow.actors import Actor
from workflow.models import Case, Material
from workflow.timers import register_timer

logger = logging.getLogger(__name__)

# Registrations in one round of a worker; each has a handful of files to copy.
AT_ONCE = 20
REST = timedelta(seconds=20)


@when_arrived
def note_arrivals(registrations: Sequence[PersonRegistration]) -> None:
    """A worker copies the files: whoever approves several hundred at once does not wait for it."""
    rows = [RegistrationUse(registration=registration) for registration in registrations]
    RegistrationUse.objects.bulk_create(rows, ignore_conflicts=True)


def take_over_papers() -> int:
    """Answers with how many registrations it was done."""
    waiting = RegistrationUse.objects.waiting().select_related("registration__case__applicant__person")
    return sum(_take_over_once(use) for use in waiting[:AT_ONCE])


register_timer(take_over_papers, rest=REST)


@transaction.atomic
def _take_over_once(use: RegistrationUse) -> int:
    """1, or 0 where another worker was faster: it had the person's row before."""
    person = use.registration.case.applicant.person
    assert person is not None, "those without a person are not waiting"
    lock_papers(person.pk)
    if not RegistrationUse.objects.filter(pk=use.pk, papers=False).update(papers=True):
        return 0
    _take_over(use.registration, person)
    return 1


def _take_over(registration: PersonRegistration, person: Person) -> None:
    actor = Actor(user=registration.case.applicant)
    prefill_education(person)
    kept = Proof.objects.of(person).values_list("material__sha256", "kind")
    files, kinds = {sha256 for sha256, _kind in kept}, {kind for _sha256, kind in kept}
    for material in registration.case.materials.current():
        if material.sha256 not in files and kind_for(material.kind) not in kinds:
            _copy(material, person, registration, actor)


def _copy(material: Material, person: Person, registration: PersonRegistration, actor: Actor) -> None:
    """What the wallet does not take stays with the registration alone."""
    kind = kind_for(material.kind)
    work = _work(person, registration) if kind in OF_WORK else None
    if kind is None or (kind in OF_WORK and work is None):
        return
    facts = Facts(work=work, education=_education(person, registration) if kind in OF_EDUCATION else None)
    try:
        with material.file.open("rb") as file:
            copy = ContentFile(file.read(), name=material.name)
        add_paper(person, kind=kind, upload=copy, actor=actor, facts=facts, brought_by=registration)
    except (ValidationError, OSError) as error:
        logger.warning("Paper %s of registration %s was not taken over: %s", material.pk, registration.pk, error)


def _work(person: Person, registration: PersonRegistration) -> WorkExperience | None:
    """The employment at the unit that was registered with, where the person has stated it already."""
    return WorkExperience.objects.of(person).current().filter(unit=registration.unit_id).first()


def _education(person: Person, registration: PersonRegistration) -> Education | None:
    """The study that the registration named."""
    named = Education.objects.of(person).filter(school=registration.school, graduated_on=registration.graduated_on)
    return named.first()


@finds_brought
def find_brought(cases: Sequence[Case]) -> QuerySet[Any, Any]:
    return Proof.objects.brought_with(cases).values("material")


@before_leaving
def give_back_papers(registrations: Sequence[PersonRegistration]) -> None:
    """With an approval that is taken back goes what it has brought; nobody has used it, or the gate had been closed."""
    applicants = [registration.case.applicant for registration in registrations]
    lock_persons(applicant.person_id for applicant in applicants if applicant.person_id is not None)
    for proof in Proof.objects.brought_with([registration.case for registration in registrations]):
        take_out(proof)
    RegistrationUse.objects.filter(registration__in=registrations).delete()
