"""Kept counters of the seats, and server-side selections."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.actors import Actor

from .place import Organisation


class SeatCounter(models.Model):
    """How many cases with the same due day wait in a seat: written by the act that moves them, proved by a recount.

    The due day is part of the key, so that the overdue ones are counted as surely and as cheaply as all of them.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    case_type = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    due_on = models.DateField()
    waiting = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "case_type", "stage", "due_on"], name="seat_counter_once"),
        ]


class SelectionQuerySet(models.QuerySet["Selection"]):
    def visible_to(self, actor: Actor) -> SelectionQuerySet:
        """For whoever made it, in the office they made it for."""
        return self.filter(user=actor.user_id, organisation=actor.organisation)


class Selection(models.Model):
    """What an officer ticked: the rows as they stood, so that those that moved since are refused by name."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    case_type = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    # The posted filter as a query string; "" when rows were ticked one by one.
    criteria = models.TextField(blank=True)
    as_of = models.DateTimeField(_("as of"))
    count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # [[case id, revision], ...]
    members = models.JSONField(default=list)

    objects = SelectionQuerySet.as_manager()
