from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.enums import KeyState
from workflow.fields import EncryptedTextField

from .card import Card

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


class SignedCodeQuerySet(models.QuerySet["SignedCode"]):
    def note(self, key: int, cards: Iterable[Card], at: datetime, *, printed: bool) -> None:
        """One statement where all of them are known; whoever draws the same card at the same moment does no harm."""
        drawn = {(card.pk, card.edition) for card in cards}
        known = self.filter(key=key, printed=printed, assumed=False, card__in=[card for card, _edition in drawn])
        missing = drawn - set(known.values_list("card", "edition"))
        facts = {"key_id": key, "printed": printed, "at": at, "assumed": False}
        rows = [SignedCode(card_id=card, edition=edition, **facts) for card, edition in sorted(missing)]
        once = ["card", "edition", "key", "printed"]
        self.bulk_create(rows, update_conflicts=True, unique_fields=once, update_fields=["assumed"])


class SignedCode(models.Model):
    """Which key has signed the code of which edition, on plastic or on a screen: asked once the key is revoked."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="signed_codes")
    edition = models.PositiveSmallIntegerField(_("edition"))
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="codes")
    printed = models.BooleanField(_("on a plastic card"))
    at = models.DateTimeField(_("first drawn at"))
    # Printed before this was written down: any key that signed from that print on may have been the one.
    assumed = models.BooleanField(_("not written down then"), default=False)

    objects = SignedCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("signed code of a card")
        verbose_name_plural = _("signed codes of cards")
        constraints = [
            models.UniqueConstraint(fields=["card", "edition", "key", "printed"], name="signed_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}/{self.edition} · {self.key_id}"
