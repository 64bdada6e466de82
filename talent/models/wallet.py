from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from talent.enums import ProofKind
from workflow.actors import Actor
from workflow.models import Material

from .facts import WorkExperience


class ProofQuerySet(models.QuerySet["Proof"]):
    def visible_to(self, actor: Actor) -> ProofQuerySet:
        """A person's own; officers read what was filed, as it was filed."""
        return self.filter(person__users=actor.user_id) if actor.is_person else self.none()

    def of(self, person: Person) -> ProofQuerySet:
        return self.filter(person=person).select_related("material").order_by("kind", "material")

    def of_works(self) -> ProofQuerySet:
        return self.filter(work__isnull=False)

    def of_work(self, work: WorkExperience) -> ProofQuerySet:
        return self.filter(work=work).select_related("material").order_by("kind", "material")

    def filed_with(self, person_ids: Iterable[int], works: Iterable[WorkExperience]) -> ProofQuerySet:
        """What goes with forms of these persons that state these employments: their proofs, and the photos."""
        going = self.filter(Q(kind=ProofKind.PHOTO) | Q(work__in=works), person__in=person_ids)
        return going.select_related("work", "material").order_by("kind", "material")

    def photos(self) -> ProofQuerySet:
        return self.filter(kind=ProofKind.PHOTO)

    def with_file(self, token: uuid.UUID, kind: str) -> ProofQuerySet:
        return self.filter(material__token=token, kind=kind)

    def whole(self) -> ProofQuerySet:
        return self.select_related("person", "work", "material")


class Proof(models.Model):
    """One paper that a person keeps here and files with any number of applications.

    The file is a ``Material`` of the person's own: a filing holds on to the file and never to this row, so that the
    person may replace or remove it at any time.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="proofs", verbose_name=_("person"))
    kind = models.CharField(_("kind of proof"), max_length=20, choices=ProofKind.choices)
    # The employment that it proves; none for the photo.
    work = models.ForeignKey(
        WorkExperience, models.PROTECT, null=True, related_name="proofs", verbose_name=_("work experience")
    )
    material = models.OneToOneField(Material, models.PROTECT, related_name="+", verbose_name=_("file"))

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(kind=ProofKind.PHOTO), name="proof_one_photo"),
            models.CheckConstraint(
                condition=Q(kind=ProofKind.PHOTO, work=None) | ~Q(kind=ProofKind.PHOTO) & Q(work__isnull=False),
                name="proof_has_its_row",
            ),
            models.CheckConstraint(condition=Q(kind__in=ProofKind.values), name="proof_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.material}"
