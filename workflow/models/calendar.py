"""Days: the published arrangement, an administrator's own days, and the demo clock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.enums import DayKind

from .place import Region


class CalendarDay(models.Model):
    """A day that differs from the weekly rule; without a region it holds for the whole country."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=60)
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, verbose_name=_("region"))

    class Meta:
        ordering = ["day"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        # Two rules, because NULL equals nothing: SQLite knows no "nulls not distinct".
        constraints = [
            models.UniqueConstraint(fields=["day", "region"], name="calendar_day_once"),
            models.UniqueConstraint(
                fields=["day"], condition=models.Q(region=None), name="calendar_day_once_nationally"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class DemoClock(models.Model):
    """One row: by how many days the business date runs ahead in demo mode."""

    days_ahead = models.PositiveIntegerField(default=0)
