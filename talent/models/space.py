"""人才专属空间: what a person states once and every application reads. Officers read it in filings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from talent.enums import Grade, ProjectKind, Relation
from workflow.actors import Actor
from workflow.codelists import DOCUMENT_KINDS, SKILL_LEVEL, TITLE_LEVEL
from workflow.fields import EncryptedJSONField, EncryptedTextField

from .facts import AddedOnce

if TYPE_CHECKING:
    Secret = models.Field[str, str]
    Day = models.Field[date | None, date | None]


class TalentProfile(models.Model):
    """基本信息 (spec 3.1) beside what the document of identity says; empty until the person writes it."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="talent_profile")
    name_latin = models.CharField(_("name in Latin letters"), max_length=80, blank=True)
    former_name = models.CharField(_("former name"), max_length=50, blank=True)
    # GB/T 2659.1: two letters.
    nationality = models.CharField(_("nationality or region"), max_length=2, blank=True)
    address: Secret = EncryptedTextField(_("present address"), max_length=200, blank=True, default="")
    settled = models.BooleanField(_("household registered here"), null=True, blank=True)
    settled_on: Day = models.DateField(_("household registered on"), null=True, blank=True)
    title_name = models.CharField(_("professional title"), max_length=60, blank=True)
    title_level = models.CharField(_("level of the title"), max_length=2, choices=TITLE_LEVEL.choices, blank=True)
    title_on: Day = models.DateField(_("title awarded on"), null=True, blank=True)
    skill_name = models.CharField(_("vocational qualification"), max_length=60, blank=True)
    skill_level = models.CharField(_("skill level"), max_length=2, choices=SKILL_LEVEL.choices, blank=True)
    skill_on: Day = models.DateField(_("qualification awarded on"), null=True, blank=True)
    # 高层次人才类别: A 大师级, B 杰出, C 领军, D 拔尖, E 其他类, 0 none of them.
    talent_class = models.CharField(_("class of high-level talent"), max_length=1, blank=True)
    talent_certificate = models.CharField(_("number of the talent certificate"), max_length=40, blank=True)
    talent_until: Day = models.DateField(_("talent certificate valid until"), null=True, blank=True)
    urgently_needed = models.BooleanField(_("urgently needed specialist"), null=True, blank=True)
    # What was typed in a draft and cannot be read yet: nothing is lost, {field: text}.
    typed: models.Field[Any, Any] = EncryptedJSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)

    class Meta:
        verbose_name = _("talent space")
        verbose_name_plural = _("talent spaces")

    def __str__(self) -> str:
        return str(self.person)


class FactQuerySet(models.QuerySet[Any]):
    """Rows of a person: honours, projects, family."""

    def visible_to(self, actor: Actor) -> FactQuerySet:
        return self.filter(person__users=actor.user_id) if actor.is_person else self.none()

    def of(self, person: Person | None) -> FactQuerySet:
        return self.filter(person=person)


class Honour(AddedOnce):
    """荣誉奖项."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="honours", verbose_name=_("person"))
    name = models.CharField(_("honour or award"), max_length=100)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade.choices)
    issuer = models.CharField(_("awarded by"), max_length=100)
    received_on: models.Field[date, date] = models.DateField(_("awarded on"))
    rank = models.CharField(_("class and place"), max_length=40, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(AddedOnce.Meta):
        ordering = ["-received_on", "-id"]
        verbose_name = _("honour")
        verbose_name_plural = _("honours")

    def __str__(self) -> str:
        return self.name


class Project(AddedOnce):
    """科研项目、专利 and other results."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="projects", verbose_name=_("person"))
    kind = models.CharField(_("kind of result"), max_length=12, choices=ProjectKind.choices)
    name = models.CharField(_("title of the result"), max_length=150)
    number = models.CharField(_("number of the result"), max_length=60, blank=True)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade.choices, blank=True)
    part = models.CharField(_("own part"), max_length=60)
    finished_on: models.Field[date, date] = models.DateField(_("finished or granted on"))

    objects = FactQuerySet.as_manager()

    class Meta(AddedOnce.Meta):
        ordering = ["-finished_on", "-id"]
        verbose_name = _("project or patent")
        verbose_name_plural = _("projects and patents")

    def __str__(self) -> str:
        return self.name


class FamilyMember(AddedOnce):
    """家庭成员, for the services that come with a card."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="family", verbose_name=_("person"))
    relation = models.CharField(_("relation"), max_length=8, choices=Relation.choices)
    name: Secret = EncryptedTextField(_("full name"), max_length=80)
    document_kind = models.CharField(
        _("kind of document"), max_length=2, choices=DOCUMENT_KINDS.choices, default="01", blank=True
    )
    number: Secret = EncryptedTextField(_("document number"), max_length=30, blank=True, default="")
    workplace = models.CharField(_("employer or school"), max_length=100, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(AddedOnce.Meta):
        ordering = ["id"]
        verbose_name = _("family member")
        verbose_name_plural = _("family members")

    def __str__(self) -> str:
        return self.name
