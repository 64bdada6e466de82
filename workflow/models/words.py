"""Words about a person that are kept beside an event, so that they can be erased, and the record of erasing them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.triggers import append_only, erasable

from .record import CaseEvent


class EventRemark(models.Model):
    """What a return says of one field, row or paper. The event names the place and carries the salted digest."""

    event = models.ForeignKey(CaseEvent, models.PROTECT, db_index=False, related_name="remarks")
    # Its place in the payload of the event.
    number = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["event", "number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="event_remark_once")]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.number}"


class Erasure(models.Model):
    """The opinion and the remarks of an event were erased; who decided so, and why."""

    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="erasure", verbose_name=_("event"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("erased by"))
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("erasure of words")
        verbose_name_plural = _("erasures of words")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="erasure_has_reason")]

    def __str__(self) -> str:
        return str(self.event)


append_only(Erasure._meta.db_table)
erasable(EventRemark._meta.db_table, stays=["id", "event_id", "number"], words=["salt", "text"])
