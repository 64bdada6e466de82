"""Where cases live and who may act: regions, organisations, duties."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workflow.enums import OrganisationKind, Role


def ancestors_of(lineage: str) -> list[str]:
    """Codes from the region with this lineage upwards, itself first."""
    return lineage.strip("/").split("/")[::-1]


class Region(models.Model):
    """A division of GB/T 2260; towns carry three more digits (GB/T 10114). A level may be missing."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    level = models.PositiveSmallIntegerField(_("level"), help_text=_("1 province, 2 city, 3 county, 4 town"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Codes from the province down to this region, "/" before each: ancestors without a query.
    lineage = models.CharField(max_length=60, db_index=True, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name

    @property
    def ancestors(self) -> list[str]:
        """Codes from this region upwards, itself first."""
        return ancestors_of(self.lineage)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> OrganisationQuerySet:
        return self.filter(active=True)

    def units(self) -> OrganisationQuerySet:
        return self.filter(kind=OrganisationKind.UNIT)

    def supervising(self, region_code: str) -> OrganisationQuerySet:
        """The HR bureaus that a unit of this county may choose as 主管部门."""
        return self.active().filter(
            kind__in=[OrganisationKind.COUNTY_HR, OrganisationKind.CITY_HR], region_id=region_code
        )


class Organisation(models.Model):
    """Anything that can hold a case: an employer as well as an office."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations", verbose_name=_("region"))
    # A unit's chosen 主管部门; for an office, the office above it.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("supervising office")
    )
    active = models.BooleanField(_("active"), default=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["kind", "region"])]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class DutyQuerySet(models.QuerySet["Duty"]):
    def on(self, day: date) -> DutyQuerySet:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, organisation__active=True)

    def of(self, user_id: int) -> DutyQuerySet:
        return self.filter(user_id=user_id).select_related("organisation__region").order_by("id")


class Duty(models.Model):
    """This user acts for this organisation in this role, from a day until a day (both inclusive)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties", verbose_name=_("user"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="duties", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.HANDLER)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role", "starts_on"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="duty_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
