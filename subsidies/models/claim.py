from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from workflow.models import Case
from workflow.triggers import kept_while


class MonthClaimQuerySet(models.QuerySet["MonthClaim"]):
    def of(self, person_id: int, family: str) -> MonthClaimQuerySet:
        return self.filter(person_id=person_id, family=family)

    def of_persons(self, person_ids: set[int]) -> MonthClaimQuerySet:
        return self.filter(person__in=person_ids).select_related("case")

    def of_cases(self, cases: Iterable[Case]) -> MonthClaimQuerySet:
        return self.filter(case__in=cases)

    def besides(self, case_id: int | None) -> MonthClaimQuerySet:
        return self.exclude(case_id=case_id) if case_id else self

    def holders(self) -> dict[date, str]:
        """{month: number of the case that holds it}"""
        return dict(self.order_by("month").values_list("month", "case__number"))


class MonthClaim(models.Model):
    """A month that somebody has applied for: no month is ever paid twice to one person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="month_claims")
    family = models.SlugField(_("family of programmes"), max_length=40)
    month = models.DateField(_("month"), help_text=_("its first day"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="month_claims")

    objects = MonthClaimQuerySet.as_manager()

    class Meta:
        ordering = ["person", "month"]
        verbose_name = _("month applied for")
        verbose_name_plural = _("months applied for")
        constraints = [
            models.UniqueConstraint(fields=["person", "family", "month"], name="month_claimed_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="month_claim_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month:%Y-%m}"


# A payment that came back may be made again at any time: its months stay held too. The trigger comes after every
# migration, and so behind every change of the payments.
kept_while(
    MonthClaim._meta.db_table, "EXISTS (SELECT 1 FROM subsidies_payment WHERE subsidies_payment.case_id = OLD.case_id)"
)
