from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import TermsKind
from workflow.triggers import append_only


class TermsQuerySet(models.QuerySet["Terms"]):
    def current(self, kind: str) -> Terms:
        """Raises Terms.DoesNotExist where none has been published."""
        return self.filter(kind=kind).latest("version")


class Terms(models.Model):
    """One version of a 用户须知. Each version stays, for the consents that name it."""

    kind = models.CharField(_("kind"), max_length=30, choices=TermsKind.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(max_length=100, blank=True)
    body = models.TextField(_("text"), help_text=_("One paragraph per line."))
    body_en = models.TextField(blank=True)
    published_at = models.DateTimeField(_("published at"))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("user notice")
        verbose_name_plural = _("user notices")
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="terms_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(models.Model):
    """This user agreed to this version at this time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="consents", verbose_name=_("user notice"))
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["user", "terms"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.terms}"


class SensitiveView(models.Model):
    """Somebody looked at a number in full. Append-only: triggers in both databases."""

    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    organisation = models.ForeignKey("workflow.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+", verbose_name=_("case"))
    field = models.CharField(_("what"), max_length=30)
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("look at a full number")
        verbose_name_plural = _("looks at full numbers")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="sensitive_view_has_reason")]

    def __str__(self) -> str:
        return f"{self.viewer} · {self.field} · {self.case_id}"


append_only("accounts_sensitiveview")
