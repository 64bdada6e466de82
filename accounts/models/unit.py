from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import Affiliation
from workflow.codelists import INDUSTRY, UNIT_KIND
from workflow.fields import EncryptedTextField
from workflow.models import Organisation

if TYPE_CHECKING:
    from datetime import date


class UnitProfile(models.Model):
    """What an employer says of itself; its name, region and 主管部门 stand in the organisation."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="profile", verbose_name=_("organisation")
    )
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    principal = models.CharField(_("head of the employer"), max_length=50)
    principal_phone: models.Field[str, str] = EncryptedTextField(_("telephone of the head"), max_length=30)
    unit_kind = models.CharField(_("type of employer"), max_length=2, choices=UNIT_KIND.choices)
    industry = models.CharField(_("industry"), max_length=1, choices=INDUSTRY.choices)
    address: models.Field[str, str] = EncryptedTextField(_("registered or business address"), max_length=200)
    founded_on: models.Field[date | None, date | None] = models.DateField(_("founded on"), null=True, blank=True)
    affiliation = models.CharField(
        _("subordinate to"), max_length=10, choices=Affiliation.choices, default=Affiliation.LOCAL
    )

    class Meta:
        verbose_name = _("employer's details")
        verbose_name_plural = _("employers' details")

    def __str__(self) -> str:
        return self.uscc
