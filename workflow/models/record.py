"""What happened: acts, the append-only hash-linked events, the frozen filings and the daily seals."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor
from workflow.digests import canonical_json, sha256_hex
from workflow.enums import NEEDS_OPINION, Action
from workflow.fields import EncryptedJSONField

from .case import Case
from .place import Organisation


class ActQuerySet(models.QuerySet["Act"]):
    def visible_to(self, actor: Actor) -> ActQuerySet:
        """An act's result is for whoever did it, in the duty they did it in."""
        return self.filter(actor=actor.user_id, organisation=actor.organisation)

    def has_moved(self, token: uuid.UUID) -> bool:
        """Whether the form with this token was sent before and moved something."""
        return self.filter(pk=token, done__gt=0).exists()


class Act(models.Model):
    """One press of a button over a set of cases. Its key is the form's token: a second press finds the first."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    case_type = models.CharField(max_length=40)
    # The seat it was done in; "" for a person's own acts.
    stage = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(_("time"))
    asked = models.PositiveIntegerField(_("cases asked for"))
    done = models.PositiveIntegerField(_("cases moved"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0)
    # [{"case": id, "number": "...", "subject": "...", "reason": "..."}]
    refused = models.JSONField(_("refused"), default=list)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        indexes = [models.Index(fields=["organisation", "case_type"], name="act_by_service")]


class Filing(models.Model):
    """A submission, frozen: officers, PDF and comparison read this and never the live form.

    ``content``: {"sections": [{"key", "title", "rows": [{"key", "label", "value", "kind"}]}],
    (a row may have "full", what stands behind its mask, and "doubt", what looks unusual in it)
    "checks": [{"rule", "passed", "reason", "clause"}], "materials": [{"id", "kind", "name", "sha256", "label"}]};
    ``"own": true`` marks a paper of the person's own, which ``FiledMaterial`` ties to the filing.
    ``entitlement``: what the person is entitled to by it; a change sends a resubmission to the first stage.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField(_("submission"))
    content = EncryptedJSONField(_("form as filed"))
    entitlement = models.JSONField(default=dict)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True)
    # Over content, entitlement and amount; the event of the submission carries it into the chain.
    digest = models.CharField(max_length=64)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("filed at"))

    class Meta:
        ordering = ["case", "number"]
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="filing_number_once")]

    def compute_digest(self) -> str:
        """64 hex characters over everything that was filed."""
        filed = {"content": self.content, "entitlement": self.entitlement, "amount": self.amount}
        return sha256_hex(canonical_json(filed))


class CaseEvent(models.Model):
    """One move of one case. Append-only (triggers in both databases) and the truth about the case."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="events")
    seq = models.PositiveIntegerField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    from_stage = models.CharField(max_length=40, blank=True)
    to_stage = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("state afterwards"), max_length=20)
    opinion = models.TextField(_("opinion"), blank=True)
    # The opinion enters the chain as a salted digest, so that its text can be erased without breaking it.
    opinion_salt = models.CharField(max_length=32, blank=True)
    opinion_digest = models.CharField(max_length=64, blank=True)
    # What the office entered while acting: voucher and date, minutes, notice dates.
    payload = models.JSONField(default=dict)
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, db_index=False, related_name="+")
    irreversible = models.BooleanField(default=False)
    at = models.DateTimeField(_("time"))
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["case", "seq"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once"),
            models.UniqueConstraint(fields=["case", "act"], name="event_act_once"),
            models.CheckConstraint(
                name="event_return_has_opinion",
                condition=~Q(action__in=NEEDS_OPINION) | ~Q(opinion_digest=""),
            ),
        ]
        indexes = [
            # The tabs 已通过 and 已退回 of a seat, each in the order of its events.
            models.Index(
                fields=["organisation", "from_stage", "id"], condition=Q(action=Action.APPROVE), name="event_approved"
            ),
            models.Index(
                fields=["organisation", "from_stage", "id"],
                condition=Q(action__in=[Action.SEND_BACK, Action.REJECT]),
                name="event_sent_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.action}"


class Seal(models.Model):
    """A daily digest over the heads of all cases, so that a removed tail or case shows."""

    day = models.DateField(_("day"), unique=True)
    last_event = models.PositiveBigIntegerField()
    cases = models.PositiveBigIntegerField(_("cases"))
    events = models.PositiveBigIntegerField(_("events"))
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
