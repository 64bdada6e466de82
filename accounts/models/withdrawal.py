"""A consent taken back; the consent itself stays, as what was true until then."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from .consent import Consent


class ConsentWithdrawalQuerySet(models.QuerySet["ConsentWithdrawal"]):
    def in_force(self) -> ConsentWithdrawalQuerySet:
        return self.filter(given_again_at=None)


class ConsentWithdrawal(models.Model):
    """A consent was taken back; the consent itself stays, as what was true until then."""

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="withdrawals", verbose_name=_("consent"))
    at = models.DateTimeField(_("withdrawn at"))
    given_again_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(
        _("given again at"), null=True
    )

    objects = ConsentWithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("withdrawal of a consent")
        verbose_name_plural = _("withdrawals of consents")
        constraints = [
            models.UniqueConstraint(
                fields=["consent"], condition=models.Q(given_again_at=None), name="consent_withdrawn_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.consent)
