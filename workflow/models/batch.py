"""Documents over many cases: lists that are reported, published, summed up and paid."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor
from workflow.enums import BatchKind, ObjectionStatus
from workflow.fields import EncryptedTextField

from .case import Case
from .place import Organisation
from .record import Act

if TYPE_CHECKING:
    OptionalDay = models.Field[date | None, date | None]


class Batch(models.Model):
    """A document with members and a version; its status is derived from its members."""

    kind = models.CharField(_("kind"), max_length=20, choices=BatchKind.choices)
    number = models.CharField(_("batch number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    case_type = models.CharField(max_length=40)
    # The stage whose act opened it: a case that stands before it again is taken out.
    stage = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="batches")
    act = models.ForeignKey(Act, models.PROTECT, related_name="batches")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return self.title


class BatchVersion(models.Model):
    """What the document said at each version."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"))
    count = models.PositiveIntegerField(_("cases"))
    total = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        ordering = ["batch", "version"]
        constraints = [models.UniqueConstraint(fields=["batch", "version"], name="batch_version_once")]


class BatchMember(models.Model):
    batch = models.ForeignKey(Batch, models.CASCADE, db_index=False, related_name="members")
    case = models.ForeignKey(Case, models.PROTECT, related_name="memberships")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    removed_in = models.PositiveSmallIntegerField(_("taken out in version"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "case"], name="batch_member_once")]


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    def published(self) -> PublicNoticeQuerySet:
        return self.select_related("batch__organisation__region").order_by("-starts_on", "-id")

    def running(self, today: date) -> PublicNoticeQuerySet:
        return self.filter(ends_on__gte=today)

    def over(self, today: date) -> PublicNoticeQuerySet:
        return self.filter(ends_on__lt=today)


# Within which an objection is decided, where a notice says nothing else (default_config: objection_review_workdays).
OBJECTION_DAYS = 10


class PublicNotice(models.Model):
    """公示: one public list of many cases, for N working days from the day after publication."""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="notice")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    working_days = models.PositiveSmallIntegerField(_("working days"))
    objection_days = models.PositiveSmallIntegerField(_("working days to examine an objection"), default=OBJECTION_DAYS)
    phone = models.CharField(_("supervision telephone"), max_length=40)
    email = models.EmailField(_("supervision e-mail"), blank=True)
    note = models.TextField(_("how to object"), blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="notice_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.batch.title

    def is_open(self, today: date) -> bool:
        """Whether objections are still received: from the publication to the last day."""
        return today <= self.ends_on

    def members(self) -> models.QuerySet[BatchMember]:
        """The cases that stand on the list, in the order of the list."""
        return self.batch.members.filter(removed_in=None).select_related("case").order_by("id")


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Actor) -> ObjectionQuerySet:
        """Only the office that published the notice reads who objected to what."""
        if actor.organisation_id is None:
            return self.none()
        return self.filter(notice__batch__organisation_id=actor.organisation_id)

    def for_list(self) -> ObjectionQuerySet:
        return self.select_related("case", "notice__batch__organisation__region").defer(
            "name", "contact", "content", "case__summary"
        )

    def for_decision(self) -> ObjectionQuerySet:
        return self.select_related("case", "notice__batch__organisation__region", "decided_by")


class Objection(models.Model):
    """An objection against one case of a notice; it holds back that case alone."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    case = models.ForeignKey(Case, models.PROTECT, related_name="objections")
    # Who objects and what they say is for the office alone: neither stands in plain text in the database.
    name = EncryptedTextField(_("name of the objector"), max_length=60)
    contact = EncryptedTextField(_("contact"))
    content = EncryptedTextField(_("content"))
    status = models.CharField(_("status"), max_length=12, choices=ObjectionStatus.choices, default=ObjectionStatus.OPEN)
    finding = models.TextField(_("finding"), blank=True)
    created_at = models.DateTimeField(_("received at"))
    # None of those received before notices had such a time.
    due_on: OptionalDay = models.DateField(_("to be decided by"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(
                name="objection_decided_with_finding",
                condition=Q(status=ObjectionStatus.OPEN) | ~Q(finding=""),
            )
        ]
