from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import CodePurpose


class SmsCodeQuerySet(models.QuerySet["SmsCode"]):
    def sent_after(self, moment: datetime) -> SmsCodeQuerySet:
        return self.filter(sent_at__gt=moment)

    def to_phone(self, phone_hash: str) -> SmsCodeQuerySet:
        return self.filter(phone_hash=phone_hash)

    def from_address(self, address_hash: str) -> SmsCodeQuerySet:
        return self.filter(address_hash=address_hash)

    def open(self) -> SmsCodeQuerySet:
        """Neither used nor replaced by a newer one; it may have expired."""
        return self.filter(used_at=None, voided_at=None)

    def void_older(self, phone_hash: str, purpose: str, now: datetime) -> int:
        return self.open().filter(phone_hash=phone_hash, purpose=purpose).update(voided_at=now)


class SmsCode(models.Model):
    """One code that was asked for. Times are the machine's: a moved business date makes no code older.

    Codes asked for by a phone that nobody has registered stand here too: they are counted, and never sent.
    """

    LIFETIME = timedelta(minutes=5)
    TRIES = 5

    purpose = models.CharField(_("purpose"), max_length=20, choices=CodePurpose.choices)
    phone_hash = models.CharField(max_length=64, editable=False)
    browser_hash = models.CharField(max_length=64, editable=False)
    address_hash = models.CharField(max_length=64, editable=False)
    # Keyed, and over everything that the code is bound to: the same six digits differ from row to row.
    digest = models.CharField(max_length=64, editable=False)
    sent_at = models.DateTimeField(_("sent at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True)
    voided_at = models.DateTimeField(_("replaced at"), null=True)

    objects = SmsCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code by text message")
        verbose_name_plural = _("codes by text message")
        indexes = [
            models.Index(fields=["phone_hash", "sent_at"], name="code_of_phone"),
            models.Index(fields=["address_hash", "sent_at"], name="code_of_address"),
            models.Index(fields=["sent_at"], name="code_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.phone_hash[:8]}"

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + self.LIFETIME


class CodeGate(models.Model):
    """One row per phone and per address: who holds it counts and sends alone."""

    key = models.CharField(max_length=64, primary_key=True)
    touched_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("gate of codes")
        verbose_name_plural = _("gates of codes")

    def __str__(self) -> str:
        return self.key[:8]
