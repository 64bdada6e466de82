"""What an account says of itself before anybody has checked it, and the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import LegalPersonKind, RealNameLevel, VerificationOutcome
from workflow import clock
from workflow.codelists import DOCUMENT_KINDS
from workflow.fields import EncryptedTextField
from workflow.models import Organisation, Region
from workflow.triggers import erasable, purgeable

from .person import Identity

if TYPE_CHECKING:
    from datetime import date, datetime


class StatedPerson(Identity):
    """自然人注册: becomes a ``Person`` when a verifier has agreed, and not before."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="stated_person"
    )
    valid_from: models.Field[date | None, date | None] = models.DateField(
        _("document valid from"), null=True, blank=True
    )
    # Empty: 长期.
    valid_until: models.Field[date | None, date | None] = models.DateField(
        _("document valid until"), null=True, blank=True
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place of residence")
    )

    # The last registration or 补录: what nobody verifies in time is free for others again.
    stated_at = models.DateTimeField(_("stated at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("stated identity of a person")
        verbose_name_plural = _("stated identities of persons")


class StatedUnit(models.Model):
    """法人注册: becomes an organisation with its profile when a verifier has agreed, and not before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="stated_unit")
    kind = models.CharField(_("kind of legal person"), max_length=12, choices=LegalPersonKind.choices)
    name = models.CharField(_("name of the employer"), max_length=100)
    uscc = models.CharField(_("unified social credit code"), max_length=18, db_index=True)
    principal = models.CharField(_("legal representative"), max_length=50)
    principal_document_kind = models.CharField(
        _("kind of document"), max_length=2, choices=DOCUMENT_KINDS.choices, default="01"
    )
    principal_number: models.Field[str, str] = EncryptedTextField(
        _("document number of the legal representative"), max_length=30
    )
    agent = models.CharField(_("person in charge"), max_length=50)
    agent_number: models.Field[str, str] = EncryptedTextField(_("ID number of the person in charge"), max_length=30)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("administrative division")
    )
    address: models.Field[str, str] = EncryptedTextField(
        _("registered address"), max_length=200, blank=True, default=""
    )

    stated_at = models.DateTimeField(_("stated at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("stated identity of an employer")
        verbose_name_plural = _("stated identities of employers")

    def __str__(self) -> str:
        return self.name


class Verification(models.Model):
    """One check of a real name and its outcome. Append-only, but for the reason: triggers in both databases."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="verifications")
    verifier = models.CharField(_("checked by"), max_length=40)
    outcome = models.CharField(_("outcome of the check"), max_length=12, choices=VerificationOutcome.choices)
    # Reached by it; on a failure what the account had.
    level = models.PositiveSmallIntegerField(_("real-name level"), choices=RealNameLevel.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # The officer at the counter, if one looked.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("officer")
    )
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("check of a real name")
        verbose_name_plural = _("checks of real names")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.verifier} · {self.outcome}"


# An officer's reason may name people: it goes with the account.
erasable(
    "accounts_verification",
    stays=["id", "user_id", "verifier", "outcome", "level", "officer_id", "at"],
    words=["reason"],
)
purgeable("accounts_verification")


class RealNameRequestQuerySet(models.QuerySet["RealNameRequest"]):
    def waiting(self, now: datetime) -> RealNameRequestQuerySet:
        return self.filter(decided_at=None, expires_at__gt=now)


class RealNameRequest(models.Model):
    """窗口核验: what an account wants confirmed by an officer, under a number that its owner shows at the counter."""

    number = models.CharField(_("request number"), max_length=10, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="real_name_requests", verbose_name=_("user")
    )
    # Keyed hash of what the account said of itself when it asked: an officer confirms that and nothing else.
    digest = models.CharField(max_length=64, editable=False)
    asked_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(_("good until"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome of the check"), max_length=12, choices=VerificationOutcome.choices, blank=True
    )
    level = models.PositiveSmallIntegerField(_("real-name level"), choices=RealNameLevel.choices, null=True, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("officer")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("counter")
    )
    # Keys of the papers that the officer had before them.
    papers = models.JSONField(_("papers seen"), default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = RealNameRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a check at a counter")
        verbose_name_plural = _("requests for a check at a counter")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(decided_at=None), name="real_name_request_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, outcome="", officer=None)
                | models.Q(decided_at__isnull=False, officer__isnull=False, organisation__isnull=False)
                & ~models.Q(outcome=""),
                name="real_name_request_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number
