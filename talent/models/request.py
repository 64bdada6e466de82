"""渤海英才卡服务: what a card holder asks for, who takes it on until when, what came of it, and how it was rated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talent.enums import Satisfaction, ServiceOutcome
from workflow.actors import Actor
from workflow.enums import State
from workflow.models import Case

from .card import Card
from .scheme import CardService

if TYPE_CHECKING:
    OptionalDay = models.Field[date | None, date | None]
    OptionalTime = models.Field[datetime | None, datetime | None]
    OptionalNumber = models.Field[int | None, int | None]


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    def mine(self, actor: Actor) -> ServiceRequestQuerySet:
        """The person's own, newest first."""
        if not actor.is_person:
            return self.none()
        return self.filter(case__applicant_id=actor.user_id).whole().order_by("-case_id")

    def visible_to(self, actor: Actor) -> ServiceRequestQuerySet:
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def under_way(self, card: Card, service: CardService) -> ServiceRequestQuerySet:
        open_states = (State.IN_REVIEW, State.RETURNED)
        return self.filter(card=card, service=service, case__state__in=open_states).select_related("case")

    def of_cases(self, cases: Iterable[Case]) -> ServiceRequestQuerySet:
        return self.filter(case__in=cases)

    def whole(self) -> ServiceRequestQuerySet:
        return self.select_related(
            "case__region", "case__supervisor", "card__scheme", "card__person", "card__specialist", "service"
        )


class ServiceRequest(models.Model):
    """One request for one service of the card."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="service_request")
    card = models.ForeignKey(Card, models.PROTECT, related_name="service_requests", verbose_name=_("card"))
    service = models.ForeignKey(CardService, models.PROTECT, related_name="requests", verbose_name=_("service by card"))
    content = models.TextField(_("what is asked for"), max_length=1000, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)
    # 受理: 承办部门 and time limit.
    department = models.CharField(_("department in charge"), max_length=80, blank=True)
    promised_on: OptionalDay = models.DateField(_("time limit"), null=True, blank=True)
    accepted_at: OptionalTime = models.DateTimeField(_("accepted at"), null=True)
    # 办结.
    outcome = models.CharField(_("outcome"), max_length=8, choices=ServiceOutcome.choices, blank=True)
    result = models.TextField(_("result"), max_length=1000, blank=True)
    finished_at: OptionalTime = models.DateTimeField(_("finished at"), null=True)
    # 评价: once, voluntary; offices read it in sums alone.
    rating: OptionalNumber = models.PositiveSmallIntegerField(
        _("evaluation"), choices=Satisfaction.choices, null=True, blank=True
    )
    rating_reason = models.CharField(_("reason of the evaluation"), max_length=300, blank=True)
    rated_at: OptionalTime = models.DateTimeField(_("evaluated at"), null=True)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a service by card")
        verbose_name_plural = _("requests for services by card")
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None, rated_at=None) | Q(rating__range=(1, 5), rated_at__isnull=False),
                name="service_rating_of_five",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(finished_at__isnull=False), name="service_rated_once_finished"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=3) | ~Q(rating_reason=""), name="service_bad_rating_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | ~Q(outcome="") & ~Q(result=""), name="service_finished_with_result"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)
