"""What a person writes about himself or herself."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, PersonRegistration
from talent.models import Education, FamilyMember, Honour, Project, Proof, WorkExperience
from talent.models.wallet import RegistrationUse
from talent.services.wallet import lock_papers, take_out

# What a person adds by a form, row by row.
Row = Education | WorkExperience | Honour | Project | FamilyMember
# Of one list of a person: nobody needs more, and a page shows them all.
MOST_ROWS = 300


@transaction.atomic
def prefill_education(person: Person) -> Education | None:
    """The study typed at registration, once: afterwards the person's own list counts, be it empty."""
    lock_papers(person.pk)
    registration = PersonRegistration.objects.approved_of(person).first()
    if registration is None or not _uses_study(registration) or Education.objects.of(person).exists():
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


def _uses_study(registration: PersonRegistration) -> bool:
    """Whether nobody has taken the study of this registration before; from now on somebody has."""
    RegistrationUse.objects.get_or_create(registration=registration)
    return bool(RegistrationUse.objects.filter(registration=registration, study=False).update(study=True))


def is_added(row: Row) -> bool:
    """Whether an earlier press of the same form has added it."""
    return row.token is not None and type(row).objects.of(row.person).filter(token=row.token).exists()


@transaction.atomic
def keep_fact(fact: Education | WorkExperience) -> None:
    """Raises ValidationError where another form, sent at the same time, was faster, or where the list is full."""
    lock_papers(fact.person_id)
    if fact._state.adding:
        if is_added(fact):
            return
        check_list(type(fact).objects.of(fact.person).count())
    if isinstance(fact, WorkExperience) and fact.is_current:
        other = WorkExperience.objects.of(fact.person).current().besides(fact.pk).first()
        if other is not None:
            message = _(
                "“%(unit)s” has no leaving date either: only one employment is the present one. Enter when you left."
            )
            raise ValidationError(message, "current", {"unit": other.unit_name})
    fact.save()


def check_list(count: int) -> None:
    """Raise ValidationError where a list of that many rows takes no more."""
    if count >= MOST_ROWS:
        raise ValidationError(_("At most %(count)s rows may stand here."), "count", {"count": MOST_ROWS})


@transaction.atomic
def remove_fact(fact: Education | WorkExperience) -> None:
    """With a work experience or an education go its proofs; what was filed of them stays with the filings."""
    lock_papers(fact.person_id)
    proofs = Proof.objects.of_work(fact) if isinstance(fact, WorkExperience) else Proof.objects.of_education(fact)
    for proof in proofs:
        take_out(proof)
    if isinstance(fact, Education):
        _forget_study(fact.person)
    fact.delete()


def _forget_study(person: Person) -> None:
    """What the person removes does not come back from the registration."""
    for registration in PersonRegistration.objects.approved_of(person):
        _uses_study(registration)
