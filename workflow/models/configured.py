"""What a place grants for a time, and the papers it asks for: configuration that services have in common."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .place import Region, in_chinese

if TYPE_CHECKING:
    Day = models.Field[date, date]
    OptionalDay = models.Field[date | None, date | None]

M = TypeVar("M", bound=models.Model)


class GrantQuerySet(models.QuerySet[M]):
    """``parts``: the related names of the rows that belong to one grant."""

    parts: ClassVar[tuple[str, ...]] = ()

    def in_force(self, day: date) -> Self:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)

    def covering(self, region: Region) -> Self:
        """Grants of this region and of those above it."""
        return self.filter(region__in=region.ancestors)

    def whole(self) -> Self:
        return self.prefetch_related(*self.parts)

    def newest(self) -> M | None:
        return self.whole().order_by("-valid_from", "-id").first()

    def for_applicants_of(self, region: Region, day: date) -> M | None:
        """Under which somebody of this region applies; the newest one, where two overlap."""
        return self.in_force(day).covering(region).newest()

    def for_guide(self, region: Region | None, day: date) -> M | None:
        """What the public guide describes: the person's own one, else the newest in force."""
        own = self.for_applicants_of(region, day) if region is not None else None
        return own or self.in_force(day).newest()


class Grant(models.Model):
    """A subsidy or a card as one place grants it for one time."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    valid_from: Day = models.DateField(_("valid from"))
    valid_until: OptionalDay = models.DateField(_("valid until"), null=True, blank=True)
    legal_basis = models.TextField(_("basis"), blank=True)
    legal_basis_en = models.TextField(_("basis in English"), blank=True)
    contact = models.CharField(_("where to ask"), max_length=200, blank=True)
    contact_en = models.CharField(_("where to ask, in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name if in_chinese() else self.name_en

    @property
    def legal_basis_text(self) -> str:
        return spoken(self.legal_basis, self.legal_basis_en)

    @property
    def contact_text(self) -> str:
        return spoken(self.contact, self.contact_en)


def spoken(chinese: str, english: str) -> str:
    """In the language of the page; what nobody has translated is shown as it is."""
    return chinese if in_chinese() or not english else english


class PaperLine(models.Model):
    """One line of a list of materials; lines with the same ``one_of`` are alternatives of each other.

    The service adds to what the line belongs, and ``condition``: when it is asked for at all.
    """

    ALWAYS = "always"

    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=60)
    label = models.CharField(_("name"), max_length=80)
    label_en = models.CharField(_("name in English"), max_length=120)
    required = models.BooleanField(_("required"), default=True)
    one_of = models.SlugField(_("one of"), max_length=40, blank=True)
    condition = models.CharField(_("asked for"), max_length=20, default=ALWAYS)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label if in_chinese() else self.label_en

    if TYPE_CHECKING:

        def get_condition_display(self) -> str: ...

    @property
    def hint_text(self) -> str:
        return self.hint if in_chinese() else self.hint_en
