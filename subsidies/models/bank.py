from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from subsidies.enums import FAILED, RowOutcome
from workflow.enums import ScanStatus
from workflow.models import Job, Organisation


def stored_name(bank_file: BankFile, filename: str) -> str:
    """A random name: what people called the file is kept in the row, never in a path."""
    return f"bank/{bank_file.token.hex[:2]}/{bank_file.token.hex}"


class BankFileQuerySet(models.QuerySet["BankFile"]):
    def of_office(self, organisation: Organisation | None) -> BankFileQuerySet:
        """What anybody of this finance office has uploaded, newest first."""
        return self.filter(organisation=organisation).select_related("uploaded_by", "job").order_by("-id")


class BankFile(models.Model):
    """银行回单 as it was uploaded: kept as evidence, read by a task, with what became of each of its rows."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_files")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    job = models.OneToOneField(Job, models.PROTECT, related_name="bank_file")
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(upload_to=stored_name, max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=20, choices=ScanStatus.choices, default=ScanStatus.NOT_SCANNED)
    # The last row of the sheet that was dealt with: a task that begins again goes on behind it.
    read_until = models.PositiveIntegerField(default=0)
    recorded = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # Why nothing of it could be read.
    problem = models.CharField(max_length=200, blank=True)

    objects = BankFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("results of the bank")
        verbose_name_plural = _("results of the bank")

    def __str__(self) -> str:
        return self.name

    @property
    def row_count(self) -> int:
        return self.recorded + self.known + self.failed


class BankRowQuerySet(models.QuerySet["BankRow"]):
    def failed(self) -> BankRowQuerySet:
        return self.filter(outcome__in=FAILED)


class BankRow(models.Model):
    """One row of the workbook and what became of it."""

    file = models.ForeignKey(BankFile, models.CASCADE, db_index=False, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    # The texts of the columns as they were read.
    cells = models.JSONField()
    outcome = models.CharField(_("outcome"), max_length=12, choices=RowOutcome.choices)
    problem = models.CharField(_("why not"), max_length=200, blank=True)

    objects = BankRowQuerySet.as_manager()

    class Meta:
        ordering = ["file", "row"]
        constraints = [
            models.UniqueConstraint(fields=["file", "row"], name="bank_row_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=FAILED) & ~models.Q(problem="")
                | ~models.Q(outcome__in=FAILED) & models.Q(problem=""),
                name="bank_row_failed_with_reason",
            ),
        ]
