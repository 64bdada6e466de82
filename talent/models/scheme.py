"""What a place grants by its talent card: categories, levels, papers and services are configuration, never code."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talent.enums import CardLevel, PaperCondition
from workflow.codelists import DEGREE, SKILL_LEVEL, TITLE_LEVEL
from workflow.models import Grant, GrantQuerySet, PaperLine
from workflow.models.place import in_chinese


class CardSchemeQuerySet(GrantQuerySet["CardScheme"]):
    parts = ("categories", "papers", "services")


class CardScheme(Grant):
    """渤海英才卡 as one place grants it for one time."""

    # 《"渤海英才服务卡"申领人员汇总表》 calls the card so.
    card_name = models.CharField(_("name on the card"), max_length=60)
    card_name_en = models.CharField(_("name on the card in English"), max_length=80)
    issuer = models.CharField(_("issuing authority"), max_length=80)
    issuer_en = models.CharField(_("issuing authority in English"), max_length=120)
    number_prefix = models.CharField(
        _("first letters of the card number"),
        max_length=8,
        validators=[RegexValidator(r"^[A-Z]{2,8}$", _("Two to eight capital letters."))],
    )
    validity_years = models.PositiveSmallIntegerField(_("years of validity"))
    renew_before_days = models.PositiveSmallIntegerField(_("renewal opens (days before the end)"))
    change_report_days = models.PositiveSmallIntegerField(_("days to report a change of employer"))
    require_summary = models.BooleanField(_("the sealed summary table is required"), default=True)

    objects = CardSchemeQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("card scheme")
        verbose_name_plural = _("card schemes")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="card_scheme_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(validity_years__gt=0), name="card_scheme_valid_for_a_year"),
        ]


class CardCategory(models.Model):
    """申领类别(条件): who may hold which card, and which of a person's facts point to it."""

    scheme = models.ForeignKey(CardScheme, models.CASCADE, related_name="categories")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=20)
    level = models.CharField(_("type of card"), max_length=1, choices=CardLevel.choices)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=200)
    age_limit = models.PositiveSmallIntegerField(_("age at most"), null=True, blank=True)
    # What the person's facts must show, each that is set; a category without any is never suggested.
    min_degree = models.CharField(_("degree at least"), max_length=1, choices=DEGREE.choices, blank=True)
    full_time = models.BooleanField(_("full-time study"), default=False)
    double_first_class = models.BooleanField(_("double first-class university or subject"), default=False)
    abroad = models.BooleanField(_("certified foreign degree"), default=False)
    min_title = models.CharField(_("title at least"), max_length=2, choices=TITLE_LEVEL.choices, blank=True)
    min_skill = models.CharField(_("skill level at least"), max_length=2, choices=SKILL_LEVEL.choices, blank=True)
    # 认定依据: a number or certificate that the category stands on.
    needs_evidence = models.BooleanField(_("evidence is required"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["scheme", "position"]
        verbose_name = _("category of card holders")
        verbose_name_plural = _("categories of card holders")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="card_category_once")]

    def __str__(self) -> str:
        return f"{self.level} · {self.name if in_chinese() else self.name_en}"


class CardPaper(PaperLine):
    scheme = models.ForeignKey(CardScheme, models.CASCADE, related_name="papers")
    condition = models.CharField(
        _("asked for"), max_length=20, choices=PaperCondition.choices, default=PaperCondition.ALWAYS
    )

    class Meta:
        ordering = ["scheme", "position"]
        verbose_name = _("material of a card scheme")
        verbose_name_plural = _("materials of a card scheme")
        constraints = [models.UniqueConstraint(fields=["scheme", "key"], name="card_paper_once")]


class CardService(models.Model):
    """One line of 服务事项: what a holder of the card may ask for."""

    scheme = models.ForeignKey(CardScheme, models.CASCADE, related_name="services")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80)
    department = models.CharField(_("department in charge"), max_length=80)
    department_en = models.CharField(_("department in charge, in English"), max_length=120)
    working_days = models.PositiveSmallIntegerField(_("working days"))
    # The letters of the cards that carry it, such as AB.
    levels = models.CharField(
        _("types of cards"), max_length=3, default="ABC", validators=[RegexValidator(r"^A?B?C?$", _("A, B and C."))]
    )
    description = models.CharField(_("what it brings"), max_length=300, blank=True)
    description_en = models.CharField(_("what it brings, in English"), max_length=300, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["scheme", "position"]
        verbose_name = _("service by card")
        verbose_name_plural = _("services by card")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="card_service_once")]

    def __str__(self) -> str:
        return self.name if in_chinese() else self.name_en
