from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person, PersonRegistration
from talent.enums import ProofKind
from talent.paper_kinds import OF_EDUCATION, OF_WORK
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case, Material

from .facts import Education, WorkExperience

if TYPE_CHECKING:
    Day = models.Field[date | None, date | None]

# So many days before a paper runs out its owner is told, once.
WARNED_BEFORE = 30


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

    def beside(self, proof: Proof) -> ProofQuerySet:
        """The others of its kind that prove the same."""
        alike = self.filter(person=proof.person_id, kind=proof.kind, work=proof.work_id)
        return alike.exclude(pk=proof.pk).select_related("material")

    def of_persons(self, person_ids: Iterable[int]) -> ProofQuerySet:
        whole = self.filter(person__in=set(person_ids)).select_related("work", "material")
        return whole.order_by("kind", "material")

    def of_education(self, education: Education) -> ProofQuerySet:
        return self.filter(education=education).select_related("material")

    def shown(self) -> ProofQuerySet:
        """The list of the wallet: the photo has a page of its own."""
        return self.exclude(kind=ProofKind.PHOTO).select_related("work", "education")

    def to_warn(self, today: date) -> ProofQuerySet:
        """What runs out soon and of which nobody was told."""
        last = today + timedelta(days=WARNED_BEFORE)
        return self.filter(warned_on=None, valid_until__gte=today, valid_until__lte=last)

    def photos(self) -> ProofQuerySet:
        return self.filter(kind=ProofKind.PHOTO)

    def with_file(self, token: uuid.UUID, kind: str) -> ProofQuerySet:
        return self.filter(material__token=token, kind=kind)

    def brought_with(self, cases: Iterable[Case]) -> ProofQuerySet:
        """What the approvals of these registrations have brought."""
        return self.filter(brought_by__case__in=cases)

    def whole(self) -> ProofQuerySet:
        return self.select_related("person", "work", "education", "material")


class Proof(models.Model):
    """One paper that a person keeps here and files with any number of applications.

    The file is a ``Material`` of the person's own: a filing holds on to the file and never to this row, so that the
    person may replace or remove it at any time.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="proofs", verbose_name=_("person"))
    kind = models.CharField(_("kind of proof"), max_length=30, choices=ProofKind.choices)
    # The employment or the study that it proves, where it proves one.
    work = models.ForeignKey(
        WorkExperience, models.PROTECT, null=True, related_name="proofs", verbose_name=_("work experience")
    )
    education = models.ForeignKey(
        Education, models.PROTECT, null=True, related_name="proofs", verbose_name=_("education")
    )
    # Empty: without end, or not said on it.
    valid_until: Day = models.DateField(pgettext_lazy("paper", "valid until"), null=True, blank=True)
    warned_on: Day = models.DateField(null=True, editable=False)
    material = models.OneToOneField(Material, models.PROTECT, related_name="+", verbose_name=_("file"))
    # Of a file that came by itself with an approval: it goes with it, should the approval be taken back.
    brought_by = models.ForeignKey(
        PersonRegistration, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("registration")
    )

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(kind=ProofKind.PHOTO), name="proof_one_photo"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_WORK, work__isnull=False) | ~Q(kind__in=OF_WORK) & Q(work=None),
                name="proof_has_its_row",
            ),
            models.CheckConstraint(
                condition=Q(education=None) | Q(kind__in=OF_EDUCATION), name="proof_education_of_its_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=ProofKind.values), name="proof_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.material}"

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < clock.today()

    @property
    def runs_out(self) -> bool:
        """Within the days in which its owner is warned."""
        today = clock.today()
        return self.valid_until is not None and today <= self.valid_until <= today + timedelta(days=WARNED_BEFORE)


class RegistrationUseQuerySet(models.QuerySet["RegistrationUse"]):
    def waiting(self) -> RegistrationUseQuerySet:
        """Those whose papers are still to be taken over, the oldest first."""
        known = self.filter(papers=False, registration__case__applicant__person__isnull=False)
        return known.order_by("registration")


class RegistrationUse(models.Model):
    """What of an approved 个人注册 the talent space has taken over: once, so that nothing removed there comes back."""

    registration = models.OneToOneField(
        PersonRegistration, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("registration")
    )
    study = models.BooleanField(default=False)
    papers = models.BooleanField(default=False)

    objects = RegistrationUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a registration")
        verbose_name_plural = _("uses of registrations")
        indexes = [models.Index(fields=["registration"], condition=Q(papers=False), name="registration_papers_wait")]

    def __str__(self) -> str:
        return str(self.registration_id)
