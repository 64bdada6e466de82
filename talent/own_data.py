"""What talent holds of a person, for 我的信息, and what goes with an account."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_sections import DataSection, Group, facts_of, register_data_section
from accounts.enums import UserKind
from accounts.models import User
from accounts.services.erasing import Erased, register_data_eraser
from talent.models import Education, Proof, WorkExperience
from talent.presentation import education_row, work_rows
from talent.services.facts import remove_fact
from talent.services.wallet import remove_proof


def educations(user: User) -> Iterator[Group]:
    for study in Education.objects.of(user.person) if user.person is not None else ():
        row = education_row(study)
        yield Group(
            row.school,
            facts_of(
                (_("Education"), row.level),
                (_("Academic degree"), row.degree),
                (_("School"), row.school),
                (_("Field of study"), row.major),
                (_("Enrolled in"), f"{study.enrolled_on:%Y-%m}" if study.enrolled_on else ""),
                (_("Graduated on"), row.graduated),
                (_("Full-time study"), row.full_time),
                (_("Number of the graduation certificate"), study.certificate_number),
                (_("Number of the degree certificate"), study.degree_number),
                (_("CHSI verification code"), study.chsi_code),
                (_("Number of the foreign degree's certification"), study.foreign_certificate),
            ),
        )


def works(user: User) -> Iterator[Group]:
    if user.person is None:
        return
    for row in work_rows(WorkExperience.objects.of(user.person), Proof.objects.of(user.person).of_works()):
        yield Group(
            row.unit,
            facts_of(
                (_("Employer"), row.unit),
                (_("Position"), row.position),
                (_("Place of work"), row.place),
                (_("Time"), row.time),
                (_("Labour contract"), row.contract),
                (_("Social insurance"), row.insured),
                (_("Proof documents"), _(", ").join(label for label, _paper in row.proofs)),
            ),
        )


@register_data_eraser
def erase_facts(user: User) -> Iterator[Erased]:
    """What was filed of it stays with the filings."""
    if user.person is None:
        return
    proofs = list(Proof.objects.of(user.person))
    for proof in proofs:
        remove_proof(proof)
    facts = [*Education.objects.of(user.person), *WorkExperience.objects.of(user.person)]
    for fact in facts:
        remove_fact(fact)
    yield Erased(_("Proof documents"), len(proofs))
    yield Erased(_("Education and work"), len(facts))


register_data_section(
    DataSection(
        "educations",
        gettext_lazy("Education details"),
        educations,
        change_url="talent:educations",
        kinds=(UserKind.PERSON,),
        order=40,
    )
)
register_data_section(
    DataSection(
        "works",
        gettext_lazy("Work experience"),
        works,
        change_url="talent:works",
        kinds=(UserKind.PERSON,),
        order=50,
    )
)
