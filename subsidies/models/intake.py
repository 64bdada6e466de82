from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from subsidies.intakes import chinese_name, intake_text
from workflow.models import Batch


class Intake(models.Model):
    """批次 of applications: opened by the first one that is filed in it."""

    # 2026, 2026Q3 or 2026-07.
    code = models.CharField(_("code"), max_length=8, primary_key=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        ordering = ["-starts_on", "code"]
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="intake_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return intake_text(self.code)

    @property
    def chinese_name(self) -> str:
        return chinese_name(self.code)


class BatchIntake(models.Model):
    """Which intake a document of the offices is about: each document is about one."""

    batch = models.OneToOneField(Batch, models.CASCADE, primary_key=True, related_name="intake_of")
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="documents")

    class Meta:
        verbose_name = _("document of an intake")
        verbose_name_plural = _("documents of an intake")

    def __str__(self) -> str:
        return f"{self.batch_id} {self.intake_id}"
