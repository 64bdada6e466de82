from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import UnitForm
from workflow.codelists import DEGREE, EDUCATION
from workflow.enums import OPEN_TO_PERSON, State
from workflow.fields import EncryptedTextField
from workflow.models import Case, Organisation

from .person import Identity, Person

if TYPE_CHECKING:
    from datetime import date

CASE_TYPES = ("unit_registration", "person_registration")
# A number or a name of an employer that an unfinished or approved registration holds is taken.
HOLDING = (State.DRAFT, State.IN_REVIEW, State.RETURNED, State.APPROVED)


def _waiting_since(moment: datetime) -> models.Q:
    """Neither filed nor returned since that moment, and either with the applicant or not looked at by the office."""
    unseen = models.Q(case__state=State.IN_REVIEW, case__decided_at=None)
    # A case that was never filed has entered nothing yet.
    idle = models.Q(case__entered_at__lt=moment) | models.Q(case__entered_at=None, case__created_at__lt=moment)
    return (unseen | models.Q(case__state__in=OPEN_TO_PERSON)) & idle


class UnitRegistrationQuerySet(models.QuerySet["UnitRegistration"]):
    def holding(self) -> UnitRegistrationQuerySet:
        """Those that were neither withdrawn nor rejected nor have expired."""
        return self.filter(case__state__in=HOLDING)

    def stale(self, moment: datetime) -> UnitRegistrationQuerySet:
        return self.filter(_waiting_since(moment)).select_related("case").order_by("case")


class UnitRegistration(models.Model):
    """What the case of a 单位注册 is about; the facts stand in the organisation and its profile."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="unit_registration")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="registrations")
    variant = models.CharField(
        _("form of the registration"), max_length=10, choices=UnitForm.choices, default=UnitForm.FULL, editable=False
    )
    # Number of the contact's ID card, where given: it is then taken for everybody else.
    contact_number: models.Field[str, str] = EncryptedTextField(
        _("ID number of the contact"), max_length=20, blank=True, default=""
    )

    # What stood of an employer that this registration takes up again: it comes back where nothing comes of it.
    former: models.Field[str, str] = EncryptedTextField(max_length=2000, blank=True, default="", editable=False)

    objects = UnitRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration of an employer")
        verbose_name_plural = _("registrations of employers")

    def __str__(self) -> str:
        return str(self.organisation)


class PersonRegistrationQuerySet(models.QuerySet["PersonRegistration"]):
    def approved_of(self, person: Person) -> PersonRegistrationQuerySet:
        """Newest first; the education typed at registration may prefill later forms."""
        return self.filter(case__state=State.APPROVED, case__applicant__person=person).order_by("-case_id")

    def stale(self, moment: datetime) -> PersonRegistrationQuerySet:
        return self.filter(_waiting_since(moment)).select_related("case").order_by("case")


class PersonRegistration(Identity):
    """What the case of a 个人注册 is about. It becomes a ``Person`` when the employer approves it, and not before."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="person_registration")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("employer"))
    hired_on: models.Field[date, date] = models.DateField(_("joined the employer on"))
    education = models.CharField(_("education"), max_length=2, choices=EDUCATION.choices)
    degree = models.CharField(_("academic degree"), max_length=1, choices=DEGREE.choices, blank=True)
    school = models.CharField(_("school"), max_length=100)
    major = models.CharField(_("field of study"), max_length=100)
    graduated_on: models.Field[date, date] = models.DateField(_("graduated on"))
    full_time = models.BooleanField(_("full-time study"), default=True)
    certificate_number = models.CharField(_("number of the graduation certificate"), max_length=40)

    objects = PersonRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration of a person")
        verbose_name_plural = _("registrations of persons")


def first_with_token(token: UUID) -> Case | None:
    """What the form with this token made when it came the first time."""
    return Case.objects.filter(token=token, case_type__in=CASE_TYPES).select_related("applicant").first()


def registrations_of(user_id: int | None) -> models.QuerySet[Case]:
    """The cases of this user's own registrations, the latest first."""
    return (
        Case.objects.filter(applicant_id=user_id, case_type__in=CASE_TYPES)
        .select_related("region", "unit", "supervisor", "holder", "applicant")
        .order_by("-pk")
    )
