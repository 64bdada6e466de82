"""Ways in: who came in or was turned away, what is counted against guessing, and passwords that were used before."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import SignInOutcome, SignInWay, UserKind
from workflow.triggers import append_only


class SignInQuerySet(models.QuerySet["SignIn"]):
    def of(self, user_id: int | None) -> SignInQuerySet:
        return self.filter(user=user_id).order_by("-id")


class SignIn(models.Model):
    """One try to come in. Append-only: kept for good, at least the 180 days of 网络安全法 article 21(3)."""

    # Empty where no account has the name that was typed; the name itself is not kept: people type passwords there.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="sign_ins",
        verbose_name=_("user"),
    )  # fmt: skip
    entry = models.CharField(_("entry"), max_length=10, choices=UserKind.choices, blank=True)
    way = models.CharField(_("way"), max_length=20, choices=SignInWay.choices)
    outcome = models.CharField(_("outcome"), max_length=20, choices=SignInOutcome.choices)
    address = models.CharField(_("network address"), max_length=45)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    at = models.DateTimeField(_("time"))

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-in log")
        indexes = [models.Index(fields=["user", "-id"], name="sign_in_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.way} · {self.outcome}"


class Limit(models.Model):
    """How often something was tried within a time: counted here, so that it holds when the cache is away."""

    kind = models.CharField(max_length=30)
    # A keyed hash: neither names nor addresses stand here.
    key = models.CharField(max_length=64)
    tries = models.PositiveIntegerField(default=0)
    since: models.Field[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="limit_once")]
        indexes = [models.Index(fields=["since"], name="limit_since")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:8]}: {self.tries}"


class OldPassword(models.Model):
    """The hash of a password that an account had: the last ones may not come back."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.until}"


append_only("accounts_signin")
# Django's own log of the administration.
append_only("django_admin_log")
