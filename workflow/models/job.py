"""Rows that are the queue: messages to deliver and long work to do."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor
from workflow.enums import JobState

from .case import Case
from .place import Organisation


class OutboxMessage(models.Model):
    """Written in the transaction of what it tells; a worker claims, delivers and marks it."""

    kind = models.CharField(max_length=40)
    case = models.ForeignKey(Case, models.PROTECT, null=True, db_index=False, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, db_index=False, related_name="+")
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Claimed or failed: nobody else tries before this moment (machine time).
    retry_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [models.Index(fields=["id"], condition=models.Q(delivered_at=None), name="outbox_undelivered")]


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Actor) -> JobQuerySet:
        """Whoever asked, in whatever duty they act now; a result is nobody else's."""
        return self.filter(asked_by_id=actor.user_id)


class Job(models.Model):
    """Long work: claimed by a worker, progress in the row, result as an expiring file for who asked."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=120)
    params = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=JobState.choices, default=JobState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    result = models.FileField(upload_to="jobs/", blank=True)
    result_name = models.CharField(max_length=120, blank=True)
    outcome = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("expires at"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [models.Index(fields=["id"], condition=models.Q(state="waiting"), name="job_waiting")]


class NumberCounter(models.Model):
    """The last number given to a region, kind and day; its row stays locked until the commit: no gaps."""

    prefix = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)
