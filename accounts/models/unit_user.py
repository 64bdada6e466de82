from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.fields import EncryptedTextField
from workflow.models import Organisation


class UnitUser(models.Model):
    """An account that a unit's administrator opened for a colleague (单位用户管理)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="unit_user")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="unit_users", verbose_name=_("employer")
    )
    # Taken while the account is active, given back while it is stopped.
    number: models.Field[str, str] = EncryptedTextField(_("ID number"), max_length=30)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("user of an employer")
        verbose_name_plural = _("users of employers")

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.user_id}"
