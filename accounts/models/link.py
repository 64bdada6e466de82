"""Links that are good once: whoever got one on the own phone or mailbox chooses a password that nobody else knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import LinkPurpose

LIFETIMES = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.PASSWORD: timedelta(days=1)}


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    def open(self) -> OneTimeLinkQuerySet:
        """Neither used nor replaced by a newer one; it may have expired."""
        return self.filter(used_at=None, voided_at=None)

    def of(self, user_id: int) -> OneTimeLinkQuerySet:
        return self.filter(user=user_id)


class OneTimeLink(models.Model):
    """One link that was sent. Times are the machine's: a moved business date makes no link older."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links", verbose_name=_("user"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=LinkPurpose.choices)
    # Keyed; the token itself stands in the message alone.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # The keyed hash of the phone or mailbox: a link to a phone that the account has given up is no longer good.
    target_hash = models.CharField(max_length=64, editable=False)
    target_masked = models.CharField(_("sent to"), max_length=254)
    # Who asked for it; empty: the person concerned, or the system.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    created_at = models.DateTimeField(_("time"))
    expires_at: models.Field[datetime, datetime] = models.DateTimeField(_("good until"))
    used_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("used at"), null=True)
    voided_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("replaced at"), null=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None, voided_at=None), name="link_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.user_id}"
