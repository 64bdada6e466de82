from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel


class NotificationQuerySet(models.QuerySet["Notification"]):
    def station(self) -> NotificationQuerySet:
        return self.filter(channel=Channel.STATION)

    def of(self, user_id: int | None) -> NotificationQuerySet:
        return self.filter(recipient_id=user_id).order_by("-id")

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def before(self, pk: int | None) -> NotificationQuerySet:
        return self.filter(pk__lt=pk) if pk else self

    def mark_read(self, at: datetime) -> int:
        return self.unread().update(read_at=at)


class Notification(models.Model):
    """A message as the site shows it. The outbox row behind it is named, so that a second try delivers nothing."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="notifications",
        verbose_name=_("recipient"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.STATION)
    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"))
    case = models.ForeignKey("workflow.Case", models.PROTECT, null=True, db_index=False, related_name="+")
    source = models.ForeignKey("workflow.OutboxMessage", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["source", "recipient", "channel"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "channel", "-id"], name="notification_list"),
            models.Index(
                fields=["recipient"], condition=models.Q(read_at=None, channel="station"), name="notification_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.title
