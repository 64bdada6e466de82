"""渤海英才卡变更: renewal, change of employer and replacement of a lost card; the live form of one case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.enums import ChangeKind
from workflow.actors import Actor
from workflow.enums import State
from workflow.models import Case

from .card import Card

if TYPE_CHECKING:
    OptionalDay = models.Field[date | None, date | None]


class CardChangeQuerySet(models.QuerySet["CardChange"]):
    def mine(self, actor: Actor) -> CardChangeQuerySet:
        """The person's own, newest first."""
        if not actor.is_person:
            return self.none()
        return self.filter(case__applicant_id=actor.user_id).whole().order_by("-case_id")

    def under_way(self, card: Card) -> CardChangeQuerySet:
        """Filed and not yet decided; a returned one is under way too."""
        open_states = (State.IN_REVIEW, State.RETURNED)
        return self.filter(card=card, case__state__in=open_states).select_related("case").order_by("case_id")

    def drafts(self, card: Card, kind: str) -> CardChangeQuerySet:
        return self.filter(card=card, kind=kind, case__state=State.DRAFT)

    def of_cases(self, cases: Iterable[Case]) -> CardChangeQuerySet:
        return self.filter(case__in=cases)

    def whole(self) -> CardChangeQuerySet:
        """With everything that rules, filing and effect read."""
        return self.select_related(
            "case__unit", "case__region", "case__supervisor", "card__scheme", "card__person__unit", "card__unit"
        ).prefetch_related("card__person__work_experiences")


class CardChange(models.Model):
    """What a change asks beside the card and the talent space."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="card_change")
    card = models.ForeignKey(Card, models.PROTECT, related_name="changes", verbose_name=_("card"))
    kind = models.CharField(_("kind of change"), max_length=8, choices=ChangeKind.choices)
    # How the card was lost, or whatever the offices should know.
    statement = models.CharField(_("explanation"), max_length=300, blank=True)
    # As filed: until when the labour contract runs; none where it is open-ended.
    contract_end: OptionalDay = models.DateField(_("labour contract until"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)

    objects = CardChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a talent card")
        verbose_name_plural = _("changes of talent cards")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="card_change_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.case)
