"""服务专员 changed by the bureau: who gave an applicant into whose hands, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflow.models import Case, Organisation
from workflow.triggers import append_only

if TYPE_CHECKING:
    Moment = models.Field[datetime, datetime]


class SpecialistChange(models.Model):
    """An act beside the chain: the case stays where it stands."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="specialist_changes", verbose_name=_("case"))
    before = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("until now")
    )
    after = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("from now on"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("office"))
    at: Moment = models.DateTimeField(_("changed at"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of the service specialist")
        verbose_name_plural = _("changes of service specialists")
        constraints = [
            models.CheckConstraint(condition=Q(before=None) | ~Q(before=F("after")), name="specialist_changes"),
            models.CheckConstraint(condition=~Q(reason=""), name="specialist_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.after}"


append_only("talent_specialistchange")
