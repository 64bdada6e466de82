"""Registered facts that change by a review: a unit's name, code and 主管部门, and a person's unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.models import Case, Organisation, Region

from .person import Person

if TYPE_CHECKING:
    from datetime import date


class UnitChange(models.Model):
    """What the case of a 变更 is about: what stood there when it was begun, and what shall stand there."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="unit_change")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="changes", verbose_name=_("employer"))
    name = models.CharField(_("name of the employer"), max_length=100)
    uscc = models.CharField(_("unified social credit code"), max_length=18)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("administrative division"))
    supervisor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("supervising department")
    )
    old_name = models.CharField(max_length=100)
    old_uscc = models.CharField(max_length=18)
    old_region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    old_supervisor = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    # Until it is approved, rejected or withdrawn.
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("change of an employer")
        verbose_name_plural = _("changes of employers")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(is_open=True), name="unit_change_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.name}"

    @property
    def is_renamed(self) -> bool:
        """What was checked as the unit's real name is another one."""
        return (self.old_name, self.old_uscc) != (self.name, self.uscc)


class UnitTransfer(models.Model):
    """What the case of a 变更单位 is about: a person joins a unit, which looks at it."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="unit_transfer")
    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("new employer"))
    old_unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("present employer")
    )
    hired_on: models.Field[date, date] = models.DateField(_("joined the employer on"))
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("change to another employer")
        verbose_name_plural = _("changes to another employer")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(is_open=True), name="transfer_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.unit}"
