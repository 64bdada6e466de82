"""Chains as data: published versions are immutable, a case finishes on the version it began with."""

from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.enums import PERSON, STAGE_ACTORS, ChainStatus, Role

from .place import in_chinese


class ChainQuerySet(models.QuerySet["ChainVersion"]):
    def published(self, case_type: str) -> ChainVersion:
        return self.get(case_type=case_type, status=ChainStatus.PUBLISHED)


class ChainVersion(models.Model):
    """One version of a service's approval chain."""

    case_type = models.CharField(_("case type"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=12, choices=ChainStatus.choices, default=ChainStatus.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = ChainQuerySet.as_manager()

    class Meta:
        ordering = ["case_type", "-version"]
        verbose_name = _("approval chain")
        verbose_name_plural = _("approval chains")
        constraints = [
            models.UniqueConstraint(fields=["case_type", "version"], name="chain_version_once"),
            models.UniqueConstraint(
                fields=["case_type"], condition=models.Q(status="published"), name="chain_published_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_type} v{self.version}"


class StageQuerySet(models.QuerySet["Stage"]):
    def named(self, case_type: str, slug: str) -> StageQuerySet:
        return self.filter(chain__case_type=case_type, chain__status=ChainStatus.PUBLISHED, slug=slug)


class Stage(models.Model):
    """One stop of a chain: who acts, what the button says, what must hold and what happens."""

    chain = models.ForeignKey(ChainVersion, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField(_("order in the chain"))
    slug = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("status shown while it waits here"), max_length=60)
    label_en = models.CharField(max_length=80)
    step = models.CharField(_("name of the step"), max_length=60)
    step_en = models.CharField(max_length=80)
    menu = models.CharField(_("menu entry"), max_length=60, blank=True)
    menu_en = models.CharField(max_length=80, blank=True)
    # "{count}" stands for the live number: 您有【{count}】个大学生租房补助申请待审核
    todo = models.CharField(_("to-do text"), max_length=120, blank=True)
    todo_en = models.CharField(max_length=160, blank=True)
    actor_kind = models.CharField(_("who acts"), max_length=20, choices=STAGE_ACTORS)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.HANDLER)
    forward = models.CharField(_("label of the forward button"), max_length=60)
    forward_en = models.CharField(max_length=80)
    # Label of the button that goes one step back, where the manual prints one (退回到单位待审核).
    backward = models.CharField(_("label of the backward button"), max_length=60, blank=True)
    backward_en = models.CharField(max_length=80, blank=True)
    rejection = models.CharField(_("label of the rejection button"), max_length=60, blank=True)
    rejection_en = models.CharField(max_length=80, blank=True)
    working_days = models.PositiveSmallIntegerField(_("working days"))
    form = models.CharField(_("form of the office"), max_length=60, blank=True)
    gates = models.JSONField(_("gates"), default=list, blank=True)
    effects = models.JSONField(_("effects"), default=list, blank=True)
    # Slugs of earlier stages whose person may not act here.
    barred = models.JSONField(_("four eyes"), default=list, blank=True)
    # Where it may be sent back to: "person" and slugs of earlier stages.
    returns_to = models.JSONField(_("may be returned to"), default=list, blank=True)
    may_reject = models.BooleanField(_("may reject"), default=False)
    optional = models.BooleanField(_("skipped where no such office exists"), default=False)
    # When the time is over and the gates are open, the system moves the case on.
    automatic = models.BooleanField(_("moves on by itself"), default=False)
    hand_moved = models.BooleanField(_("an officer may move it on"), default=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["chain", "position"]
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="stage_position_once"),
            models.UniqueConstraint(fields=["chain", "slug"], name="stage_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.actor_kind == PERSON and self.may_reject:
            raise ValidationError({"may_reject": _("The applicant can withdraw but not reject.")})

    def _localized(self, field: str) -> str:
        value: str = getattr(self, field if in_chinese() else f"{field}_en")
        return value or getattr(self, field)

    @property
    def title(self) -> str:
        return self._localized("label")

    @property
    def step_label(self) -> str:
        return self._localized("step")

    @property
    def menu_label(self) -> str:
        return self._localized("menu")

    @property
    def forward_label(self) -> str:
        return self._localized("forward")

    @property
    def backward_label(self) -> str:
        return self._localized("backward")

    @property
    def rejection_label(self) -> str:
        return self._localized("rejection")

    def todo_text(self, count: int) -> str:
        return self._localized("todo").replace("{count}", str(count))


class Route:
    """The stages of one chain version in order, looked up by slug."""

    def __init__(self, chain: ChainVersion) -> None:
        self.chain = chain
        self.stages: tuple[Stage, ...] = tuple(chain.stages.all())
        self._index = {stage.slug: i for i, stage in enumerate(self.stages)}

    def __getitem__(self, slug: str) -> Stage:
        return self.stages[self._index[slug]]

    def __contains__(self, slug: str) -> bool:
        return slug in self._index

    def get(self, slug: str) -> Stage | None:
        index = self._index.get(slug)
        return self.stages[index] if index is not None else None

    @property
    def first(self) -> Stage:
        return self.stages[0]

    def after(self, slug: str) -> Stage | None:
        """The stage that follows; the first one follows ""; None follows the last."""
        index = self._index[slug] + 1 if slug else 0
        return self.stages[index] if index < len(self.stages) else None

    def position(self, slug: str) -> int:
        """0-based; the end of the chain (or a slug of another version) counts as past the last."""
        return self._index.get(slug, len(self.stages))


@lru_cache(maxsize=512)
def route_of(chain_id: int) -> Route:
    """Published versions never change, so a process may keep them."""
    return Route(ChainVersion.objects.prefetch_related("stages").get(pk=chain_id))
