"""What is made of cards and given away: prints in runs, and 发放登记."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor
from workflow.fields import EncryptedTextField
from workflow.models import Act, Organisation
from workflow.triggers import append_only

from .card import Card

if TYPE_CHECKING:
    Secret = models.Field[str, str]
    Day = models.Field[date, date]


class PrintRunQuerySet(models.QuerySet["PrintRun"]):
    def visible_to(self, actor: Actor) -> PrintRunQuerySet:
        """The runs of the own office."""
        if actor.organisation_id is None:
            return self.none()
        return self.filter(organisation=actor.organisation_id)

    def for_list(self) -> PrintRunQuerySet:
        return self.select_related("made_by").annotate(cards=models.Count("prints")).order_by("-id")


class PrintRun(models.Model):
    """One press of 【打印】: the cards that go to the card printer together, as one PDF of fronts and backs."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number of the print run"), max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="print_runs", verbose_name=_("office"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made at"))
    # The decision over the cases; cards that are printed again move no case.
    act = models.OneToOneField(Act, models.PROTECT, null=True, related_name="print_run")
    # Why cards were printed again; "" for the first prints.
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("print run")
        verbose_name_plural = _("print runs")

    def __str__(self) -> str:
        return self.number


class CardPrint(models.Model):
    """One card of a run. ``copy`` counts the prints of this edition: 1 is the first, more are reprints."""

    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="prints")
    card = models.ForeignKey(Card, models.PROTECT, related_name="prints")
    edition = models.PositiveSmallIntegerField(_("edition"))
    copy = models.PositiveSmallIntegerField(_("print of the edition"), default=1)

    class Meta:
        ordering = ["run", "id"]
        verbose_name = _("printed card")
        verbose_name_plural = _("printed cards")
        constraints = [
            models.UniqueConstraint(fields=["run", "card"], name="card_print_once_in_a_run"),
            models.UniqueConstraint(fields=["card", "edition", "copy"], name="card_print_counted"),
            models.CheckConstraint(condition=Q(copy__gt=0), name="card_print_copy_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}/{self.edition}/{self.copy}"


class PrintFetch(models.Model):
    """The file of a run as somebody took it: whoever has it can print its cards."""

    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="fetches")
    fetched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    fetched_at = models.DateTimeField(_("taken at"))
    # Why it was taken again; "" for the first time.
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("download of a print run")
        verbose_name_plural = _("downloads of print runs")

    def __str__(self) -> str:
        return f"{self.run_id} {self.fetched_at:%Y-%m-%d %H:%M}"


class HandOut(models.Model):
    """发放登记: who received which edition, when, and that he signed for it."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="hand_outs")
    edition = models.PositiveSmallIntegerField(_("edition"))
    # 领取人: the holder, or whoever the holder has sent.
    recipient = models.CharField(_("received by"), max_length=100)
    is_holder = models.BooleanField(_("the holder in person"), default=True)
    # Of whoever comes for somebody else: the number of the document that was shown.
    recipient_number: Secret = EncryptedTextField(_("document number"), max_length=30, blank=True, default="")
    received_on: Day = models.DateField(_("received on"))
    # 签收.
    signed = models.BooleanField(_("signed for"), default=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("card handed out")
        verbose_name_plural = _("cards handed out")
        constraints = [
            models.UniqueConstraint(fields=["card", "edition"], name="card_handed_out_once"),
            models.CheckConstraint(condition=Q(signed=True), name="card_handed_out_signed"),
            models.CheckConstraint(condition=~Q(recipient=""), name="card_handed_out_to_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.recipient}"


append_only("talent_cardprint")
append_only("talent_handout")
append_only("talent_printfetch")
