"""How long each class of data is kept, what was removed when its time was over, and who opened whose papers."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.triggers import append_only, purgeable

from .case import Case
from .place import Organisation


class RetentionRule(models.Model):
    """One class of data; what it is and why stands in ``workflow.retention``, how long is the administrator's."""

    key = models.CharField(_("class of data"), max_length=40, primary_key=True, editable=False)
    minimum_days = models.PositiveIntegerField(_("required by law, in days"), default=1, editable=False)
    keep_days: models.Field[int | None, int | None] = models.PositiveIntegerField(
        _("kept for so many days"), null=True, help_text=_("Never less than the law requires.")
    )
    # The day of the last look; the next one removes what has come past its time since.
    purged_on: models.Field[date | None, date | None] = models.DateField(_("last purge"), null=True, editable=False)

    class Meta:
        ordering = ["key"]
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            # No days: kept for good.
            models.CheckConstraint(
                name="retention_not_below_the_law",
                condition=Q(keep_days=None) | Q(keep_days__gte=F("minimum_days")),
            )
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        if self.keep_days is None or self.keep_days < self.minimum_days:
            message = gettext("The law requires at least %(days)s days.") % {"days": self.minimum_days}
            raise ValidationError({"keep_days": message})


class Purge(models.Model):
    """Rows of a class were removed because their time was over. Append-only: triggers in both databases."""

    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="purges", verbose_name=_("class of data"))
    rows = models.PositiveIntegerField(_("rows removed"))
    # Everything older than this moment was to go.
    older_than = models.DateTimeField(_("older than"))
    oldest = models.DateTimeField(_("oldest row"))
    keep_days = models.PositiveIntegerField(_("kept for so many days"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("removal after retention")
        verbose_name_plural = _("removals after retention")

    def __str__(self) -> str:
        return f"{self.rule_id} {self.rows}"


class PaperLookQuerySet(models.QuerySet["PaperLook"]):
    def of_owner(self, user_id: int | None) -> PaperLookQuerySet:
        return self.filter(owner=user_id).select_related("viewer", "organisation", "case").order_by("-id")


class PaperLook(models.Model):
    """Somebody opened a paper of somebody else: once a day and way. Append-only: triggers in both databases."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("whose"))
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("who")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("organisation")
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("case"))
    # Of the file, which may be gone by now; what people called it is not repeated here.
    token = models.UUIDField(editable=False)
    kind = models.CharField(_("kind of material"), max_length=60)
    how = models.CharField(_("how"), max_length=12)
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("time"))

    objects = PaperLookQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("look at a paper")
        verbose_name_plural = _("looks at papers")
        constraints = [models.UniqueConstraint(fields=["token", "viewer", "how", "day"], name="paper_look_once_a_day")]

    def __str__(self) -> str:
        return f"{self.viewer_id} · {self.kind} · {self.case_id}"


append_only(Purge._meta.db_table)
purgeable(PaperLook._meta.db_table)
