from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from talent.models import Education
from workflow.actors import Actor
from workflow.codelists import MARITAL
from workflow.fields import EncryptedJSONField, EncryptedTextField
from workflow.models import Case

from .intake import Intake
from .programme import Programme

if TYPE_CHECKING:
    Secret = models.Field[str, str]

# GB/T 2261.2: married for the first time, remarried and remarried to the same spouse are 已婚.
MARRIED = ("20", "21", "22", "23")


class RentApplicationQuerySet(models.QuerySet["RentApplication"]):
    def visible_to(self, actor: Actor) -> RentApplicationQuerySet:
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def mine(self, actor: Actor) -> RentApplicationQuerySet:
        """The person's own, newest first; nobody else fills in a form."""
        if not actor.is_person:
            return self.none()
        return self.filter(case__applicant_id=actor.user_id).select_related("case", "programme").order_by("-case_id")

    def last_filed_by(self, person: Person) -> RentApplication | None:
        """Where the person last said where he lives and which account is his."""
        return self.filter(person=person).exclude(case__number="").order_by("-case_id").first()

    def of_cases(self, cases: Iterable[Case]) -> RentApplicationQuerySet:
        return self.filter(case__in=cases)

    def filed(self, cases: Iterable[Case]) -> RentApplicationQuerySet:
        """With what the months of a filing are named by."""
        return self.filter(case__in=cases).select_related("case", "programme")

    def with_papers(self) -> RentApplicationQuerySet:
        return self.select_related("education").prefetch_related("programme__papers")

    def whole(self) -> RentApplicationQuerySet:
        """With everything that rules and filing read; the number of queries does not grow with the rows."""
        return self.select_related(
            "case__unit__profile",
            "case__region",
            "person__household",
            "person__unit__profile",
            "person__unit__region",
            "education",
            "programme",
        ).prefetch_related("programme__levels", "programme__papers")


class RentApplication(models.Model):
    """大学生租房补助申请表: the live form of one case. Columns are empty until the person fills them in."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="rent_application")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="applications", verbose_name=_("programme"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="rent_applications", verbose_name=_("person"))
    education = models.ForeignKey(
        Education, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("education")
    )
    # 就业
    came_on = models.DateField(_("first employed in this city on"), null=True, blank=True)
    insured_from = models.DateField(_("social insurance first paid in"), null=True, blank=True)
    insured_months = models.PositiveSmallIntegerField(_("months paid without a break"), null=True, blank=True)
    # 住房
    owns_house = models.BooleanField(_("own home in this city (yours or your spouse's)"), null=True, blank=True)
    marital = models.CharField(_("marital status"), max_length=2, choices=MARITAL.choices, blank=True)
    spouse_name = models.CharField(_("name of the spouse"), max_length=50, blank=True)
    spouse_number: Secret = EncryptedTextField(_("ID number of the spouse"), max_length=30, blank=True, default="")
    spouse_unit = models.CharField(_("employer of the spouse"), max_length=100, blank=True)
    enjoyed_other = models.BooleanField(_("other housing support enjoyed"), null=True, blank=True)
    address: Secret = EncryptedTextField(_("rented address"), max_length=200, blank=True, default="")
    landlord_name = models.CharField(_("name of the landlord"), max_length=100, blank=True)
    landlord_number: Secret = EncryptedTextField(_("ID number of the landlord"), max_length=30, blank=True, default="")
    landlord_phone: Secret = EncryptedTextField(_("telephone of the landlord"), max_length=30, blank=True, default="")
    lease_start = models.DateField(_("lease from"), null=True, blank=True)
    lease_end = models.DateField(_("lease until"), null=True, blank=True)
    monthly_rent = models.DecimalField(
        _("monthly rent"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    lease_recorded = models.BooleanField(_("lease recorded with the housing authority"), null=True, blank=True)
    # 批次: fixed by the first submission.
    intake = models.ForeignKey(
        Intake, models.PROTECT, null=True, editable=False, related_name="applications", verbose_name=_("intake")
    )
    # 补助; months, written as their first days.
    start = models.DateField(_("subsidy from"), null=True, blank=True)
    end = models.DateField(_("subsidy until"), null=True, blank=True)
    # 账户
    account_holder = models.CharField(_("account holder"), max_length=50, blank=True)
    bank = models.CharField(_("bank"), max_length=60, blank=True)
    branch = models.CharField(_("branch"), max_length=100, blank=True)
    account: Secret = EncryptedTextField(_("account number"), max_length=30, blank=True, default="")
    social_card = models.BooleanField(_("financial account of the social security card"), default=False)
    # 承诺
    pledged = models.BooleanField(_("pledge of truthfulness"), default=False)
    # What was typed in a draft and cannot be read yet: nothing is lost, {field: text}.
    typed: models.Field[Any, Any] = EncryptedJSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)

    objects = RentApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for the rent subsidy")
        verbose_name_plural = _("applications for the rent subsidy")

    def __str__(self) -> str:
        return str(self.case)

    @property
    def is_married(self) -> bool:
        return self.marital in MARRIED
