"""Where cases live and who may act: regions, organisations, duties."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language, gettext
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
        """Duties that hold on this day; a stand-in's only while the absent person has the seat."""
        days = Q(ends_on=None) | Q(ends_on__gte=day)
        seat = Q(user=OuterRef("stands_in_for"), organisation=OuterRef("organisation"), role=OuterRef("role"))
        absent = Duty.objects.filter(seat, days, starts_on__lte=day, stands_in_for=None)
        return self.filter(
            days, Q(stands_in_for=None) | Q(Exists(absent)), starts_on__lte=day, organisation__active=True
        )

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
    # A stand-in: acts in the seat of somebody absent, whose acts on a case count as the stand-in's own, and for whom
    # nothing is allowed that the absent person may not do.
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands in for"),
        help_text=_("Somebody absent who has this duty; such a duty needs a last day and a reason."),
    )
    reason = models.CharField(_("reason of the absence"), max_length=100, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role", "starts_on"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="duty_ends_after_start"
            ),
            models.CheckConstraint(
                name="stand_in_has_end_and_reason",
                condition=Q(stands_in_for=None) | Q(ends_on__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="stand_in_is_somebody_else",
                condition=Q(stands_in_for=None) | ~Q(stands_in_for=models.F("user")),
            ),
        ]

    def __str__(self) -> str:
        text = f"{self.organisation} · {self.get_role_display()}"
        if self.stands_in_for_id is None:
            return text
        return gettext("%(duty)s (standing in for %(name)s)") % {"duty": text, "name": self.stands_in_for}

    def clean(self) -> None:
        """A stand-in has the seat of a duty that lasts as long, and nobody has one seat as both at a time."""
        if not self.organisation_id or not self.starts_on:
            return  # the form has refused one of them already
        seat = Duty.objects.filter(organisation=self.organisation_id, role=self.role)
        if self.stands_in_for_id is not None:
            self._check_stand_in(seat)
        mine = seat.filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on), user=self.user_id).exclude(pk=self.pk)
        if self.ends_on is not None:
            mine = mine.filter(starts_on__lte=self.ends_on)
        if self.stands_in_for_id is not None and mine.exists():
            raise ValidationError(gettext("The stand-in has a duty in this seat already."), "stand_in_twice")
        if self.stands_in_for_id is None and mine.exclude(stands_in_for=None).exists():
            raise ValidationError(
                gettext("This user stands in for somebody in this seat at that time."), "stand_in_own"
            )
        self._check_own_stand_ins()

    def _check_own_stand_ins(self) -> None:
        """A duty that is shortened or moved leaves nobody behind who stands in for it."""
        before = Duty.objects.filter(pk=self.pk, stands_in_for=None).first() if self.pk else None
        if before is None:
            return
        seat = Duty.objects.filter(organisation=before.organisation_id, role=before.role)
        own = [*seat.filter(user=before.user_id, stands_in_for=None).exclude(pk=self.pk)]
        if self._seat == before._seat:
            own.append(self)
        for stand_in in seat.filter(stands_in_for=before.user_id):
            if not any(duty.covers(stand_in) for duty in own):
                message = gettext("%(name)s stands in for this duty until %(day)s: end that first.")
                raise ValidationError(
                    message, "stand_in_left", {"name": stand_in.user, "day": f"{stand_in.ends_on:%Y-%m-%d}"}
                )

    @property
    def _seat(self) -> tuple[int | None, int | None, int, str]:
        return self.user_id, self.stands_in_for_id, self.organisation_id, self.role

    def covers(self, other: Duty) -> bool:
        """Whether it lasts for all the days of the other one."""
        ends_later = self.ends_on is None or (other.ends_on is not None and self.ends_on >= other.ends_on)
        return self.starts_on <= other.starts_on and ends_later

    def _check_stand_in(self, seat: DutyQuerySet) -> None:
        if self.ends_on is None or not self.reason:
            raise ValidationError(gettext("A stand-in needs a last day and a reason."), "stand_in_open")
        if self.stands_in_for_id == self.user_id:
            raise ValidationError(gettext("Nobody stands in for themselves."), "stand_in_self")
        absent = seat.filter(user=self.stands_in_for_id, stands_in_for=None)
        if not absent.on(self.starts_on).filter(Q(ends_on=None) | Q(ends_on__gte=self.ends_on)).exists():
            raise ValidationError(
                gettext("The absent person has no such duty for the whole of that time."), "stand_in_seat"
            )


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
