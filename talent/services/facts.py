"""What a person writes about himself or herself."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Person, PersonRegistration
from talent.models import Education, Proof, WorkExperience
from talent.services.wallet import lock_papers, take_out


@transaction.atomic
def prefill_education(person: Person) -> Education | None:
    """The study typed at registration, once: afterwards the person's own list counts."""
    registration = PersonRegistration.objects.approved_of(person).first()
    if registration is None or Education.objects.of(person).exists():
        return None
    return Education.objects.create(
        person=person,
        level=registration.education,
        degree=registration.degree,
        school=registration.school,
        major=registration.major,
        graduated_on=registration.graduated_on,
        full_time=registration.full_time,
        certificate_number=registration.certificate_number,
    )


@transaction.atomic
def keep_fact(fact: Education | WorkExperience) -> None:
    """Of two forms sent at once only one may make the present employment: the person's row is locked."""
    Person.objects.select_for_update().get(pk=fact.person_id)
    fact.save()


@transaction.atomic
def remove_fact(fact: Education | WorkExperience) -> None:
    """With a work experience or an education go its proofs; what was filed of them stays with the filings."""
    lock_papers(fact.person_id)
    proofs = Proof.objects.of_work(fact) if isinstance(fact, WorkExperience) else Proof.objects.of_education(fact)
    for proof in proofs:
        take_out(proof)
    fact.delete()
