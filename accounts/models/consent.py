from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import TermsKind
from workflow.triggers import append_only, kept_while

# The texts of 单位注册, 个人注册 and of accounts opened at a counter, where it is signed on paper.
NOTICES = (TermsKind.UNIT, TermsKind.PERSON, TermsKind.COUNTER)


class TermsQuerySet(models.QuerySet["Terms"]):
    def current(self, kind: str) -> Terms:
        """Raises Terms.DoesNotExist where none has been published."""
        return self.filter(kind=kind).latest("version")

    def in_force(self) -> TermsQuerySet:
        """The latest version of each kind."""
        return self.filter(~models.Exists(Terms.objects.filter(kind=_outer("kind"), version__gt=_outer("version"))))

    def of_kinds(self, kinds: Sequence[str]) -> list[Terms]:
        """The versions in force, in the order of the kinds."""
        found = {terms.kind: terms for terms in self.in_force().filter(kind__in=kinds)}
        return [found[kind] for kind in kinds]

    def of_kind(self, kind: str) -> TermsQuerySet:
        """The newest first."""
        return self.filter(kind=kind).order_by("-version")

    def agreed_by(self, user: int) -> TermsQuerySet:
        return self.filter(consents__user=user)

    def due_to(self, user: Any) -> TermsQuerySet:
        """What this person or employer has still to agree to; ``user``: a key, or a column of the query around.

        Everybody agrees to the use of sensitive data. Beside it whoever came by a text of its own (``NOTICES``) agrees
        to that one and its new versions, everybody else to the 用户协议.
        """
        given = Consent.objects.filter(user=user)
        stands = given.standing().filter(terms=_outer("pk"))
        has_notice = models.Exists(given.filter(terms__kind__in=NOTICES))
        concerns = (
            models.Q(kind=TermsKind.SENSITIVE)
            | models.Q(kind=TermsKind.AGREEMENT) & ~has_notice
            | models.Q(kind__in=NOTICES) & models.Exists(given.filter(terms__kind=_outer("kind")))
        )
        return self.in_force().filter(concerns, ~models.Exists(stands)).order_by("kind")


def _outer(name: str) -> models.OuterRef:
    return models.OuterRef(name)


class Terms(models.Model):
    """One version of a text that people agree to: it never changes once somebody has, a new text is a new version."""

    kind = models.CharField(_("kind"), max_length=30, choices=TermsKind.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(max_length=100, blank=True)
    body = models.TextField(_("text"), help_text=_("One paragraph per line."))
    body_en = models.TextField(blank=True)
    published_at = models.DateTimeField(_("published at"))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to agree to")
        verbose_name_plural = _("texts to agree to")
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="terms_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def name(self) -> str:
        """In the language of the page; Chinese where there is no other."""
        return self.title_en if _is_english() and self.title_en else self.title

    @property
    def paragraphs(self) -> list[str]:
        text = self.body_en if _is_english() and self.body_en else self.body
        return [line.strip() for line in text.splitlines() if line.strip()]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> ConsentQuerySet:
        """Not taken back."""
        taken_back = Consent.objects.filter(
            pk=_outer("pk"), withdrawals__isnull=False, withdrawals__given_again_at=None
        )
        return self.filter(~models.Exists(taken_back))

    def standing_of(self, user: int | None) -> ConsentQuerySet:
        """Newest first, each with its text."""
        return self.filter(user=user).standing().select_related("terms").order_by("-pk")


class Consent(models.Model):
    """This user agreed to this version at this time. Append-only: triggers in both databases."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="consents", verbose_name=_("user notice"))
    given_at = models.DateTimeField(_("given at"))

    objects = ConsentQuerySet.as_manager()

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
append_only("accounts_consent")
kept_while("accounts_terms", "EXISTS (SELECT 1 FROM accounts_consent WHERE terms_id = OLD.id)")
