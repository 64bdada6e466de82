"""What others did to an account: who, what and when. The person concerned reads it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccountDeed
from workflow.models import Organisation
from workflow.triggers import erasable, purgeable


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def of(self, user_id: int | None) -> AccountEventQuerySet:
        """Newest first."""
        return self.filter(user=user_id).select_related("by", "organisation").order_by("-id")

    def before(self, pk: int | None) -> AccountEventQuerySet:
        return self.filter(pk__lt=pk) if pk is not None else self


class AccountEvent(models.Model):
    """Append-only, but for its words: triggers in both databases. Numbers stand here masked."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="account_events", verbose_name=_("account")
    )
    deed = models.CharField(_("what was done"), max_length=12, choices=AccountDeed.choices)
    # Empty: the system.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    note = models.CharField(_("details"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("time"))

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("deed on an account")
        verbose_name_plural = _("deeds on accounts")
        indexes = [models.Index(fields=["user", "-id"], name="account_event_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.deed}"


# Names and reasons go with the account; that something was done, by whom and when, stays for its time.
erasable(
    "accounts_accountevent",
    stays=["id", "user_id", "deed", "by_id", "organisation_id", "at"],
    words=["note", "reason"],
)
purgeable("accounts_accountevent")
