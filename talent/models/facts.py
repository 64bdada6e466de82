from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from talent.enums import FULL_TIME
from workflow.actors import Actor
from workflow.codelists import CONTRACT_KIND, DEGREE, EDUCATION, EMPLOYMENT_FORM, UNIT_KIND
from workflow.models import Organisation, Region

if TYPE_CHECKING:
    Day = models.Field[date, date]
    OptionalDay = models.Field[date | None, date | None]


class AddedOnce(models.Model):
    """A row that a form adds: its second press finds the row of the first."""

    token = models.UUIDField(_("form token"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["person", "token"], name="%(class)s_added_once")]


class EducationQuerySet(models.QuerySet["Education"]):
    def visible_to(self, actor: Actor) -> EducationQuerySet:
        """A person's facts are the person's own; officers read them in filings."""
        return self.filter(person__users=actor.user_id) if actor.is_person else self.none()

    def of(self, person: Person | None) -> EducationQuerySet:
        return self.filter(person=person)


class Education(AddedOnce):
    """One completed study of a person (GB/T 4658, GB/T 6864)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="educations", verbose_name=_("person"))
    level = models.CharField(_("education"), max_length=2, choices=EDUCATION.choices)
    degree = models.CharField(_("degree"), max_length=1, choices=DEGREE.choices, blank=True)
    school = models.CharField(_("school"), max_length=100)
    major = models.CharField(_("field of study"), max_length=100)
    # 入学时间, the first day of its month.
    enrolled_on: OptionalDay = models.DateField(_("enrolled on"), null=True, blank=True)
    graduated_on: Day = models.DateField(_("graduated on"))
    full_time = models.BooleanField(_("full-time study"), default=True)
    double_first_class = models.BooleanField(_("double first-class university or subject"), default=False)
    certificate_number = models.CharField(_("number of the graduation certificate"), max_length=40, blank=True)
    degree_number = models.CharField(_("number of the degree certificate"), max_length=40, blank=True)
    # 学信网《教育部学历证书电子注册备案表》: the code by which anybody may check it on the site.
    chsi_code = models.CharField(_("CHSI verification code"), max_length=18, blank=True)
    foreign_certificate = models.CharField(_("number of the foreign degree's certification"), max_length=40, blank=True)

    objects = EducationQuerySet.as_manager()

    class Meta(AddedOnce.Meta):
        ordering = ["-graduated_on", "-id"]
        verbose_name = _("education")
        verbose_name_plural = _("educations")
        constraints = [
            *AddedOnce.Meta.constraints,
            models.CheckConstraint(
                condition=Q(enrolled_on=None) | Q(enrolled_on__lte=F("graduated_on")), name="education_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} · {self.school} · {self.graduated_on:%Y-%m}"

    @property
    def is_foreign(self) -> bool:
        return bool(self.foreign_certificate)


class WorkExperienceQuerySet(models.QuerySet["WorkExperience"]):
    def visible_to(self, actor: Actor) -> WorkExperienceQuerySet:
        return self.filter(person__users=actor.user_id) if actor.is_person else self.none()

    def of(self, person: Person | None) -> WorkExperienceQuerySet:
        return self.filter(person=person).select_related("unit", "region", "insured_in")

    def of_persons(self, person_ids: set[int]) -> WorkExperienceQuerySet:
        return self.filter(person__in=person_ids).select_related("unit", "region", "insured_in")

    def current(self) -> WorkExperienceQuerySet:
        return self.filter(left_on=None)

    def full_time(self) -> WorkExperienceQuerySet:
        return self.filter(employment_form=FULL_TIME)

    def besides(self, pk: int | None) -> WorkExperienceQuerySet:
        return self.exclude(pk=pk) if pk else self

    def meeting(self, start: date, end: date | None) -> WorkExperienceQuerySet:
        """Those that share a day with the period; without an end it goes on."""
        touching = self.filter(Q(left_on=None) | Q(left_on__gte=start))
        return touching.filter(joined_on__lte=end) if end is not None else touching


class WorkExperience(AddedOnce):
    """One employment of a person; without a leaving date it is the present one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="work_experiences", verbose_name=_("person"))
    # Set when the employer is registered here; the name stands beside it, for it may be anybody's.
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("registered unit")
    )
    unit_name = models.CharField(pgettext_lazy("work experience", "employer"), max_length=100)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    unit_kind = models.CharField(_("kind of employer"), max_length=2, choices=UNIT_KIND.choices, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("place of work"))
    position = models.CharField(pgettext_lazy("work experience", "position"), max_length=60)
    employment_form = models.CharField(
        _("form of employment"), max_length=1, choices=EMPLOYMENT_FORM.choices, default=FULL_TIME
    )
    contract_kind = models.CharField(
        _("kind of labour contract"), max_length=1, choices=CONTRACT_KIND.choices, blank=True
    )
    contract_start: OptionalDay = models.DateField(_("labour contract from"), null=True, blank=True)
    contract_end: OptionalDay = models.DateField(_("labour contract until"), null=True, blank=True)
    joined_on: Day = models.DateField(_("joined on"))
    left_on: OptionalDay = models.DateField(_("left on"), null=True, blank=True)
    insured_in = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("social insurance paid in")
    )
    # Months, written as their first days.
    insured_from: OptionalDay = models.DateField(_("social insurance from"), null=True, blank=True)
    insured_to: OptionalDay = models.DateField(_("social insurance until"), null=True, blank=True)

    objects = WorkExperienceQuerySet.as_manager()

    class Meta(AddedOnce.Meta):
        ordering = ["-joined_on", "-id"]
        verbose_name = _("work experience")
        verbose_name_plural = _("work experiences")
        constraints = [
            *AddedOnce.Meta.constraints,
            models.UniqueConstraint(fields=["person"], condition=Q(left_on=None), name="work_one_current"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="work_left_after_joined"
            ),
            models.CheckConstraint(
                condition=Q(contract_end=None) | Q(contract_end__gte=F("contract_start")),
                name="work_contract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(insured_to=None) | Q(insured_to__gte=F("insured_from")),
                name="work_insured_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_name} · {self.position}"

    @property
    def is_current(self) -> bool:
        return self.left_on is None

    @property
    def is_open_ended(self) -> bool:
        return self.contract_start is not None and self.contract_end is None
