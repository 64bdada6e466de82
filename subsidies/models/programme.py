from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from subsidies.enums import BatchBy, MaterialCondition, WindowMode
from subsidies.facts import Terms
from subsidies.rules import RULES
from workflow.codelists import EDUCATION, UNIT_KIND
from workflow.models import Grant, GrantQuerySet, PaperLine
from workflow.models.configured import spoken
from workflow.registry import Text

_spoken = lazy(spoken, str)

month_day = RegexValidator(
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", _("Write month and day as MM-DD, such as 01-31.")
)


class ProgrammeQuerySet(GrantQuerySet["Programme"]):
    parts = ("levels", "papers")


class Programme(Grant):
    """A subsidy as one place grants it for one time. Amounts and conditions are configuration, never code."""

    # Of the programmes of one family a person may enjoy one a month.
    family = models.SlugField(_("family"), max_length=40)
    demo_amounts = models.BooleanField(
        _("amounts for demonstration"),
        default=False,
        help_text=_("Every page and paper then says that they are not official."),
    )
    max_months = models.PositiveSmallIntegerField(_("months at most"))
    graduated_within_years = models.PositiveSmallIntegerField(_("years since graduation at most"), default=0)
    full_time_only = models.BooleanField(_("full-time education only"), default=True)
    # Codes of UNIT_KIND; empty = every kind.
    unit_kinds = models.JSONField(_("kinds of employers"), default=list, blank=True)
    no_own_house = models.BooleanField(_("no own housing"), default=True)
    exclusive_with = models.JSONField(_("not together with"), default=list, blank=True)
    cap_by_rent = models.BooleanField(_("never more than the rent paid"), default=False)
    window_mode = models.CharField(_("window"), max_length=24, choices=WindowMode.choices, default=WindowMode.ALWAYS)
    window_from = models.CharField(_("window from"), max_length=5, blank=True, validators=[month_day])
    window_to = models.CharField(_("window until"), max_length=5, blank=True, validators=[month_day])
    batch_by = models.CharField(
        _("batches of applications"),
        max_length=12,
        choices=BatchBy.choices,
        default=BatchBy.QUARTER,
        help_text=_("By the day of the first submission. Applications that are filed already keep their batch."),
    )
    past_periods_only = models.BooleanField(_("for past months only"), default=True)
    contract_min_months = models.PositiveSmallIntegerField(_("months of the labour contract at least"), default=0)
    insurance_min_months = models.PositiveSmallIntegerField(_("months of social insurance at least"), default=0)
    city_share = models.DecimalField(
        _("share of the city"),
        max_digits=5,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    # {rule: text}; rules that are not named here stand on the basis of the programme.
    basis = models.JSONField(_("basis per rule"), default=dict, blank=True)
    basis_en = models.JSONField(_("basis per rule, in English"), default=dict, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="programme_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(city_share__gte=0, city_share__lte=1), name="programme_city_share"),
        ]

    def clean(self) -> None:
        if self.window_mode == WindowMode.YEARLY and not (self.window_from and self.window_to):
            raise ValidationError({"window_from": _("A yearly window needs its first and its last day.")})
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The programme ends before it begins.")})
        if unknown := [code for code in self.unit_kinds if code not in UNIT_KIND]:
            raise ValidationError(
                {"unit_kinds": _("Unknown kinds of employers: %(codes)s") % {"codes": "、".join(unknown)}}
            )
        for name in ("basis", "basis_en"):
            if unknown := sorted(set(getattr(self, name)) - {rule.key for rule in RULES}):
                raise ValidationError({name: _("Unknown rules: %(rules)s") % {"rules": "、".join(unknown)}})

    @property
    def enabled_levels(self) -> list[ProgrammeLevel]:
        return [level for level in self.levels.all() if level.enabled]

    @property
    def unit_kind_names(self) -> str:
        return "、".join(UNIT_KIND.label(code) for code in self.unit_kinds)

    @property
    def terms(self) -> Terms:
        levels = self.enabled_levels
        return Terms(
            standards={level.education: level.amount for level in levels},
            level_names={level.education: level.name for level in levels},
            full_time_only=self.full_time_only,
            graduated_within_years=self.graduated_within_years,
            unit_kinds=frozenset(self.unit_kinds),
            unit_kind_names=self.unit_kind_names,
            no_own_house=self.no_own_house,
            exclusive_with=tuple(self.exclusive_with),
            contract_min_months=self.contract_min_months,
            insurance_min_months=self.insurance_min_months,
            past_periods_only=self.past_periods_only,
            max_months=self.max_months,
            cap_by_rent=self.cap_by_rent,
            city_share=self.city_share,
            window_mode=self.window_mode,
            window_from=self.window_from,
            window_to=self.window_to,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            basis={rule.key: self._basis_of(rule.key) for rule in RULES},
        )

    def _basis_of(self, rule: str) -> Text:
        """Read when it is shown: a filing is always in Chinese, whatever language the page has."""
        if chinese := self.basis.get(rule):
            return _spoken(chinese, self.basis_en.get(rule, ""))
        return _spoken(self.legal_basis, self.legal_basis_en)


class ProgrammeLevel(models.Model):
    """What one month brings to a graduate of one level."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="levels")
    education = models.CharField(_("education"), max_length=2, choices=EDUCATION.choices)
    # 博士, 硕士, 本科, 大专: as lists and summaries call it.
    name = models.CharField(_("short name"), max_length=20)
    amount = models.DecimalField(
        _("yuan a month"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["programme", "education"]
        verbose_name = _("level and amount")
        verbose_name_plural = _("levels and amounts")
        constraints = [
            models.UniqueConstraint(fields=["programme", "education"], name="programme_level_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="programme_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"


class ProgrammePaper(PaperLine):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="papers")
    condition = models.CharField(
        _("asked for"), max_length=20, choices=MaterialCondition.choices, default=MaterialCondition.ALWAYS
    )

    class Meta:
        ordering = ["programme", "position"]
        verbose_name = _("material of a programme")
        verbose_name_plural = _("materials of a programme")
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="programme_paper_once")]
