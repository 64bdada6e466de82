"""The papers that a person keeps here once and files with any number of applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, PersonRegistration
from accounts.services.lock_order import lock_persons
from talent.enums import ProofKind
from talent.models import Education, Proof, WorkExperience
from talent.portraits import PHOTO_KINDS
from workflow.actors import Actor
from workflow.filetypes import PAPERS
from workflow.models import Material
from workflow.services.own_papers import check_beside, give_up_own, keep_own


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person says of a paper."""

    work: WorkExperience | None = None
    education: Education | None = None
    valid_until: date | None = None


def lock_papers(person_id: int) -> None:
    """No paper comes or goes while the person files an application: that locks the same row.

    After the case and the card, where one of them is locked too (docs/decisions/0012).
    """
    if not lock_persons([person_id]):
        raise Person.DoesNotExist


def add_proof(work: WorkExperience, *, kind: str, upload: File[bytes], actor: Actor) -> Proof:
    """Check and keep one file that proves this employment. Raises ValidationError."""
    return add_paper(work.person, kind=kind, upload=upload, actor=actor, facts=Facts(work=work))


@transaction.atomic
def add_paper(
    person: Person,
    *,
    kind: str,
    upload: File[bytes],
    actor: Actor,
    facts: Facts,
    brought_by: PersonRegistration | None = None,
) -> Proof:
    """Check and keep one file. Raises ValidationError, also where what it proves was removed meanwhile."""
    lock_papers(person.pk)
    _require_rows(person, facts)
    proof = Proof(person=person, kind=kind, brought_by=brought_by)
    proof.work, proof.education, proof.valid_until = facts.work, facts.education, facts.valid_until
    beside = [other.material for other in Proof.objects.all().beside(proof)]
    proof.material = keep_own(upload, kind=kind, actor=actor, kinds=PAPERS, beside=beside)
    proof.save(force_insert=True)
    return proof


def _require_rows(person: Person, facts: Facts) -> None:
    work, education = facts.work, facts.education
    if work is not None and not WorkExperience.objects.of(person).filter(pk=work.pk).exists():
        raise ValidationError(_("This work experience was removed meanwhile. Go back to the list."), "removed")
    if education is not None and not Education.objects.of(person).filter(pk=education.pk).exists():
        raise ValidationError(_("This education was removed meanwhile. Go back to the list."), "removed")


def replace_proof(proof: Proof, *, upload: File[bytes], actor: Actor) -> Proof:
    """Another file in its place; the old one goes only once the new one is accepted."""
    facts = Facts(proof.work, proof.education, proof.valid_until)
    return change_paper(proof, upload=upload, actor=actor, facts=facts)


@transaction.atomic
def change_paper(proof: Proof, *, upload: File[bytes] | None, actor: Actor, facts: Facts) -> Proof:
    """What is said of it, and with ``upload`` the file too. A new day of expiry may be warned of anew."""
    lock_papers(proof.person_id)
    current = Proof.objects.of(proof.person).filter(pk=proof.pk).first()
    if current is None:
        if upload is None:
            raise ValidationError(_("This paper was removed meanwhile. Go back to the list."), "removed")
        return add_paper(proof.person, kind=proof.kind, upload=upload, actor=actor, facts=facts)
    _require_rows(proof.person, facts)
    if current.valid_until != facts.valid_until:
        current.valid_until, current.warned_on = facts.valid_until, None
    has_moved = current.work != facts.work
    current.work, current.education = facts.work, facts.education
    old = current.material
    beside = [other.material for other in Proof.objects.all().beside(current)]
    if upload is None and has_moved:
        check_beside(old, beside)
    if upload is not None:
        current.brought_by = None
        current.material = keep_own(upload, kind=proof.kind, actor=actor, kinds=PAPERS, beside=beside)
    current.save()
    if upload is not None:
        give_up_own(old)
    return current


@transaction.atomic
def remove_proof(proof: Proof) -> None:
    lock_papers(proof.person_id)
    current = Proof.objects.of(proof.person).filter(pk=proof.pk).first()
    if current is not None:
        take_out(current)


@transaction.atomic
def keep_photo(person: Person, *, picture: File[bytes], actor: Actor) -> Proof:
    """``picture``: as ``prepare_portrait`` made it. The one before it goes."""
    lock_papers(person.pk)
    current = Proof.objects.of(person).photos().first()
    material = keep_own(picture, kind=ProofKind.PHOTO, actor=actor, kinds=PHOTO_KINDS)
    if current is not None:
        return _swap(current, material)
    return Proof.objects.create(person=person, kind=ProofKind.PHOTO, material=material)


def _swap(proof: Proof, material: Material) -> Proof:
    old, proof.material, proof.brought_by = proof.material, material, None
    proof.save(update_fields=["material", "brought_by"])
    give_up_own(old)
    return proof


def take_out(proof: Proof) -> None:
    material = proof.material
    proof.delete()
    give_up_own(material)


def proof_label(proof: Proof) -> str:
    label = str(ProofKind(proof.kind).label)
    if proof.work is None:
        return label
    return _("%(proof)s (%(unit)s)") % {"proof": label, "unit": proof.work.unit_name}
