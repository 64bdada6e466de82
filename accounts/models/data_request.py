"""What people ask of the office about their own data, and what came of it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.fields import EncryptedTextField
from workflow.triggers import append_only, purgeable

if TYPE_CHECKING:
    from datetime import datetime

# GB/T 35273-2020, 8.7: an answer with its reasons within thirty days.
ANSWER_WITHIN = timedelta(days=30)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def of(self, user_id: int | None) -> DataRequestQuerySet:
        return self.filter(user=user_id).order_by("-id")

    def waiting(self) -> DataRequestQuerySet:
        return self.filter(state=DataRequest.State.WAITING).select_related("user").order_by("id")

    def answered(self) -> DataRequestQuerySet:
        answers = [DataRequest.State.GRANTED, DataRequest.State.REFUSED]
        return self.filter(state__in=answers).select_related("user", "decided_by").order_by("-decided_at")


class DataRequest(models.Model):
    """更正 or 删除: asked by whoever the data is about, answered with a reason by the security administrator."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        DELETION = "deletion", _("Deletion of my data")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the answer")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="data_requests", verbose_name=_("user")
    )
    kind = models.CharField(_("kind of request"), max_length=12, choices=Kind.choices)
    # Key of the section of 我的信息 that a correction is about.
    subject = models.CharField(_("about"), max_length=40, blank=True)
    wish: models.Field[str, str] = EncryptedTextField(_("what is asked for"), max_length=500)
    asked_at = models.DateTimeField(_("asked at"))
    due_on = models.DateField(_("answer due on"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    answer: models.Field[str, str] = EncryptedTextField(_("answer"), max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    decided_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("answered at"), null=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("request about own data")
        verbose_name_plural = _("requests about own data")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"],
                condition=models.Q(state="waiting"),
                name="data_request_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "taken_back"], decided_by=None)
                | models.Q(state__in=["granted", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="data_request_decided_by_somebody",
            ),
            # Nobody answers the own request.
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("user")),
                name="data_request_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class DataErasure(models.Model):
    """What was erased and what the law kept when a deletion was granted. Append-only: triggers in both databases."""

    request = models.OneToOneField(
        DataRequest, models.PROTECT, related_name="erasure", verbose_name=_("request about own data")
    )
    # [{"what", "count"}] and [{"what", "why", "until"}]; numbers and kinds, no facts.
    erased = models.JSONField(_("erased"), default=list)
    kept = models.JSONField(_("kept by law"), default=list)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("erasure of an account")
        verbose_name_plural = _("erasures of accounts")

    def __str__(self) -> str:
        return str(self.request)


append_only(DataErasure._meta.db_table)
# Logs that are kept as long as the law asks for and no longer: ``accounts.retention``.
for _table in ("accounts_signin", "accounts_sensitiveview", "django_admin_log"):
    purgeable(_table)
