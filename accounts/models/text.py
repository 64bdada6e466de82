from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import SendState
from workflow.fields import EncryptedJSONField, EncryptedTextField

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sending(models.Model):
    """One message to one address: what is queued, and afterwards the log of what was sent.

    ``retry_at`` and ``expires_at`` are machine time: a moved business date sends nothing sooner.
    """

    # The same at every try, for providers that know a message by its key.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recipient")
    )
    case = models.ForeignKey("workflow.Case", models.PROTECT, null=True, db_index=False, related_name="+")
    source = models.ForeignKey("workflow.OutboxMessage", models.SET_NULL, null=True, related_name="+")
    template = models.CharField(_("template"), max_length=40)
    language = models.CharField(max_length=10, default="zh-hans")
    # {placeholder: text}; gone as soon as the message is, except in demo mode, whose inbox shows it.
    params: models.Field[Mapping[str, str] | None, Mapping[str, str] | None] = EncryptedJSONField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=SendState.choices, default=SendState.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # Claimed, or failed for now: nobody tries before this moment.
    retry_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("next try"), null=True)
    answer = models.CharField(_("provider's answer"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("time"))
    sent_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("sent at"), null=True)
    # The last try got no clear answer: perhaps it was taken.
    unsure_since: models.Field[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"


class TextMessageQuerySet(models.QuerySet["TextMessage"]):
    def queued(self) -> TextMessageQuerySet:
        return self.filter(state=SendState.QUEUED)

    def due(self, now: datetime) -> TextMessageQuerySet:
        """Codes first, then in the order of their writing."""
        due = models.Q(retry_at=None) | models.Q(retry_at__lte=now)
        return self.queued().filter(due).order_by("-urgent", "id")

    def counted_on(self, day: date) -> int:
        return self.filter(counted_on=day).count()


class TextMessage(Sending):
    """A message to a mobile phone."""

    phone: models.Field[str, str] = EncryptedTextField(_("mobile number"), max_length=20)
    phone_masked = models.CharField(_("mobile number"), max_length=20)
    phone_hash = models.CharField(max_length=64, editable=False)
    # Codes wait for no quiet hours and draw on the reserve of the day.
    urgent = models.BooleanField(_("urgent"), default=False)
    expires_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(null=True)
    # The day in whose budget it stands.
    counted_on: models.Field[date | None, date | None] = models.DateField(null=True)
    provider_id = models.CharField(_("number at the provider"), max_length=64, blank=True)
    delivered_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("delivered at"), null=True)

    objects = TextMessageQuerySet.as_manager()

    class Meta(Sending.Meta):
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        constraints = [
            models.UniqueConstraint(fields=["source", "user"], name="text_once"),
        ]
        indexes = [
            models.Index(fields=["-urgent", "id"], condition=models.Q(state=SendState.QUEUED), name="text_queued"),
            models.Index(fields=["counted_on"], name="text_of_day"),
            models.Index(fields=["provider_id"], condition=~models.Q(provider_id=""), name="text_at_provider"),
        ]


class MailMessageQuerySet(models.QuerySet["MailMessage"]):
    def queued(self) -> MailMessageQuerySet:
        return self.filter(state=SendState.QUEUED)

    def due(self, now: datetime) -> MailMessageQuerySet:
        return self.queued().filter(models.Q(retry_at=None) | models.Q(retry_at__lte=now)).order_by("id")

    def asked_after(self, user_id: int, template: str, moment: datetime) -> MailMessageQuerySet:
        return self.filter(user_id=user_id, template=template, created_at__gt=moment)


class MailMessage(Sending):
    """A message to an e-mail address."""

    address: models.Field[str, str] = EncryptedTextField(_("e-mail"), max_length=254)
    address_masked = models.CharField(_("e-mail"), max_length=254)

    objects = MailMessageQuerySet.as_manager()

    class Meta(Sending.Meta):
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        constraints = [models.UniqueConstraint(fields=["source", "user"], name="mail_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(state=SendState.QUEUED), name="mail_queued")]
