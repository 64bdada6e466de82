from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.codelists import DOCUMENT_KINDS, ECONOMIC, INDUSTRY_DIVISION
from workflow.fields import EncryptedTextField
from workflow.models import Material, Organisation, Region

if TYPE_CHECKING:
    from datetime import date

DAYS_OF_MONTH = [MinValueValidator(1), MaxValueValidator(31)]


class LabourProfile(models.Model):
    """信息完善: what labour inspection knows of a unit beside its registration (spec 7.1)."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="labour_profile", verbose_name=_("organisation")
    )
    economic = models.CharField(_("type of economy"), max_length=3, choices=ECONOMIC.choices)
    division = models.CharField(_("industry"), max_length=2, choices=INDUSTRY_DIVISION.choices)
    founded_on: models.Field[date, date] = models.DateField(_("founded on"))
    registered_in = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("place of registration"))
    registered_address: models.Field[str, str] = EncryptedTextField(_("registered address"), max_length=200)
    business_in = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("place of business"))
    business_address: models.Field[str, str] = EncryptedTextField(_("business address"), max_length=200)
    principal_document_kind = models.CharField(
        _("kind of document"), max_length=2, choices=DOCUMENT_KINDS.choices, default="01"
    )
    principal_number: models.Field[str, str] = EncryptedTextField(
        _("document number of the legal representative"), max_length=30
    )
    staff_officer = models.CharField(_("head of personnel"), max_length=50)
    staff_phone: models.Field[str, str] = EncryptedTextField(_("telephone of the head of personnel"), max_length=30)
    contact = models.CharField(_("contact person"), max_length=50)
    contact_phone: models.Field[str, str] = EncryptedTextField(_("mobile number of the contact"), max_length=20)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    social_number = models.CharField(_("social insurance number"), max_length=30, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    bank_account: models.Field[str, str] = EncryptedTextField(_("bank account"), max_length=40, blank=True, default="")
    sends_workers = models.BooleanField(_("labour dispatch company"))
    builds = models.BooleanField(_("building company"))
    has_branches = models.BooleanField(_("has branches"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("number of employees"))
    payday = models.PositiveSmallIntegerField(_("day of payment"), null=True, blank=True, validators=DAYS_OF_MONTH)
    licence = models.ForeignKey(Material, models.PROTECT, related_name="+", verbose_name=_("business licence"))
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    completed_at: models.Field[datetime, datetime] = models.DateTimeField(_("completed at"))

    class Meta:
        verbose_name = _("employer's details for labour inspection")
        verbose_name_plural = _("employers' details for labour inspection")

    def __str__(self) -> str:
        return str(self.organisation_id)
