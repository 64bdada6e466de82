from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.enums import KeyState
from workflow.fields import EncryptedTextField

if TYPE_CHECKING:
    Secret = models.Field[str, str]
    OptionalTime = models.Field[datetime | None, datetime | None]


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def trusted(self) -> SigningKeyQuerySet:
        return self.exclude(state=KeyState.REVOKED)

    def signing(self) -> SigningKeyQuerySet:
        return self.filter(state=KeyState.SIGNS)


class SigningKey(models.Model):
    """An Ed25519 key pair (RFC 8032) for the codes on cards, each half in base64; its id stands in the code.

    A retired key signs nothing new and still verifies; a revoked one verifies nothing, and its private half is gone.
    """

    state = models.CharField(_("state"), max_length=8, choices=KeyState.choices, default=KeyState.SIGNS)
    public = models.CharField(_("public key"), max_length=44)
    private: Secret = EncryptedTextField(_("private key"), blank=True, default="")
    created_at = models.DateTimeField(_("created at"))
    ended_at: OptionalTime = models.DateTimeField(_("signs no longer since"), null=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("signing key of cards")
        verbose_name_plural = _("signing keys of cards")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state=KeyState.SIGNS), name="signing_key_one_signs"),
            models.CheckConstraint(
                condition=Q(state=KeyState.SIGNS, ended_at=None) | ~Q(state=KeyState.SIGNS) & Q(ended_at__isnull=False),
                name="signing_key_ended",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
